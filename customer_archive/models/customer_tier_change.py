from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CustomerTierChange(models.Model):
    """A request that one customer has another tier, between runs (S0-29)."""

    _name = "customer.tier.change"
    _inherit = [
        "customer.dossier.item",
        "customer.archive.activity",
        "customer.approval.mixin",
    ]
    _description = "Request for Another Tier"
    _order = "id desc"
    _history = False

    old_tier_id = fields.Many2one(
        "customer.tier",
        string="Tier Until Now",
        readonly=True,
        ondelete="restrict",
        compute="_compute_old_tier_id",
        store=True,
        precompute=True,
    )
    tier_id = fields.Many2one(
        "customer.tier",
        string="Tier Asked For",
        ondelete="restrict",
        help="Empty: the tier by evaluation is to hold again.",
    )
    date_end = fields.Date(
        string="Holds Until", help="Last day the tier is fixed; empty: until changed."
    )
    reason = fields.Text(required=True)
    state = fields.Selection(
        [
            ("review", "Waiting for Approval"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("cancelled", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="review",
    )
    answer = fields.Text(string="Refused Because", readonly=True)

    _asked_once = models.UniqueIndex(
        "(dossier_id) WHERE state = 'review'",
        "Another tier of this customer waits for approval already.",
    )

    @api.depends("dossier_id")
    def _compute_old_tier_id(self):
        for change in self:
            if not change.old_tier_id:
                change.old_tier_id = change.dossier_id.tier_id

    @api.constrains("tier_id", "dossier_id", "date_end")
    def _check_change(self):
        for change in self:
            dossier = change.dossier_id
            if not change.tier_id and not dossier.manual_tier_id:
                raise ValidationError(
                    self.env._(
                        "The tier of %(dossier)s is not fixed; say which one you ask "
                        "for.",
                        dossier=dossier.display_name,
                    )
                )
            if change.tier_id == dossier.tier_id and not dossier.manual_tier_id:
                raise ValidationError(
                    self.env._(
                        "%(dossier)s has this tier already.",
                        dossier=dossier.display_name,
                    )
                )
            if change.date_end and change.date_end < fields.Date.context_today(self):
                raise ValidationError(self.env._("The last day has passed already."))

    def _get_item_name(self):
        return f"{self.dossier_id.display_name} → {self.tier_id.code or '–'}"

    # ------------------------------------------------------------------
    # On its way
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create, and send on the way at once."""
        if not self.env.su:
            own = {"state": "review", "answer": False, "old_tier_id": False}
            vals_list = [{**vals, **own} for vals in vals_list]
        # an earlier request that has just ended must not be in the way
        self.flush_model(["state"])
        changes = super().create(vals_list)
        changes.filtered(lambda change: change.state == "review")._request_approval()
        return changes

    def write(self, vals):
        """
        :raises UserError: what was asked for is not changed while others decide
        """
        if not self.env.su:
            raise UserError(self.env._("Withdraw the request and ask anew."))
        return super().write(vals)

    def action_withdraw(self):
        """Take the request back."""
        self.check_access("write")
        waiting = self.filtered(lambda change: change.state == "review")
        # sudo: withdraws a request on a dossier the user may write
        waiting.approval_id.sudo()._cancel()
        waiting.sudo().write({"state": "cancelled"})

    def _prepare_approval_vals(self):
        return {"dossier_id": self.dossier_id.id, "team_id": self.dossier_id.team_id.id}

    def _get_approval_company(self):
        return self.company_id

    def _on_decided(self, state, comment):
        """Fix the tier as asked, or let it hold again what the evaluation says."""
        # sudo: whoever decided last was asked for his right by the approval
        change = self.sudo()
        change.write(
            {"state": state, "answer": comment if state == "refused" else False}
        )
        if state != "approved":
            return
        is_fixed = bool(change.tier_id)
        change.dossier_id.write(
            {
                "manual_tier_id": change.tier_id.id,
                "manual_tier_end": is_fixed and change.date_end,
                "manual_tier_reason": is_fixed and change.reason,
            }
        )
        # the history names who decided
        change.dossier_id._refresh_tiers("request", change.reason)

    def _move_to_dossier(self, dossier):
        """Stay with the merged customer; what still waited is pointless now."""
        waiting = self.filtered(lambda change: change.state == "review")
        # sudo: the merge asked for the right on both dossiers
        waiting.approval_id.sudo()._cancel()
        waiting.sudo().write({"state": "cancelled"})
