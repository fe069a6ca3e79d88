from odoo import fields, models


class CustomerApprovalDecision(models.Model):
    """What one person decided on one step of a request, and when."""

    _name = "customer.approval.decision"
    _description = "Approval Decision"
    _order = "id"

    approval_id = fields.Many2one(
        "customer.approval", required=True, index=True, ondelete="cascade"
    )
    step_id = fields.Many2one("customer.approval.step", ondelete="set null")
    step_name = fields.Char(required=True, help="As the step was called then.")
    user_id = fields.Many2one("res.users", "Decided By", required=True, index=True)
    on_behalf_id = fields.Many2one("res.users", "On Behalf Of")
    date = fields.Datetime(
        string="Decided On", required=True, default=fields.Datetime.now
    )
    decision = fields.Selection(
        [("approved", "Approved"), ("refused", "Refused")], required=True
    )
    comment = fields.Text()

    # A step counts once, however many people press the button at the same moment.
    _step_once = models.UniqueIndex(
        "(approval_id, step_id) WHERE step_id IS NOT NULL",
        "Somebody has decided this step already.",
    )
