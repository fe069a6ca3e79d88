"""A month plan for each salesperson of Northwind, held against the rhythm on paper."""

from collections import defaultdict
from datetime import date, datetime

from freezegun import freeze_time
from test_northwind import NorthwindCommon, needs_tables

from odoo.tests import TransactionCase, tagged

from odoo.addons.customer_archive_visits.tests.rhythm_common import POLICY, oracle_due

TODAY = date(1998, 5, 7)
JUNE, LAST_OF_JUNE = date(1998, 6, 1), date(1998, 6, 30)
# The first fifth of the customers by sales is A, the next two fifths are B.
PARTS = (("A", 0.2), ("B", 0.6), ("C", 1))


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
        titles = self.expected.titles
        heights = {None: 0, "manager": 2, "director": 3, "executive": 4}
        for user in self.loaded.user_id:
            plan = self.env["customer.visit.plan"].with_user(user)
            plan = plan.create({"month": JUNE, "company_id": user.company_id.id})
            for line in plan._get_lines():
                customer = line.partner_id.ref
                _interval, lowest = POLICY[self.codes[customer], "visit"]
                title = titles[customer]
                height = 4 if "Owner" in title else 2 if "Manager" in title else 1
                with self.subTest(customer=customer, title=title):
                    self.assertEqual(bool(line.person_id), height >= heights[lowest])

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
