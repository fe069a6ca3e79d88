from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerHandoverSuccessor(models.Model):
    """Who takes over the customers of one tier."""

    _name = "customer.handover.successor"
    _description = "Successor for a Tier"
    _order = "id"

    handover_id = fields.Many2one(
        "customer.handover", required=True, index=True, ondelete="cascade"
    )
    tier_id = fields.Many2one("customer.tier", required=True, ondelete="restrict")
    user_id = fields.Many2one(
        "res.users",
        string="Successor",
        required=True,
        domain=[("share", "=", False)],
    )

    _tier_once = models.UniqueIndex(
        "(handover_id, tier_id)", "Each tier has one successor."
    )

    @api.constrains("user_id", "handover_id")
    def _check_user(self):
        for row in self:
            if row.user_id == row.handover_id.user_id:
                raise ValidationError(
                    self.env._("Nobody takes over from himself. Choose somebody else.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._check_draft()
        return rows

    def write(self, vals):
        self._check_draft()
        result = super().write(vals)
        self._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        self._check_draft()

    def _check_draft(self):
        """
        :raises UserError: where the handover is signed, or waits for signatures
        """
        if not self.env.su:
            self.handover_id._check_state("draft")
