from odoo import fields, models


class CustomerCreditGrade(models.Model):
    """Credit grade a company gives its customers (当前信用等级, S0-15)."""

    _name = "customer.credit.grade"
    _description = "Credit Grade"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="The best grade comes first.")
    points = fields.Integer(
        aggregator=None,
        help="What the grade counts in the evaluation of a customer, up to 100.",
    )
    credit_limit = fields.Float(
        digits=(16, 2),
        aggregator=None,
        help="What customers of the grade are given, in the company's currency (S4-5).",
    )
    description = fields.Text(translate=True)
    active = fields.Boolean(default=True)

    _name_uniq = models.Constraint("UNIQUE(name)", "There is a grade of this name.")
    _points_range = models.Constraint(
        "CHECK(points BETWEEN 0 AND 100)", "Points lie between 0 and 100."
    )
