from odoo import fields, models


class CustomerVisitReason(models.TransientModel):
    """Asks as well why a customer of a month plan isn't visited."""

    _inherit = "customer.visit.reason"

    res_model = fields.Selection(
        selection_add=[("customer.visit.plan.line", "Line of a Month Plan")],
        ondelete={"customer.visit.plan.line": "cascade"},
    )
