from odoo import fields, models


class CustomerArchivePolicy(models.Model):
    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.archive.policy"

    report_days = fields.Integer(
        string="Report Visits Within (Days)",
        default=1,
        help="A visit is reported at once (S1-33): within a day.",
    )
    report_escalation_days = fields.Integer(
        string="Tell the Superior After (Days)",
        default=3,
        help="Days after which the superior hears of a report that is missing.",
    )
    revisit_days = fields.Integer(
        string="Visit Again After (Days)",
        default=14,
        help="The date proposed after the result C, visit again (S1-45).",
    )
    observe_days = fields.Integer(
        string="Observe for (Days)",
        default=30,
        help="The date proposed after the result E, keep observing (S1-45).",
    )
    visit_expense_limit = fields.Float(
        string="Visit Expenses Free up to",
        help="Estimated expenses above it, in the company's currency, are approved "
        "before the visit (S1-30).",
    )

    _visit_days_positive = models.Constraint(
        "CHECK(report_days >= 0 AND report_escalation_days >= 0"
        " AND revisit_days > 0 AND observe_days > 0 AND visit_expense_limit >= 0)",
        "Deadlines and limits of visits are not negative.",
    )
