from datetime import datetime, time, timedelta

from pytz import UTC, timezone

from odoo import fields, models

# When visits of a plan begin, until an appointment says otherwise.
MORNING = time(9)


class CustomerVisitPlanLine(models.Model):
    """Lines as the superior looks at them, and the visits they become."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.visit.plan.line"

    def _filter_given_up(self):
        return self.filtered(lambda line: line.state in ("dropped", "refused"))

    def _group_by_week(self):
        """Those that may become visits, by the Monday of their week.

        :return: list of (Monday, lines by town and date)
        """
        kept = (self - self._filter_given_up()).sorted(
            lambda line: (line.city or "", line.date, line.sequence, line.id)
        )
        weeks = kept.grouped(
            lambda line: line.date - timedelta(days=line.date.weekday())
        )
        return sorted(weeks.items())

    def _make_visits(self):
        # sudo: visits of the plan's person, which the superior has just approved
        visits = self.env["customer.visit"].sudo()
        # known at once, or each new visit looks up whether its persons are active
        self.person_id.fetch(["active", "dossier_id"])
        made = visits.create([line._prepare_visit_vals() for line in self])
        for line, visit in zip(self, made, strict=True):
            line.visit_id = visit

    def _prepare_visit_vals(self):
        user = self.user_id
        tz = timezone(user.tz or self.company_id.resource_calendar_id.tz or "UTC")
        # a plan approved late begins today
        day = max(self.date, fields.Date.context_today(self.with_context(tz=tz.zone)))
        start = tz.localize(datetime.combine(day, MORNING)).astimezone(UTC)
        vals = {
            "dossier_id": self.dossier_id.id,
            "user_id": user.id,
            "date_start": start.replace(tzinfo=None),
            "city": self.city,
            "purpose": self.purpose,
            "objective_text": self.objective_text,
            "objective_code": self.objective_code,
        }
        if self.person_id:
            vals["person_ids"] = self.person_id.ids
        return vals
