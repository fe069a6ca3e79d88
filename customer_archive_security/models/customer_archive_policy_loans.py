from odoo import api, fields, models
from odoo.tools import format_datetime

from odoo.addons.base.models.res_partner import _tz_get


class CustomerArchivePolicy(models.Model):
    """What holds for loans of all dossiers; tiers and secrecy grades may say more."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.archive.policy"

    loan_days = fields.Integer(
        string="Longest Loan of Any Dossier",
        default=30,
        help="Working days by the company's working hours and holidays, the first one "
        "included. Tiers and grades of secrecy allow less: 1 there means back the same "
        "day (S4-22, S4-23). 0: as long as is asked for.",
    )
    loan_closing_hour = fields.Float(
        string="Close of Work",
        default=18.0,
        help="Loans end at this hour of their last day (S4-22, S4-23).",
    )
    loan_timezone = fields.Selection(
        _tz_get,
        string="Time Zone of Loans",
        required=True,
        default=lambda self: self._get_default_timezone(),
        help="The clock by which work closes (S4-22, S4-23); who borrows can't choose "
        "it.",
    )

    _loan_hours_in_a_day = models.Constraint(
        "CHECK(loan_closing_hour BETWEEN 0 AND 24 AND loan_days >= 0)",
        "Work closes at an hour of the day, and a loan can't last less than no day.",
    )

    @api.model
    def _get_default_timezone(self):
        return self.env.company.partner_id.tz or "Asia/Shanghai"

    def _format_moment(self, moment):
        """``moment`` as it is read off the company's clock."""
        return format_datetime(self.env, moment, tz=self.loan_timezone)
