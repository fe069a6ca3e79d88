from collections import defaultdict
from functools import partial
from itertools import count

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from .customer_visit import OPEN_STATES
from .customer_visit_plan_line import DUE_FIELDS

# What is overdue is caught up with in the first days of the month.
CATCH_UP_DAYS = 5


class CustomerVisitPlan(models.Model):
    """Fills plans with what falls due in their months, all of them in one batch."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.visit.plan"

    def _fill(self):
        """Propose each customer that is due and has no line yet."""
        due = self._get_due()
        follow_ups = self.env["customer.follow.up"].union(*due.values())
        dossiers = follow_ups.dossier_id
        # sudo: which customers have a line, whoever may read the plan's others
        lines = self.sudo()._get_lines()
        planned = {(line.plan_id.id, line.dossier_id.id) for line in lines}
        appointments = self._get_appointments(dossiers)
        objectives = self._get_objectives(dossiers)
        workdays = self._get_workdays()
        vals_list = []
        for plan in self:
            wanted = due[plan].filtered(
                lambda f, plan=plan: (plan.id, f.dossier_id.id) not in planned
            )
            vals_list += plan._prepare_lines(
                wanted, workdays[plan], appointments, objectives
            )
        # sudo: the facts of a line are written by the archive alone; the dossiers were
        # found under the rights of who makes the plan
        self.env["customer.visit.plan.line"].sudo().create(vals_list)

    def _get_due(self):
        """What the salesperson has to visit until the end of the month.

        :return: {plan: follow-ups}
        """
        if not self:
            return {}
        follow_ups = self.env["customer.follow.up"].search(
            [
                ("channel", "=", "visit"),
                ("user_id", "in", self.user_id.ids),
                ("dossier_id.company_id", "in", self.company_id.ids),
                ("action_date", "<=", max(p._get_last_day() for p in self)),
            ],
            order="action_date, id",
        )
        by_person = follow_ups.grouped(lambda f: (f.user_id, f.company_id))
        return {
            plan: by_person.get(
                (plan.user_id, plan.company_id), follow_ups.browse()
            ).filtered(lambda f, plan=plan: f.action_date <= plan._get_last_day())
            for plan in self
        }

    def _get_left_out(self):
        """What is due and has no line that may become a visit.

        Not who has an appointment before the month, if that will do until its end.

        :return: {plan: follow-ups}
        """
        kept = self._get_lines("proposed", "approved")
        planned = {(line.plan_id.id, line.dossier_id.id) for line in kept}
        due = self._get_due()
        dossiers = self.env["customer.follow.up"].union(*due.values()).dossier_id
        appointments = self._get_appointments(dossiers)
        workdays = self._get_workdays()

        def is_left_out(plan, follow_up):
            dossier = follow_up.dossier_id
            visits = appointments.get((plan.user_id, dossier), ())
            return (plan.id, dossier.id) not in planned and plan._get_dates(
                follow_up, visits, workdays[plan], {}
            )

        return {
            plan: follow_ups.filtered(partial(is_left_out, plan))
            for plan, follow_ups in due.items()
        }

    # ------------------------------------------------------------------
    # What is known
    # ------------------------------------------------------------------

    def _get_appointments(self, dossiers):
        """Visits that stand in the calendar already, oldest first.

        :return: {(user, dossier): visits}
        """
        visits = self.env["customer.visit"].search(
            [
                ("dossier_id", "in", dossiers.ids),
                ("user_id", "in", self.user_id.ids),
                ("state", "in", OPEN_STATES),
                ("date_start", ">=", fields.Datetime.now()),
            ],
            order="date_start, id",
        )
        return visits.grouped(lambda visit: (visit.user_id, visit.dossier_id))

    @api.model
    def _get_objectives(self, dossiers):
        """The next step that was agreed in the last contact, by dossier."""
        interactions = self.env["customer.interaction"]
        groups = interactions._read_group(
            [("dossier_id", "in", dossiers.ids), ("is_reached", "=", True)],
            ["dossier_id"],
            ["id:max"],
        )
        last = interactions.browse(id_ for _dossier, id_ in groups)
        return {i.dossier_id: i.next_step for i in last if i.next_step}

    def _get_workdays(self):
        """Working days of the months that are still to come, by plan."""
        workdays = {}
        for company, plans in self.grouped("company_id").items():
            today = self.env["customer.follow.up"]._get_today(company)
            dates = self.env["resource.calendar"]._get_workdays(
                company, plans.user_id, today
            )
            for plan in plans:
                of_user = dates.get(plan.user_id.id, dates[False])
                last_day = plan._get_last_day()
                days = [day for day in of_user if plan.month <= day <= last_day]
                to_come = [day for day in days if day >= today]
                workdays[plan] = to_come or days or [plan.month]
        return workdays

    # ------------------------------------------------------------------
    # What is proposed
    # ------------------------------------------------------------------

    def _prepare_lines(self, follow_ups, workdays, appointments, objectives):
        """Values of the lines, in the order of the month; by town within a week."""
        catching_up = self._get_catch_up_days(follow_ups, workdays)
        rows = defaultdict(list)
        for follow_up in follow_ups:
            dossier = follow_up.dossier_id
            visits = appointments.get((self.user_id, dossier), ())
            for date, visit in self._get_dates(
                follow_up, visits, workdays, catching_up
            ):
                city = follow_up.partner_city or ""
                key = (*date.isocalendar()[:2], city, date)
                rows[key].append((follow_up, date, visit))
        sequence = count(1)
        return [
            {
                "plan_id": self.id,
                "dossier_id": follow_up.dossier_id.id,
                "sequence": next(sequence),
                "date": date,
                "city": follow_up.partner_city,
                "person_id": follow_up.person_id.id,
                "objective_text": objectives.get(follow_up.dossier_id),
                "objective_code": follow_up.dossier_id not in objectives and "rhythm",
                "visit_id": visit and visit.id,
                **{name: follow_up[name] for name in DUE_FIELDS},
            }
            for key in sorted(rows)
            for follow_up, date, visit in rows[key]
        ]

    def _get_catch_up_days(self, follow_ups, workdays):
        """On which of the first days which town is caught up with.

        :return: {city: date}
        """
        overdue = follow_ups.filtered(lambda f: f.action_date < workdays[0])
        cities = sorted({follow_up.partner_city or "" for follow_up in overdue})
        days = workdays[:CATCH_UP_DAYS]
        return {city: days[n % len(days)] for n, city in enumerate(cities)}

    def _get_dates(self, follow_up, visits, workdays, catching_up):
        """When to visit in this month, more than once where the rhythm is dense.

        :param visits: appointments that stand already, with which the clock starts
            anew
        :return: list of (date, visit or None)
        """
        interval = relativedelta(
            **{f"{follow_up.interval_type}s": follow_up.interval_number}
        )
        dates = []
        date = follow_up.action_date
        for visit in visits:
            day = visit._get_day()
            if day > self._get_last_day():
                break
            if day >= self.month:
                dates.append((day, visit))
            date = day + interval
        if date < workdays[0]:
            date = catching_up.get(follow_up.partner_city or "", workdays[0])
        while date <= self._get_last_day():
            day = max((d for d in workdays if d <= date), default=workdays[0])
            if day not in [known for known, _visit in dates]:
                dates.append((day, None))
            date += interval
        return dates
