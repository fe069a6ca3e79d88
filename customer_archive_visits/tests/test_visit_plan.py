from datetime import date

from freezegun import freeze_time
from lxml import etree
from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .rhythm_common import MONDAY, RhythmCommon

APRIL = date(2026, 4, 1)
LAST_OF_APRIL = date(2026, 4, 30)


class PlanCommon(RhythmCommon):
    """A salesperson with customers whose first visits fall due all over the spring."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "manager")
        cls.team.member_ids = cls.seller | cls.colleague
        frozen = freeze_time(cls._at(MONDAY))
        frozen.start()
        cls.addClassCleanup(frozen.stop)
        cls.dossiers = cls._file("AAABBCCC")
        towns = ("Eastport", "Westport")
        for number, dossier in enumerate(cls.dossiers):
            dossier.partner_id.city = towns[number % 2]
            cls._add_person(dossier, "executive")
        cls.follow_ups = cls.env["customer.follow.up"].search(
            [("dossier_id", "in", cls.dossiers.ids), ("channel", "=", "visit")]
        )

    @classmethod
    def _set_due(cls, *days):
        """Have the first customers fall due on these days, the others in autumn."""
        for follow_up, day in zip(
            cls.follow_ups,
            [*days, *[date(2026, 10, 1)] * (len(cls.follow_ups) - len(days))],
            strict=True,
        ):
            follow_up.write({"due_date": day, "action_date": day})
        return cls.follow_ups[: len(days)].dossier_id

    @classmethod
    def _new_plan(cls, user=None, **values):
        user = user or cls.seller
        plans = cls.env["customer.visit.plan"].with_user(user)
        return plans.create({"month": APRIL, **values})

    def _lines(self, plan, *states):
        return plan.sudo()._get_lines(*states)

    def _submit(self, plan):
        plan.action_submit()
        return plan.with_user(self.boss)

    def _drop(self, lines, reason):
        action = lines.action_give_up()
        dialog = self.env["customer.visit.reason"].with_user(lines.env.user)
        dialog = dialog.with_context(**action["context"]).create({"reason": reason})
        dialog.action_confirm()


@tagged("post_install", "-at_install", "customer_visit_plan")
class TestVisitPlan(PlanCommon):
    # Filling ------------------------------------------------------------------

    def test_plan_fills_itself_with_what_falls_due(self):
        # S1-28
        overdue, first, last, later = self._set_due(
            date(2026, 3, 20), APRIL, LAST_OF_APRIL, date(2026, 5, 1)
        )
        plan = self._new_plan()
        lines = self._lines(plan)
        self.assertEqual(lines.dossier_id, overdue | first | last)
        self.assertNotIn(later, lines.dossier_id)
        dates = {line.dossier_id: line.date for line in lines}
        self.assertEqual(dates[first], APRIL)
        self.assertEqual(dates[last], LAST_OF_APRIL)
        self.assertLessEqual(dates[overdue], date(2026, 4, 7))
        for line in lines:
            self.assertEqual(line.person_id, line.dossier_id.person_ids)
            self.assertEqual(line.city, line.dossier_id.partner_id.city)
            self.assertTrue(line.reason)
            self.assertEqual(line.state, "proposed")

    def test_lines_follow_weeks_and_towns(self):
        self._set_due(*[date(2026, 4, day) for day in (13, 14, 15, 16, 6)])
        lines = self._lines(self._new_plan()).sorted("sequence")
        keys = [(line.date.isocalendar()[1], line.city, line.date) for line in lines]
        self.assertEqual(keys, sorted(keys))
        self.assertEqual(len({key[:2] for key in keys}), 3)

    def test_towns_are_caught_up_with_one_a_day(self):
        self._set_due(*[date(2026, 3, 5)] * 4)
        lines = self._lines(self._new_plan())
        days = {line.city: line.date for line in lines}
        self.assertEqual({(line.city, line.date) for line in lines}, set(days.items()))
        self.assertEqual(set(days.values()), {APRIL, date(2026, 4, 2)})

    def test_dense_rhythm_is_visited_more_than_once(self):
        # S1-31
        (dossier,) = self._set_due(date(2026, 4, 6))
        self.follow_ups[0].write({"interval_number": 1, "interval_type": "week"})
        lines = self._lines(self._new_plan())
        self.assertEqual(lines.dossier_id, dossier)
        self.assertEqual(
            lines.mapped("date"), [date(2026, 4, day) for day in (6, 13, 20, 27)]
        )

    def test_what_is_arranged_already_is_not_arranged_twice(self):
        arranged, soon = self._set_due(date(2026, 4, 20), date(2026, 4, 21))
        visits = self.env["customer.visit"].with_user(self.seller)
        visit, _before = visits.create(
            [
                {
                    "dossier_id": arranged.id,
                    "date_start": "2026-04-08 08:00:00",
                    "objective": "Arranged",
                },
                {
                    "dossier_id": soon.id,
                    "date_start": "2026-03-30 08:00:00",
                    "objective": "Just before",
                },
            ]
        )
        plan = self._new_plan()
        line = self._lines(plan)
        self.assertEqual(line.visit_id, visit.sudo())
        self.assertEqual(line.date, date(2026, 4, 8))
        self._submit(plan).action_approve()
        self.assertEqual(len(arranged.visit_ids), 1)
        self.assertEqual(visit.plan_kind, "plan")

    def test_objective_is_what_was_agreed_last(self):
        (dossier,) = self._set_due(date(2026, 4, 20))
        self._log(dossier, "call", next_step="Show the new lathe")
        self._set_due(date(2026, 4, 20))
        self.assertEqual(self._lines(self._new_plan()).objective, "Show the new lathe")

    def test_what_is_proposed_is_read_in_the_readers_language(self):
        # S1-28, S1-29
        self.env["res.lang"]._activate_lang("zh_CN")
        self._set_due(date(2026, 4, 6))
        plan = self._new_plan()
        line = self._lines(plan)

        def read(record, lang):
            return record.with_context(lang=lang).objective

        shown = {lang: read(line, lang) for lang in ("en_US", "zh_CN")}
        self.assertEqual(shown["en_US"], "Visit by the rhythm")
        self.assertNotEqual(*shown.values())
        self._submit(plan).with_context(lang="zh_CN").action_approve()
        visit = line.visit_id
        for lang, words in shown.items():
            self.assertEqual(read(visit, lang), words)
            visits = visit.with_context(lang=lang)
            mine = ("id", "=", visit.id)
            self.assertTrue(visits.search([mine, ("objective", "ilike", words)]))
            self.assertTrue(visits.search([mine, ("objective", "=", words)]))
            self.assertFalse(visits.search([mine, ("objective", "ilike", "lathe")]))
        # words of somebody's own are nobody's to translate
        visit.with_context(lang="zh_CN").objective = "Show the lathe"
        self.assertEqual(read(visit, "en_US"), "Show the lathe")
        self.assertFalse(visit.objective_code)
        visit.with_context(lang="zh_CN").objective = shown["zh_CN"]
        self.assertEqual(read(visit, "en_US"), shown["en_US"])

    def test_filling_again_adds_what_is_new_only(self):
        dossiers = self._set_due(date(2026, 4, 20))
        plan = self._new_plan()
        self._drop(self._lines(plan).with_user(self.seller), "on holiday")
        dossiers |= self._set_due(date(2026, 4, 20), date(2026, 4, 21))
        plan.action_fill()
        lines = self._lines(plan)
        self.assertEqual(lines.dossier_id, dossiers)
        self.assertEqual(sorted(lines.mapped("state")), ["dropped", "proposed"])

    def test_filling_takes_as_many_queries_for_many(self):
        self._set_due(date(2026, 4, 20))
        # the first times warm the caches
        one = [self._count_queries() for _time in range(3)][-1]
        self._set_due(*[date(2026, 4, 6 + n) for n in range(8)])
        self.assertEqual(self._count_queries(), one)

    def _count_queries(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        plan = self._new_plan()
        self.env.flush_all()
        count = self.env.cr.sql_log_count - before
        self.assertTrue(self._lines(plan))
        plan.unlink()
        return count

    # On its way -----------------------------------------------------------------

    def test_salesperson_adds_drops_and_reorders(self):
        # S1-28
        due = self._set_due(date(2026, 4, 20), date(2026, 4, 21))
        plan = self._new_plan()
        lines = self._lines(plan).with_user(self.seller)
        added = lines.create(
            {
                "plan_id": plan.id,
                "dossier_id": self.dossiers[5].id,
                "objective": "Win them back",
                "date": APRIL,
                "state": "approved",
            }
        )
        self.assertEqual(added.state, "proposed")
        self.assertEqual(added.due_date, date(2026, 10, 1))
        added.write({"sequence": 0, "date": date(2026, 4, 9)})
        lines[0].write({"sequence": 7, "objective": "Talk of prices"})
        with self.assertRaises(UserError):
            self._drop(lines[1], " ")
        self._drop(lines[1], "closed for repairs")
        self.assertEqual(lines[1].state, "dropped")
        self.assertEqual(lines[1].drop_reason, "closed for repairs")
        self.assertEqual(plan.line_count, 2)
        self.assertEqual(
            plan._get_left_out()[plan].dossier_id, due[1].with_user(self.seller)
        )
        lines[1].action_take_back()
        self.assertEqual(lines[1].state, "proposed")
        self.assertFalse(lines[1].drop_reason)

    def test_dates_lie_in_the_month(self):
        self._set_due(date(2026, 4, 20))
        line = self._lines(self._new_plan()).with_user(self.seller)
        with self.assertRaises(ValidationError):
            line.date = date(2026, 5, 1)

    def test_person_is_of_the_same_dossier(self):
        self._set_due(date(2026, 4, 20))
        line = self._lines(self._new_plan()).with_user(self.seller)
        with self.assertRaises(UserError):
            line.person_id = self.dossiers[3].person_ids

    def test_nobody_writes_what_others_decide(self):
        self._set_due(date(2026, 4, 20))
        plan = self._new_plan()
        line = self._lines(plan).with_user(self.seller)
        for values in ({"state": "approved"}, {"visit_id": False}, {"due_date": APRIL}):
            with self.assertRaises(UserError):
                line.write(values)
        for values in ({"state": "approved"}, {"month": date(2026, 5, 1)}):
            with self.assertRaises(UserError):
                plan.write(values)
        with self.assertRaises(UserError):
            line.action_approve()
        plan.action_submit()
        for values in ({"date": date(2026, 4, 9)}, {"objective": "Other"}):
            with self.assertRaises(UserError):
                line.write(values)
        with self.assertRaises(UserError):
            line.action_give_up()
        with self.assertRaises(UserError):
            plan.action_approve()

    def test_empty_plan_is_not_submitted(self):
        self._set_due()
        with self.assertRaises(UserError):
            self._new_plan().action_submit()

    def test_one_plan_a_month(self):
        plan = self._new_plan(month=date(2026, 4, 17))
        self.assertEqual(plan.month, APRIL)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self._new_plan()

    # Approved -------------------------------------------------------------------

    def test_approved_lines_become_visits(self):
        # S1-28, S1-4: refused lines don't
        dossiers = self._set_due(*[date(2026, 4, day) for day in (13, 14, 15)])
        plan = self._new_plan()
        plan_of_boss = self._submit(plan)
        self.assertEqual(plan.state, "review")
        self.assertTrue(plan_of_boss.is_my_turn)
        lines = self._lines(plan).with_user(self.boss)
        self._drop(lines[1], "too dear")
        plan_of_boss.action_approve()
        self.assertEqual(plan.state, "approved")
        self.assertEqual(plan.approver_id, self.boss)
        self.assertEqual(lines.mapped("state"), ["approved", "refused", "approved"])
        visits = dossiers.visit_ids
        self.assertEqual(visits.dossier_id, dossiers - lines[1].dossier_id.sudo())
        self.assertEqual(visits.mapped("state"), ["planned", "planned"])
        for line in lines - lines[1]:
            visit = line.visit_id
            self.assertEqual(visit.user_id, self.seller)
            self.assertEqual(visit._get_day(), line.date)
            self.assertEqual(visit.person_ids, line.person_id)
            self.assertEqual(visit.objective, line.objective)
            self.assertEqual(visit.plan_kind, "plan")
            self.assertEqual(visit.plan_month, APRIL)

    def test_single_lines_are_approved_and_the_last_decides(self):
        # S1-4
        self._set_due(date(2026, 4, 13), date(2026, 4, 14))
        plan = self._new_plan()
        self._submit(plan)
        lines = self._lines(plan).with_user(self.boss)
        lines[0].action_approve()
        self.assertEqual(plan.state, "review")
        self.assertFalse(lines.visit_id)
        lines[1].action_approve()
        self.assertEqual(plan.state, "approved")
        self.assertEqual(len(lines.visit_id), 2)

    def test_plan_that_is_sent_back(self):
        self._set_due(date(2026, 4, 13), date(2026, 4, 14))
        plan = self._new_plan()
        plan_of_boss = self._submit(plan)
        self._lines(plan)[0].with_user(self.boss).action_approve()
        plan_of_boss.approval_id.sudo(False)._decide("refused", "Too few")
        self.assertEqual(plan.state, "draft")
        self.assertEqual(plan.refusal_reason, "Too few")
        self.assertEqual(set(self._lines(plan).mapped("state")), {"proposed"})
        plan.action_submit()
        self.assertFalse(plan.refusal_reason)
        plan.action_withdraw()
        self.assertEqual(plan.state, "draft")

    def test_approving_takes_as_many_queries_for_many(self):
        one = [self._count_approving(1) for _time in range(3)][-1]
        self.assertLessEqual(self._count_approving(8), one)

    def _count_approving(self, number):
        self._set_due(*[date(2026, 4, 13)] * number)
        plan = self._new_plan()
        plan_of_boss = self._submit(plan)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        plan_of_boss.action_approve()
        self.env.flush_all()
        count = self.env.cr.sql_log_count - before
        visits = self._lines(plan).visit_id
        self.assertEqual(len(visits), number)
        visits.unlink()
        plan.sudo().state = "draft"
        plan.unlink()
        return count

    def test_customer_that_has_gone_to_somebody_else(self):
        kept, gone = self._set_due(date(2026, 4, 13), date(2026, 4, 14))
        plan = self._submit(self._new_plan())
        gone.user_id = self.colleague
        plan.action_approve()
        states = {line.dossier_id: line.state for line in self._lines(plan)}
        self.assertEqual(states, {kept: "approved", gone: "refused"})
        self.assertFalse(gone.visit_ids)

    def test_customer_whose_dossier_was_closed(self):
        dossiers = self._set_due(date(2026, 4, 6), date(2026, 4, 8))
        plan = self._submit(self._new_plan())
        dossiers[0].with_user(self.keeper).action_close()
        plan.action_approve()
        states = {line.dossier_id: line.state for line in self._lines(plan)}
        self.assertEqual(states, {dossiers[0]: "refused", dossiers[1]: "approved"})

    def test_what_the_superior_cannot_see_is_not_approved(self):
        seen, hidden = self._set_due(date(2026, 4, 13), date(2026, 4, 14))
        plan = self._submit(self._new_plan())
        hidden.team_id = self.env["crm.team"].create({"name": "Elsewhere"})
        plan.action_approve()
        states = {line.dossier_id: line.state for line in self._lines(plan)}
        self.assertEqual(states, {seen: "approved", hidden: "refused"})

    def test_superior_sees_what_is_left_out(self):
        # S1-4
        kept, dropped = self._set_due(date(2026, 4, 13), date(2026, 4, 14))
        plan = self._new_plan()
        lines = self._lines(plan).with_user(self.seller)
        self._drop(
            lines.filtered(lambda line: line.dossier_id.id == dropped.id), "moved"
        )
        plan = self._submit(plan)
        self.assertEqual(plan.left_out_count, 1)
        for text in (kept.partner_id.name, dropped.partner_id.name, "moved"):
            self.assertIn(text, plan.overview)
        left_out = self.env["customer.follow.up"].search(
            plan.action_open_left_out()["domain"]
        )
        self.assertEqual(left_out.dossier_id, dropped)

    def test_who_is_visited_before_the_month_is_not_left_out(self):
        """The clock starts anew with that visit; where it comes round again, he is."""
        # S1-4
        customers = self._set_due(*[date(2026, 4, day) for day in (20, 21, 22)])
        later, again, _none = customers
        follow_ups = self.follow_ups[:3]
        self.env["customer.visit"].with_user(self.seller).create(
            [
                {
                    "dossier_id": dossier.id,
                    "date_start": "2026-03-30 08:00:00",
                    "objective": "Just before",
                }
                for dossier in later | again
            ]
        )
        follow_ups.write({"interval_number": 2, "interval_type": "month"})
        follow_ups[1].write({"interval_number": 2, "interval_type": "week"})
        plan = self._new_plan()
        lines = self._lines(plan)
        self.assertEqual(lines.dossier_id, customers - later)
        self.assertEqual(plan.left_out_count, 0)
        self._drop(lines.with_user(self.seller), "moved")
        left_out = plan.with_user(self.boss)._get_left_out()
        self.assertEqual(left_out[plan].dossier_id.ids, (customers - later).ids)

    def test_list_opens_with_what_waits(self):
        """A superior's, too, who plans no visits of his own."""
        self._set_due(date(2026, 3, 13))
        self._submit(self._new_plan()).action_approve()
        self._new_plan(month=date(2026, 5, 1))
        self._submit(self._new_plan(month=MONDAY))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_archive_visits.customer_visit_plan_action"
        )
        self.assertNotIn("search_default", action["context"])
        plans = self.env["customer.visit.plan"].with_user(self.boss)
        for view_type in ("list", "kanban"):
            arch = etree.fromstring(plans.get_view(view_type=view_type)["arch"])
            shown = plans.search(
                [("user_id", "=", self.seller.id)], order=arch.get("default_order")
            )
            self.assertEqual(shown.mapped("state"), ["review", "draft", "approved"])

    # Afterwards -------------------------------------------------------------------

    def _go(self, visit, state):
        visit = visit.with_user(self.seller)
        visit.write({"appointment_person_id": visit.person_ids[0].id})
        visit.write({"state": "confirmed"})
        if state == "confirmed":
            return
        visit.write({"state": "done"})
        if state == "reported":
            visit.write({"summary": "Went well", "result": "A", "objective_met": "yes"})
            visit.action_submit_report()

    def test_plan_against_fact(self):
        # S1-28
        self._set_due(*[date(2026, 4, day) for day in (13, 14, 15, 16)])
        plan = self._new_plan()
        self._submit(plan).action_approve()
        visits = self._lines(plan).visit_id
        extra = (
            self.env["customer.visit"]
            .with_user(self.seller)
            .create(
                {
                    "dossier_id": self.dossiers[7].id,
                    "date_start": "2026-04-22 08:00:00",
                    "objective": "They called",
                }
            )
        )
        with freeze_time(self._at(date(2026, 4, 28))):
            self._go(visits[0], "reported")
            self._go(visits[1], "done")
            visits[2].with_user(self.seller)._end_with_reason("ill")
            self.env.invalidate_all()
            self.assertEqual(visits[3].outcome, "open")
        with freeze_time(self._at(date(2026, 5, 4))):
            self.env.invalidate_all()
            counts = [
                plan[f"{name}_count"]
                for name in ("planned", "made", "reported", "missed", "extra")
            ]
            self.assertEqual(counts, [4, 2, 1, 2, 1])
            self.assertEqual(
                (visits | extra).mapped("outcome"),
                ["reported", "made", "missed", "missed", "missed"],
            )
            domain = plan.action_open_visits()["domain"]
            groups = self.env["customer.visit"]._read_group(
                domain, ["plan_kind", "outcome"], ["__count"]
            )
            self.assertEqual(
                set(groups),
                {
                    ("plan", "reported", 1),
                    ("plan", "made", 1),
                    ("plan", "missed", 2),
                    ("extra", "missed", 1),
                },
            )
            for code in ("reported", "made", "missed", "open"):
                found = visits.search([*domain, ("outcome", "=", code)])
                wanted = (visits | extra).filtered(
                    lambda v, code=code: v.outcome == code
                )
                self.assertEqual(found, wanted.sorted("date_start", reverse=True))

    def test_nobody_calls_a_visit_planned(self):
        visits = self.env["customer.visit"].with_user(self.seller)
        visit = visits.create({"dossier_id": self.dossiers[0].id, "objective": "Talk"})
        self.assertEqual(visit.plan_kind, "extra")
        with self.assertRaises(UserError):
            visit.plan_kind = "plan"

    # Month end --------------------------------------------------------------------

    def _remind_on(self, day):
        with freeze_time(self._at(day)):
            self.env["customer.visit.plan"]._remind(self.company, 100)
        plans = self.env["customer.visit.plan"].search(
            [("company_id", "=", self.company.id), ("user_id", "=", self.seller.id)]
        )
        return plans, plans.activity_ids

    def test_month_end_prepares_and_reminds(self):
        # S1-28
        self._set_due(date(2026, 4, 13), date(2026, 4, 14))
        self.policy.plan_days = 5
        plans, _activities = self._remind_on(date(2026, 3, 26))
        self.assertFalse(plans)
        for _twice in range(2):
            plan, activity = self._remind_on(date(2026, 3, 27))
            self.assertEqual(plan.month, APRIL)
            self.assertEqual(plan.state, "draft")
            self.assertEqual(len(self._lines(plan)), 2)
            self.assertEqual(activity.user_id, self.seller)
            self.assertEqual(activity.date_deadline, date(2026, 3, 31))
            self.assertFalse(activity.note)
        plan.with_user(self.seller).action_submit()
        plan, activity = self._remind_on(date(2026, 3, 28))
        self.assertEqual(plan.state, "review")
        self.assertFalse(activity)

    def test_own_draft_is_reminded_of_too(self):
        self._set_due(date(2026, 4, 13))
        plan = self._new_plan()
        found, activity = self._remind_on(date(2026, 3, 30))
        self.assertEqual(found, plan)
        self.assertEqual(len(activity), 1)

    def test_who_has_nobody_to_visit_gets_no_plan(self):
        self._remind_on(date(2026, 3, 30))
        plans = self.env["customer.visit.plan"].search([])
        self.assertEqual(
            plans.user_id & (self.colleague | self.boss), self.env.user.browse()
        )

    def test_month_end_takes_as_many_queries_for_many(self):
        self._set_due(date(2026, 4, 6))
        one = [self._count_reminding() for _time in range(3)][-1]
        self._set_due(*[date(2026, 4, 6 + n) for n in range(8)])
        self.assertLessEqual(self._count_reminding(), one)

    def _count_reminding(self):
        plans = self.env["customer.visit.plan"]
        with freeze_time(self._at(date(2026, 3, 30))):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            plans._remind(self.company, 100)
            self.env.flush_all()
            count = self.env.cr.sql_log_count - before
        made = plans.search([("user_id", "=", self.seller.id)])
        self.assertEqual(len(made.activity_ids), 1)
        plans.search([("company_id", "=", self.company.id)]).unlink()
        return count

    def test_pages_of_plans_are_read_at_once(self):
        self._set_due(*[date(2026, 4, 6 + n) for n in range(8)])
        plans = self._new_plan() | self._new_plan(month=date(2026, 5, 1))
        names = ["overview", "left_out_count", "line_count", "made_count"]
        counts = []
        for some in (plans[:1], plans[:1], plans):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.read(names)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1])

    def test_merged_customer_keeps_its_line(self):
        first, second = self._set_due(date(2026, 4, 13), date(2026, 4, 14))
        plan = self._new_plan()
        line = self._lines(plan).filtered(lambda known: known.dossier_id == first)
        line.with_user(self.keeper)._move_to_dossier(second.with_user(self.keeper))
        self.assertEqual(line.dossier_id, second)

    def test_days_of_the_policy(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.policy.plan_days = 28
            self.env.flush_all()
