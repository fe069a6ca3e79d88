from datetime import timedelta

from odoo.exceptions import AccessError, MissingError
from odoo.tests import freeze_time, tagged

from .rhythm_common import MONDAY, RhythmCommon

DAY = timedelta(1)
MARCH, APRIL = MONDAY.replace(day=1), MONDAY.replace(month=4, day=1)


@tagged("post_install", "-at_install")
class TestDayCard(RhythmCommon):
    """My Day: all that waits for one person, and for nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        frozen = freeze_time(cls._at(MONDAY))
        frozen.start()
        cls.addClassCleanup(frozen.stop)
        cls.policy.rhythm_spread = 0
        cls.team.member_ids = cls.seller
        # on file for so long that a visit to A is due this month
        with freeze_time(cls._at(MONDAY - 45 * DAY)):
            cls.dossiers = cls._file("ACC")
        cls.first, cls.second, cls.third = cls.dossiers
        cls.chief = cls._add_person(cls.first, "executive")

    def _cards(self, user=None, *kinds):
        # as with each look at the page
        self.env.invalidate_all()
        cards = self.env["customer.day.card"].with_user(user or self.seller)
        cards = cards.with_context(lang=None)
        return cards.search([("kind", "in", kinds)] if kinds else [("id", ">", 0)])

    def _plan_visit(self, dossier, days=0, user=None, **values):
        user = user or self.seller
        return (
            self.env["customer.visit"]
            .with_user(user)
            .create(
                {
                    "dossier_id": dossier.id,
                    "date_start": self._at(MONDAY) + days * DAY,
                    "objective": "Agree on spring",
                    **values,
                }
            )
        )

    def _make_visit(self, days, dossier=None):
        visit = self._plan_visit(dossier or self.first, days)
        visit.write({"state": "confirmed", "appointment_person_id": self.chief.id})
        visit.state = "done"
        return visit

    def _submit_plan(self, user=None):
        plans = self.env["customer.visit.plan"].with_user(user or self.seller)
        plan = plans.create({"month": APRIL})
        plan.action_submit()
        return plan

    def test_calls_and_visits_due(self):
        # S0-19, S0-21
        cards = self._cards(None, "call", "due")
        follow_ups = self.dossiers.follow_up_ids
        self.assertEqual(set(cards.mapped("res_id")), set(follow_ups.ids))
        for card in cards:
            follow_up = follow_ups.browse(card.res_id)
            self.assertEqual(card.title, follow_up.partner_id.name)
            self.assertEqual(card.tier_code, follow_up.tier_code)
            self.assertEqual(card.day, follow_up.action_date)
            self.assertEqual(card.stage, follow_up.stage)
            self.assertEqual(card.note, follow_up.with_context(lang=None).reason)

    def test_a_visit_with_a_date_stands_for_the_one_due(self):
        visit = self._plan_visit(self.first)
        self._plan_visit(self.second, date_start=False)
        due = self._follow_up(self.first, "visit")
        cards = self._cards(None, "due", "visit")
        self.assertNotIn(
            due.id, cards.filtered(lambda c: c.kind == "due").mapped("res_id")
        )
        self.assertEqual(
            len(cards.filtered(lambda c: c.kind == "due")), len(self.dossiers) - 1
        )
        card = cards.filtered(lambda c: c.kind == "visit" and c.res_id == visit.id)
        self.assertEqual((card.stage, card.note), ("2_today", "Agree on spring"))
        self.assertEqual(card.person, self.chief.partner_id.name)
        # once more when it is cancelled
        visit.write({"state": "cancelled", "cancel_reason": "Ill"})
        self.assertIn(due.id, self._cards(None, "due").mapped("res_id"))

    def test_visits_by_when_they_are(self):
        stages = {-1: "1_overdue", 0: "2_today", 6: "3_week", 7: "4_later"}
        visits = {day: self._plan_visit(self.first, day) for day in stages}
        undated = self._plan_visit(self.first, date_start=False)
        cards = {card.res_id: card for card in self._cards(None, "visit")}
        for day, stage in stages.items():
            self.assertEqual(cards[visits[day].id].stage, stage)
        self.assertEqual(cards[undated.id].stage, "4_later")
        self.assertFalse(cards[undated.id].day)
        groups = (
            self.env["customer.day.card"]
            .with_user(self.seller)
            ._read_group([("kind", "=", "visit")], ["stage"], ["__count"])
        )
        self.assertEqual(
            dict(groups), {"1_overdue": 1, "2_today": 1, "3_week": 1, "4_later": 2}
        )

    def test_the_day_is_that_of_the_reader(self):
        """Late on Sunday in New York it is Monday in Shanghai."""
        visit = self._plan_visit(self.first, date_start=f"{MONDAY} 01:00:00")
        self.env.flush_all()
        cards = self.env["customer.day.card"].with_user(self.seller)
        for tz, day in (
            ("Asia/Shanghai", MONDAY),
            ("America/New_York", MONDAY - DAY),
        ):
            self.env.invalidate_all()
            card = cards.with_context(tz=tz).search(
                [("kind", "=", "visit"), ("res_id", "=", visit.id)]
            )
            self.assertEqual(card.day, day)

    def test_companions_see_the_visit_and_owe_no_report(self):
        visit = self._plan_visit(self.first, companion_ids=self.boss.ids)
        self.assertIn(visit.id, self._cards(self.boss, "visit").mapped("res_id"))
        visit.write({"state": "confirmed", "appointment_person_id": self.chief.id})
        visit.state = "done"
        self.assertFalse(self._cards(self.boss, "visit", "report"))

    def test_reports_missing(self):
        # S1-33
        made = self._make_visit(-3)
        card = self._cards(None, "report")
        self.assertEqual((card.res_id, card.stage), (made.id, "1_overdue"))
        self.assertEqual(card.day, MONDAY - 3 * DAY + self.policy.report_days * DAY)
        self.assertEqual(card.action_report()["res_id"], made.id)
        team = self._cards(self.boss, "team")
        self.assertEqual(team.number, 1)
        found = self.env["customer.visit"].with_user(self.boss)
        self.assertEqual(found.search(team.action_open()["domain"]), made)
        made.write(
            {
                "met_person_ids": self.chief.ids,
                "summary": "Fine",
                "result": "A",
                "objective_met": "yes",
            }
        )
        made.action_submit_report()
        self.assertFalse(self._cards(None, "report"))
        self.assertFalse(self._cards(self.boss, "team"))

    def test_promises(self):
        # S1-46
        promises = (
            self.env["customer.commitment"]
            .with_user(self.seller)
            .create(
                [
                    {"dossier_id": self.first.id, "name": "Samples", "date": MONDAY},
                    {"dossier_id": self.first.id, "name": "Why late?", "kind": "issue"},
                ]
            )
        )
        cards = self._cards(None, "promise")
        self.assertEqual(cards.mapped("res_id"), promises.ids)
        self.assertEqual(cards.mapped("stage"), ["2_today", "4_later"])
        cards[0].action_keep()
        self.assertEqual(promises[0].state, "kept")
        self.assertEqual(self._cards(None, "promise").res_id, promises[1].id)

    def test_next_months_plan_in_each_state(self):
        # S1-28
        self.policy.plan_days = 5
        card = self._cards(None, "plan")
        self.assertEqual((card.res_id, card.stage), (0, "4_later"))
        with freeze_time(self._at(APRIL - DAY)):
            self.env.invalidate_all()
            self.assertEqual(self._cards(None, "plan").stage, "2_today")
        plan = self.env["customer.visit.plan"].browse(card.action_open()["res_id"])
        self.assertEqual((plan.month, plan.user_id), (APRIL, self.seller))
        states = [(self._cards(None, "plan").status)]
        plan.with_user(self.seller).action_submit()
        states.append(self._cards(None, "plan").status)
        plan.approval_id.with_user(self.boss)._decide("refused", "Too thin")
        card = self._cards(None, "plan")
        states.append(card.status)
        self.assertEqual(card.note, "Too thin")
        plan.with_user(self.seller).action_submit()
        plan.with_user(self.boss).action_approve()
        card = self._cards(None, "plan")
        self.assertEqual(card.action_open()["res_id"], plan.id)
        states.append(card.status)
        self.assertEqual(
            states,
            ["Being Planned", "Waiting for Approval", "Sent Back", "Approved"],
        )

    def test_this_months_plan_while_it_is_a_draft(self):
        plan = self.env["customer.visit.plan"].with_user(self.seller)
        plan = plan.create({"month": MARCH})
        card = self._cards(None, "plan").filtered("res_id")
        self.assertEqual((card.res_id, card.stage), (plan.id, "1_overdue"))
        plan.action_submit()
        self.assertFalse(self._cards(None, "plan").filtered("res_id"))

    def test_who_has_no_customers_plans_nothing(self):
        self.assertFalse(self._cards(self.colleague))

    def test_what_waits_for_a_superior(self):
        # S1-4
        self._submit_plan()
        card = self._cards(self.boss, "approval")
        self.assertEqual((card.number, card.stage), (1, "2_today"))
        self.assertEqual(card.action_open()["res_model"], "customer.approval")
        self.assertFalse(self._cards(self.seller, "approval"))

    def test_nobody_sees_anybody_elses_day(self):
        """A card is its reader's: no id leads to a colleague's."""
        self._plan_visit(self.first)
        mine = self._cards()
        for user in (self.colleague, self.boss):
            self.env.invalidate_all()
            others = mine.with_user(user)
            self.assertFalse(others.read(["title", "kind"]))
            for card in others:
                with self.assertRaises(MissingError):
                    card.action_open()
        with self.assertRaises(AccessError):
            mine.with_user(self.keeper).read(["title"])
        for change in (mine.unlink, lambda: mine.write({"number": 2})):
            with self.assertRaises(AccessError):
                change()

    def test_what_is_no_longer_open_is_no_longer_here(self):
        self._plan_visit(self.first, user=self.boss)
        self.assertTrue(self._cards(self.boss, "visit"))
        self.team.user_id = self.colleague
        self.assertFalse(self._cards(self.boss))

    def test_found_by_the_customer(self):
        cards = self.env["customer.day.card"].with_user(self.seller)
        found = cards.search([("title", "ilike", self.first.partner_id.name)])
        self.assertEqual(set(found.mapped("res_id")), set(self.first.follow_up_ids.ids))

    def test_buttons_do_what_the_record_does(self):
        call = self._cards(None, "call")[:1]
        follow_up = self.env["customer.follow.up"].browse(call.res_id)
        action = call.action_done()
        self.assertEqual(
            action["context"]["default_dossier_id"], follow_up.dossier_id.id
        )
        call.action_not_reached()
        self.assertFalse(follow_up.dossier_id.interaction_ids.is_reached)
        postpone = self._cards(None, "due")[:1].action_postpone()
        self.assertEqual(postpone["res_model"], "customer.follow.up.postpone")

    def test_as_many_queries_for_many_cards(self):
        names = ["title", "note", "person", "phone", "stage", "status"]

        def read():
            self.env.flush_all()
            with self.assertQueryCount(37):
                self._cards().read(names)

        self._plan_visit(self.first)
        self._cards().read(names)
        read()
        for dossier in self._file("ABCABC"):
            self._add_person(dossier, "executive")
            self._plan_visit(dossier)
        read()

    def _count(self, user=None):
        self.env.invalidate_all()
        cards = self.env["customer.day.card"].with_user(user or self.seller)
        return cards._count_waiting()

    def test_daily_mail_tells_what_the_page_shows(self):
        """S0-19, S1-33: visits, reports, promises and the plan, not calls alone."""
        self._plan_visit(self.first)
        self._plan_visit(self.second, -2)
        self._make_visit(-20)
        self.env["customer.commitment"].create(
            {
                "dossier_id": self.third.id,
                "name": "Send the drawings",
                "kind": "promise",
                "date": MONDAY,
                "user_id": self.seller.id,
            }
        )
        late, today = self._count()
        cards = self._cards()
        for stage, counter in (("1_overdue", late), ("2_today", today)):
            shown = cards.filtered(lambda card, stage=stage: card.stage == stage)
            for kind, of_kind in shown.grouped("kind").items():
                self.assertEqual(counter[kind], sum(of_kind.mapped("number")), kind)
        self.assertEqual((late["visit"], today["visit"], late["report"]), (1, 1, 1))
        self.assertEqual(today["promise"], 1)
        self.seller.write({"lang": "zh_CN"})
        lines = self.seller._get_archive_digest_lines()[self.seller]
        self.assertGreaterEqual(len(lines), 4)
        self.assertIn("今天", "".join(lines))
        for dossier in self.dossiers:
            self.assertNotIn(dossier.partner_id.name, "".join(lines))
        # who has no page of the day
        self.assertFalse(any(self._count(self.env.ref("base.public_user"))))

    def test_daily_mail_asks_for_a_plan_until_it_is_submitted(self):
        with freeze_time(self._at(APRIL - DAY)):
            self.assertEqual(self._count()[1]["plan"], 1)
            plan = self.env["customer.visit.plan"].with_user(self.seller)
            plan = plan.create({"month": APRIL})
            self.assertEqual(self._count()[1]["plan"], 1)
            plan.action_submit()
            self.assertEqual(self._count()[1]["plan"], 0)
