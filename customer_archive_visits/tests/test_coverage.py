from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .rhythm_common import MONDAY, RhythmCommon


@tagged("post_install", "-at_install", "customer_visit_plan")
class TestCoverage(RhythmCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        frozen = freeze_time(cls._at(MONDAY))
        frozen.start()
        cls.addClassCleanup(frozen.stop)
        cls.manager = cls._create_user("manager", "manager")
        cls.other_boss = cls._create_user("other_boss", "supervisor")
        cls.other_team = cls.env["crm.team"].create(
            {"name": "Others", "user_id": cls.other_boss.id, "company_id": False}
        )
        cls.dossiers = cls._file("AAAABB")
        cls.others = cls._file(
            "AC", user_id=cls.colleague.id, team_id=cls.other_team.id
        )
        day = timedelta(days=1)
        # never, overdue, due at once, due at last, on time; the rest never
        dates = [None, MONDAY - day, MONDAY, MONDAY + 7 * day, MONDAY + 8 * day]
        for dossier, date in zip(cls.dossiers, dates, strict=False):
            if date:
                cls._get_visit(dossier).write(
                    {"last_date": "2026-01-01", "action_date": date}
                )

    @classmethod
    def _get_visit(cls, dossier):
        return cls.env["customer.follow.up"].search(
            [("dossier_id", "=", dossier.id), ("channel", "=", "visit")]
        )

    def _count(self, user, *groupby):
        """As the pivot does; of our two teams alone."""
        rows = self.env["customer.coverage"].with_user(user)
        teams = (self.team | self.other_team).ids
        groups = rows._read_group(
            [("channel", "=", "visit"), ("team_id", "in", teams)],
            groupby,
            ["customer_count:sum"],
        )
        return {
            tuple(getattr(v, "id", v) for v in values): number
            for *values, number in groups
        }

    def test_tier_by_salesperson(self):
        # S1-4, S2-40
        seller, colleague = self.seller.id, self.colleague.id
        a, b, c = (self.tiers[code].id for code in "ABC")
        self.assertEqual(
            self._count(self.manager, "user_id", "tier_id", "status"),
            {
                (seller, a, "4_never"): 1,
                (seller, a, "3_overdue"): 1,
                (seller, a, "2_due"): 2,
                (seller, b, "1_on_time"): 1,
                (seller, b, "4_never"): 1,
                (colleague, a, "4_never"): 1,
                (colleague, c, "4_never"): 1,
            },
        )

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_managers_see_all_supervisors_their_teams(self):
        everybody = {(self.team.id,): 6, (self.other_team.id,): 2}
        self.assertEqual(self._count(self.manager, "team_id"), everybody)
        self.assertEqual(self._count(self.boss, "team_id"), {(self.team.id,): 6})
        self.assertEqual(
            self._count(self.other_boss, "team_id"), {(self.other_team.id,): 2}
        )
        for user in (self.seller, self.keeper):
            with self.assertRaises(AccessError):
                self._count(user, "team_id")

    def test_numbers_are_those_of_the_companies_chosen(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.manager.company_ids |= company
        rows = self.env["customer.coverage"].with_user(self.manager)
        rows = rows.with_context(allowed_company_ids=company.ids)
        self.assertFalse(rows.search([]))

    def test_click_leads_to_the_customers(self):
        rows = self.env["customer.coverage"].with_user(self.boss)
        rows = rows.search([("channel", "=", "visit")])
        found = self.env["customer.dossier"].with_user(self.boss)
        for row in rows:
            domain = row.action_open_customers()["domain"]
            follow_ups = self.env["customer.follow.up"].with_user(self.boss)
            follow_ups = follow_ups.search(domain)
            self.assertEqual(len(follow_ups), row.customer_count)
            self.assertEqual(set(follow_ups.mapped("channel")), {"visit"}, row.status)
            found |= follow_ups.dossier_id
        self.assertEqual(found, self.dossiers.with_user(self.boss))

    def test_days_that_count_as_due_are_data(self):
        # S0-19
        seller = self.seller.id

        def count(status):
            return self._count(self.manager, "user_id", "status").get((seller, status))

        self.assertEqual((count("2_due"), count("1_on_time")), (2, 1))
        for days, due, on_time in ((8, 3, None), (6, 1, 2), (0, 1, 2)):
            self.policy.coverage_days = days
            self.assertEqual((count("2_due"), count("1_on_time")), (due, on_time), days)
            self.env.invalidate_all()
            self.test_click_leads_to_the_customers()

    def test_one_query_whatever_the_number(self):
        self._count(self.manager, "user_id", "status")
        self.env.invalidate_all()
        with self.assertQueryCount(2):
            self._count(self.manager, "user_id", "status")
