from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .customer_visit import OPEN_STATES

OUTCOMES = [
    ("reported", "Reported"),
    ("made", "Made, Not Reported"),
    ("missed", "Not Made"),
    ("open", "Still to Come"),
]


class CustomerVisit(models.Model):
    """Plan against fact: what the month plans had foreseen, and what came of it."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.visit"

    plan_line_ids = fields.One2many(
        "customer.visit.plan.line", "visit_id", "In the Month Plan", readonly=True
    )
    plan_kind = fields.Selection(
        [("plan", "In the Month Plan"), ("extra", "Unplanned")],
        string="Planned",
        compute="_compute_plan",
        store=True,
    )
    plan_month = fields.Date(
        string="Month of the Plan",
        compute="_compute_plan",
        store=True,
        help="Of the plan it stood in first, else the month of the visit.",
    )
    outcome = fields.Selection(
        OUTCOMES,
        string="Came of It",
        compute="_compute_outcome",
        search="_search_outcome",
    )

    _plan_month_idx = models.Index("(user_id, plan_month)")

    @api.depends("plan_line_ids.state", "plan_line_ids.plan_id.month", "date_start")
    def _compute_plan(self):
        for visit in self:
            lines = visit.plan_line_ids.filtered(lambda line: line.state == "approved")
            visit.plan_kind = "plan" if lines else "extra"
            if lines:
                visit.plan_month = min(lines.mapped("month"))
            else:
                day = visit.date_start and visit._get_day()
                visit.plan_month = day and day + relativedelta(day=1)

    @api.model
    def _check_given(self, vals):
        if not {"plan_line_ids", "plan_kind", "plan_month"}.isdisjoint(vals):
            raise UserError(self.env._("The month plan keeps this itself."))
        return super()._check_given(vals)

    # ------------------------------------------------------------------
    # What came of it
    # ------------------------------------------------------------------

    @api.model
    def _get_this_month(self):
        return fields.Date.context_today(self) + relativedelta(day=1)

    @api.depends("state", "plan_month")
    def _compute_outcome(self):
        codes = {"reported": "reported", "done": "made", "cancelled": "missed"}
        month = self._get_this_month()
        for visit in self:
            is_over = bool(visit.plan_month) and visit.plan_month < month
            code = "missed" if is_over else "open"
            visit.outcome = codes.get(visit.state, code)

    def _search_outcome(self, operator, value):
        if operator != "in":
            return NotImplemented
        is_over = Domain("plan_month", "<", self._get_this_month())
        is_open = Domain("state", "in", OPEN_STATES)
        domains = {
            "reported": Domain("state", "=", "reported"),
            "made": Domain("state", "=", "done"),
            "missed": Domain("state", "=", "cancelled") | (is_open & is_over),
            "open": is_open & ~is_over,
        }
        return Domain.OR(domains[code] for code in value if code in domains)

    def _read_group_groupby(self, alias, groupby_spec, query):
        """Group by what follows from the state and the clock of the reader."""
        if groupby_spec != "outcome":
            return super()._read_group_groupby(alias, groupby_spec, query)
        return SQL(
            """CASE WHEN %(state)s = 'reported' THEN 'reported'
                    WHEN %(state)s = 'done' THEN 'made'
                    WHEN %(state)s = 'cancelled' OR %(month)s < %(today)s THEN 'missed'
                    ELSE 'open' END""",
            state=self._field_to_sql(alias, "state", query),
            month=self._field_to_sql(alias, "plan_month", query),
            today=self._get_this_month(),
        )
