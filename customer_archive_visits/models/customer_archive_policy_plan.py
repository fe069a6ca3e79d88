from odoo import fields, models


class CustomerArchivePolicy(models.Model):
    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.archive.policy"

    plan_days = fields.Integer(
        string="Plan the Next Month (Days Before Month End)",
        default=7,
        help="So many days before the end of a month the plan of the next one is "
        "prepared for each salesperson, who is reminded to submit it (S1-28).",
    )

    _plan_days_range = models.Constraint(
        "CHECK(plan_days BETWEEN 0 AND 27)",
        "The next month is planned within the month before.",
    )
