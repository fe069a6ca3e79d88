from odoo import fields, models
from odoo.exceptions import UserError


class CustomerApprovalRefuse(models.TransientModel):
    """Asks why requests are refused, or for a comment to their approval."""

    _name = "customer.approval.refuse"
    _description = "Refusal"

    approval_ids = fields.Many2many("customer.approval", required=True)
    reason = fields.Text()

    def action_confirm(self):
        """Refuse with the reason.

        :raises UserError: without a reason
        """
        self.ensure_one()
        if not (self.reason or "").strip():
            raise UserError(self.env._("Give the reason for the refusal."))
        self.approval_ids._decide("refused", self.reason.strip())

    def action_approve(self):
        """Approve; a comment is welcome, none is asked for."""
        self.ensure_one()
        self.approval_ids._decide("approved", (self.reason or "").strip())
