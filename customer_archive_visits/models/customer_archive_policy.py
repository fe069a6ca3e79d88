from odoo import fields, models


class CustomerArchivePolicy(models.Model):
    """The company's numbers for calls, visits, plans and reports."""

    _inherit = "customer.archive.policy"

    # Rhythm
    cadence_ids = fields.One2many(
        "customer.cadence",
        string="Rhythm of Calls and Visits",
        compute="_compute_tables",
        readonly=False,
        help="How often the customers of a tier are called and visited, and the rank "
        "of the person at least (S0-19, S0-21, S0-22). Due dates follow at once.",
    )
    rhythm_spread = fields.Integer(
        string="Spread First Contacts Over",
        default=100,
        help="Customers who come under a rhythm on one day (S0-19) are contacted for "
        "the first time within this last part of the interval, evenly, so that they "
        "don't all fall due on one day. 0: all on the last day.",
    )
    escalation_days = fields.Integer(
        string="Overdue Contacts: Tell the Superior After",
        default=3,
        help="Calls and visits (S0-19) that stay overdue for so long are put on the "
        "desk of the superior.",
    )
    coverage_days = fields.Integer(
        string="Coverage: Due Within",
        default=7,
        help="Calls and visits (S0-19) that are due within so many days are counted "
        "as due on the managers' page of coverage; later ones as on time.",
    )

    # Plans
    plan_days = fields.Integer(
        string="Plan the Next Month Ahead By",
        default=7,
        help="So many days before the end of a month the plan of the next one is "
        "prepared for each salesperson, who is reminded to submit it (S1-28).",
    )
    account_plan_days = fields.Integer(
        string="Account Plans Approved Within",
        default=31,
        help="So many days after New Year, or after its dossier was opened, a customer "
        "whose tier asks for it has a plan of the year that is approved (S1-23, S1-24);"
        " then its account owner is reminded. 0: nobody is.",
    )
    visit_expense_limit = fields.Float(
        string="Visit Expenses Free Up To",
        help="Estimated expenses above it, in the company's currency, are approved "
        "before the visit (S1-30).",
    )

    # Reports
    report_days = fields.Integer(
        string="Report Visits Within",
        default=1,
        help="A visit is reported at once (S1-33): within a day.",
    )
    report_escalation_days = fields.Integer(
        string="Missing Reports: Tell the Superior After",
        default=3,
        help="So many days late the superior hears of a report that is missing "
        "(S1-33).",
    )
    revisit_days = fields.Integer(
        string="Visit Again After",
        default=14,
        help="The date proposed after the result C, visit again (S1-45).",
    )
    observe_days = fields.Integer(
        string="Observe For",
        default=30,
        help="The date proposed after the result E, keep observing (S1-45).",
    )
    market_report_reminder = fields.Boolean(
        string="Ask for Market Reports",
        default=True,
        help="Each salesperson is asked for a report on the market on the first Monday "
        "of each month (S1-13).",
    )

    _rhythm_range = models.Constraint(
        "CHECK(rhythm_spread BETWEEN 0 AND 100 AND escalation_days >= 0"
        " AND coverage_days >= 0)",
        "The spread lies between 0 and 100 percent, and a delay is not negative.",
    )
    _plan_days_range = models.Constraint(
        "CHECK(plan_days BETWEEN 0 AND 27)",
        "The next month is planned within the month before.",
    )
    _account_plan_days_range = models.Constraint(
        "CHECK(account_plan_days BETWEEN 0 AND 366)",
        "The plan of a year is approved within the year.",
    )
    _visit_days_positive = models.Constraint(
        "CHECK(report_days >= 0 AND report_escalation_days >= 0"
        " AND revisit_days > 0 AND observe_days > 0 AND visit_expense_limit >= 0)",
        "Deadlines and limits of visits are not negative.",
    )

    def write(self, vals):
        if "rhythm_spread" in vals:
            self.env["customer.follow.up"]._sweep_soon()
        return super().write(vals)
