from odoo import api, fields, models
from odoo.tools import SQL

from .customer_visit import OPEN_STATES


class CustomerVisit(models.Model):
    """The order of the pipeline: what comes next first, what was last first."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.visit"

    nearness = fields.Float(
        string="Nearest First", compute="_compute_nearness", aggregator=None
    )

    @api.depends("state", "date_start")
    def _compute_nearness(self):
        for visit in self:
            moment = visit.date_start and visit.date_start.timestamp()
            visit.nearness = moment if visit.state in OPEN_STATES else -moment

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Visits to make by their date, those made or cancelled the other way round."""
        if field_name != "nearness":
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        return SQL(
            """
            EXTRACT(epoch FROM %(date)s)
            * CASE WHEN %(state)s IN %(open)s THEN 1 ELSE -1 END %(direction)s %(nulls)s
            """,
            date=self._field_to_sql(alias, "date_start", query),
            state=self._field_to_sql(alias, "state", query),
            open=OPEN_STATES,
            direction=direction,
            nulls=nulls,
        )
