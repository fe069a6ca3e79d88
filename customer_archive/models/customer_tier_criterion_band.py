from odoo import fields, models


class CustomerTierCriterionBand(models.Model):
    """One line of a criterion's table: from this value on, so many points."""

    _name = "customer.tier.criterion.band"
    _description = "Band of an Evaluation Criterion"
    _order = "from_value, id"

    criterion_id = fields.Many2one(
        "customer.tier.criterion", required=True, index=True, ondelete="cascade"
    )
    from_value = fields.Float(
        string="From", help="The band begins here and ends where the next one begins."
    )
    points = fields.Float(help="Of 100.")

    _from_uniq = models.Constraint(
        "UNIQUE(criterion_id, from_value)", "Two bands begin at the same value."
    )
    _points_range = models.Constraint(
        "CHECK(points BETWEEN 0 AND 100)", "Points lie between 0 and 100."
    )
