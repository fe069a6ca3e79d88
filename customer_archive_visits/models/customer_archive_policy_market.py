from odoo import fields, models


class CustomerArchivePolicy(models.Model):
    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.archive.policy"

    market_report_reminder = fields.Boolean(
        string="Ask for Market Reports",
        default=True,
        help="Each salesperson is asked for a report on the market on the first Monday "
        "of each month (S1-13).",
    )
