from odoo import fields, models
from odoo.exceptions import UserError


class CustomerTierAdjust(models.TransientModel):
    """Asks which tier some customers of a run get instead, and why."""

    _name = "customer.tier.adjust"
    _description = "Change of Proposed Tiers"

    line_ids = fields.Json(required=True)
    line_count = fields.Integer(string="Customers", compute="_compute_line_count")
    tier_id = fields.Many2one("customer.tier", string="Final Tier", required=True)
    reason = fields.Char(required=True)

    def _compute_line_count(self):
        for dialog in self:
            dialog.line_count = len(dialog.line_ids or ())

    def action_confirm(self):
        """Change the lines, under their own lock."""
        self.ensure_one()
        self._get_lines().write(
            {"final_tier_id": self.tier_id.id, "change_reason": self.reason}
        )

    def _get_lines(self):
        """What the dialog was opened for; the client may have written anything.

        :raises UserError: for what are no ids
        """
        ids = self.line_ids
        if not isinstance(ids, list) or set(map(type, ids)) != {int}:
            raise UserError(self.env._("Choose the customers first."))
        return self.env["customer.tier.run.line"].browse(ids)
