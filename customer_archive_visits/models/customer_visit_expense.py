from odoo import fields, models


class CustomerVisitExpense(models.Model):
    """An expense of a visit: asked for before, spent, with its receipt (S1-30, S1-46).

    The picture of the receipt is a column of this line, so it is as open as the line.
    """

    _name = "customer.visit.expense"
    _inherit = ["customer.visit.line"]
    _description = "Expense of a Visit"

    _asked_fields = frozenset(("estimate", "visit_id"))

    name = fields.Char(string="Expense", required=True)
    currency_id = fields.Many2one(related="visit_id.currency_id")
    estimate = fields.Monetary(string="Estimated")
    amount = fields.Monetary(string="Spent")
    note = fields.Char()
    receipt = fields.Image(max_width=1920, max_height=1920)

    _amounts_positive = models.Constraint(
        "CHECK(estimate >= 0 AND amount >= 0)", "An expense is not negative."
    )
