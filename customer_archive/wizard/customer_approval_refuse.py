from odoo import fields, models
from odoo.exceptions import UserError


class CustomerApprovalRefuse(models.TransientModel):
    """Asks why requests are refused."""

    _name = "customer.approval.refuse"
    _description = "Refusal"

    approval_ids = fields.Many2many("customer.approval", required=True)
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Refuse with the reason."""
        self.ensure_one()
        if not self.reason.strip():
            raise UserError(self.env._("Give the reason for the refusal."))
        self.approval_ids._decide("refused", self.reason.strip())
