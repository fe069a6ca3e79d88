"""A month plan for each salesperson of Northwind, held against the rhythm on paper."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta

from freezegun import freeze_time
from test_northwind import NorthwindCommon, needs_tables

from odoo.tests import TransactionCase, tagged

from odoo.addons.customer_archive_visits.tests.rhythm_common import POLICY, oracle_due

TODAY = date(1998, 5, 7)
JUNE, LAST_OF_JUNE = date(1998, 6, 1), date(1998, 6, 30)
# The first fifth of the customers by sales is A, the next two fifths are B.
PARTS = (("A", 0.2), ("B", 0.6), ("C", 1))
WEEK = [JUNE + timedelta(n) for n in range(5)]
HEIGHTS = {None: 0, "manager": 2, "director": 3, "executive": 4}
SOON = timedelta(7)


@needs_tables
@tagged("post_install", "-at_install")
class TestNorthwindPlan(NorthwindCommon, TransactionCase):
    @classmethod
    def setUpClass(cls):
        frozen = freeze_time(datetime(1998, 5, 7, 12))
        frozen.start()
        cls.addClassCleanup(frozen.stop)
        super().setUpClass()
        company = cls.loaded.company_id.sudo()
        company.resource_calendar_id = cls.env["resource.calendar"].create(
            {"name": "Weekdays", "tz": "UTC", "company_id": company.id}
        )
        cls.codes = cls._rank_customers()
        by_code = defaultdict(cls.dossiers.browse)
        for dossier in cls.loaded:
            if code := cls.codes.get(dossier.partner_id.ref):
                by_code[code] |= dossier
        for code, dossiers in by_code.items():
            tier = cls.env.ref(f"customer_archive.customer_tier_{code.lower()}")
            dossiers.sudo().write({"tier_id": tier.id})
        cls.loaded._refresh_follow_ups()

    @classmethod
    def _rank_customers(cls):
        """{customerID: tier} by sales, from the files alone."""
        sales = {key[0]: amount for key, amount in cls.expected.sum_by(1).items()}
        ranked = sorted(sales, key=sales.get, reverse=True)
        return {
            customer: next(code for code, part in PARTS if n < part * len(ranked))
            for n, customer in enumerate(ranked)
        }

    def _get_expected(self):
        """{login: {customerID: day it is due}} until the end of June."""
        expected = defaultdict(dict)
        for dossier in self.loaded:
            customer = dossier.partner_id.ref
            if customer not in self.codes:
                continue
            interval, _rank = POLICY[self.codes[customer], "visit"]
            due = oracle_due(dossier.id, TODAY, None, interval)
            login = self.expected.logins[self.expected.get_owner(customer)]
            if due <= LAST_OF_JUNE:
                expected[login][customer] = due
        return expected

    def test_plan_of_june_for_each_of_nine(self):
        # S1-28
        expected = self._get_expected()
        plans = self.env["customer.visit.plan"]
        total = 0
        for login in self.expected.logins.values():
            user = self.env["res.users"].search([("login", "=", login)])
            plan = plans.with_user(user).create(
                {"month": JUNE, "company_id": user.company_id.id}
            )
            lines = plan._get_lines()
            total += len(lines)
            with self.subTest(login=login):
                found = {line.partner_id.ref: line.due_date for line in lines}
                self.assertEqual(found, expected[login])
                self.assertFalse(plan._get_left_out()[plan])
                for line in lines:
                    if line.due_date >= JUNE:
                        self.assertEqual(line.date, line.due_date)
                    else:
                        self.assertLessEqual(line.date, date(1998, 6, 5))
        self.assertEqual(total, sum(map(len, expected.values())))
        self.assertGreater(total, 20)

    def test_persons_proposed_have_the_rank(self):
        """S0-19: where nobody of the rank is known, nobody is proposed."""
        for user in self.loaded.user_id:
            plan = self.env["customer.visit.plan"].with_user(user)
            plan = plan.create({"month": JUNE, "company_id": user.company_id.id})
            for line in plan._get_lines():
                customer = line.partner_id.ref
                _interval, lowest = POLICY[self.codes[customer], "visit"]
                height = self._get_height(customer)
                with self.subTest(customer=customer):
                    self.assertEqual(bool(line.person_id), height >= HEIGHTS[lowest])

    def _get_height(self, customer):
        """How high the one person stands whom the files name."""
        title = self.expected.titles[customer]
        return 4 if "Owner" in title else 2 if "Manager" in title else 1

    def test_month_end_prepares_plans_for_all(self):
        # S1-28
        company = self.loaded.company_id.sudo()
        with freeze_time(datetime(1998, 5, 28, 12)):
            prepared = self.env["customer.visit.plan"]._remind(company, 100)
        owners = {self.expected.get_owner(customer) for customer in self.codes}
        self.assertEqual(prepared, len(owners))
        plans = self.env["customer.visit.plan"].search(
            [("company_id", "=", company.id)]
        )
        self.assertEqual(plans.user_id, self.loaded.user_id)
        self.assertEqual(plans.activity_ids.user_id, self.loaded.user_id)

    # A week worked through ------------------------------------------------

    def test_a_week_worked_through(self):
        """S0-19, S0-21, S0-22, S1-28, S1-33: due dates and coverage as on paper."""
        self.by_ref = {d.partner_id.ref: d for d in self.loaded}
        self.last = {(ref, ch): None for ref in self.codes for ch in ("call", "visit")}
        plans = self._approve_june()
        for day in WEEK:
            with freeze_time(datetime.combine(day, time(12))):
                self.env["customer.follow.up"]._sweep(0)
                self._visit_on(day, plans)
                self._call_on(day)
                self.env["customer.follow.up"]._sweep(0)
                self._assert_as_on_paper()
                if day == WEEK[-1]:
                    self._assert_coverage(day)
        made = [day for (_ref, channel), day in self.last.items() if channel == "visit"]
        self.assertGreater(len(list(filter(None, made))), 3)

    def _approve_june(self):
        plans = self.env["customer.visit.plan"]
        for user in self.loaded.user_id:
            vals = {"month": JUNE, "company_id": user.company_id.id}
            plans |= plans.with_user(user).create(vals).sudo()
        for plan in plans:
            plan.with_user(plan.user_id).action_submit()
            superiors = self.loaded.user_id.filtered(
                lambda user, plan=plan: plan.with_user(user).is_my_turn
            )
            # who reports to nobody has nobody to approve his plan
            decider = plan.with_user(superiors[:1]) if superiors else plan
            if superiors:
                decider.action_approve()
            else:
                decider._on_decided("approved", "")
        self.assertEqual(set(plans.mapped("state")), {"approved"})
        return plans

    def _visit_on(self, day, plans):
        """Each makes the visits his plan has for the day, and reports at once."""
        for line in plans._get_lines("approved"):
            visit = line.visit_id.with_user(line.user_id)
            if line.date != day:
                continue
            person = visit.person_ids or visit.dossier_id.person_ids[:1]
            visit.write({"state": "confirmed", "appointment_person_id": person.id})
            visit.write({"state": "done", "met_person_ids": person.ids})
            visit.write({"summary": "Seen", "result": "A", "objective_met": "yes"})
            visit.action_submit_report()
            self.assertEqual(visit.state, "reported")
            ref = line.sudo().partner_id.ref
            self.last[ref, "call"] = day
            _interval, lowest = POLICY[self.codes[ref], "visit"]
            if self._get_height(ref) >= HEIGHTS[lowest]:
                self.last[ref, "visit"] = day

    def _call_on(self, day):
        """Each calls whom the policy says; one call in five reaches nobody."""
        calls = defaultdict(list)
        due = [ref for ref in sorted(self.codes) if self._get_due(ref, "call") <= day]
        for number, ref in enumerate(due):
            dossier = self.by_ref[ref]
            is_reached = number % 5 != 0
            calls[dossier.user_id].append(
                {
                    "dossier_id": dossier.id,
                    "person_ids": dossier.person_ids.ids,
                    "is_reached": is_reached,
                    "summary": is_reached and "Spoken",
                }
            )
            if is_reached:
                self.last[ref, "call"] = day
        for user, vals_list in calls.items():
            self.env["customer.interaction"].with_user(user).create(vals_list)

    def _get_due(self, ref, channel):
        interval, _rank = POLICY[self.codes[ref], channel]
        last = self.last[ref, channel]
        return oracle_due(self.by_ref[ref].id, TODAY, last, interval)

    def _assert_as_on_paper(self):
        follow_ups = self.loaded.follow_up_ids.filtered("due_date")
        found = {
            (f.partner_id.ref, f.channel): (f.last_date or None, f.due_date)
            for f in follow_ups
        }
        on_paper = {key: (day, self._get_due(*key)) for key, day in self.last.items()}
        self.assertEqual(found, on_paper)

    def _assert_coverage(self, today):
        """The managers' page counts as the files and the policy do."""
        on_paper = defaultdict(int)
        for (ref, channel), last in self.last.items():
            due = self._get_due(ref, channel)
            status = (
                "4_never"
                if not last
                else "3_overdue"
                if due < today
                else "2_due"
                if due <= today + SOON
                else "1_on_time"
            )
            user = self.by_ref[ref].user_id
            on_paper[user, self.codes[ref], channel, status] += 1
        groups = self.env["customer.coverage"]._read_group(
            [("company_id", "=", self.loaded.company_id.id)],
            ["user_id", "tier_id", "channel", "status"],
            ["customer_count:sum"],
        )
        found = {(u, tier.code, ch, st): number for u, tier, ch, st, number in groups}
        self.assertEqual(found, on_paper)
