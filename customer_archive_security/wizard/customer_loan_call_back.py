from odoo import fields, models
from odoo.exceptions import UserError


class CustomerLoanCallBack(models.TransientModel):
    """Asks why loans are called back; their borrowers are told (S2-3, S3-13)."""

    _name = "customer.loan.call.back"
    _description = "Calling Back of Loans"

    loan_ids = fields.Many2many("customer.loan", required=True)
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Call them back.

        :raises UserError: without a reason
        """
        self.ensure_one()
        if not (self.reason or "").strip():
            raise UserError(self.env._("State why the loan is called back."))
        self.loan_ids._call_back(self.reason.strip())
