from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .visit_common import VisitCommon

REPORT = "customer.market.report"
# First Mondays, looked up in a calendar.
FIRST_MONDAYS = (
    (date(2026, 1, 31), date(2026, 1, 5)),
    (date(2026, 2, 1), date(2026, 2, 2)),
    (date(2026, 6, 1), date(2026, 6, 1)),
    (date(2026, 8, 15), date(2026, 8, 3)),
    (date(2026, 11, 1), date(2026, 11, 2)),
    (date(2027, 2, 28), date(2027, 2, 1)),
    (date(2028, 5, 1), date(2028, 5, 1)),
)


@tagged("post_install", "-at_install", "customer_plan")
class TestMarketReport(VisitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.calendar = cls.env["resource.calendar"].create(
            {"name": "Weekdays", "tz": "UTC", "company_id": cls.company.id}
        )
        cls.company.resource_calendar_id = cls.calendar
        cls.reports = cls.env[REPORT]

    def _ask(self, day):
        with freeze_time(datetime.combine(day, datetime.min.time())):
            self.reports.with_context(tz="UTC")._cron_ask()
        return self.reports.search(
            [
                ("user_id", "in", (self.seller | self.heir).ids),
                ("month", "=", day.replace(day=1)),
            ]
        )

    def _close(self, first, last):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "company_id": self.company.id,
                "date_from": datetime.combine(first, datetime.min.time()),
                "date_to": datetime.combine(last, datetime.max.time()),
            }
        )

    def _desk(self, user):
        return self.env["mail.activity"].search(
            [("res_model", "=", REPORT), ("user_id", "=", user.id)]
        )

    # First Monday --------------------------------------------------------------

    def test_first_monday_of_each_month(self):
        # S1-13
        for day, monday in FIRST_MONDAYS:
            due = self.reports._get_due_date(self.company, day)
            self.assertEqual(due, monday)
            self.assertEqual((due.weekday(), due.month), (0, day.month))
            self.assertLessEqual(due.day, 7)

    def test_a_holiday_moves_it_to_the_next_working_day(self):
        # S1-13
        self._close(date(2026, 10, 1), date(2026, 10, 7))
        today = date(2026, 10, 1)
        due = self.reports._get_due_date(self.company, today)
        self.assertEqual(due, date(2026, 10, 8))

    def test_each_salesperson_is_asked_once(self):
        # S1-13
        self.assertFalse(self._ask(date(2026, 8, 2)))
        reports = self._ask(date(2026, 8, 3))
        self.assertEqual(reports.user_id, self.seller | self.heir)
        self.assertEqual(set(reports.mapped("date_due")), {date(2026, 8, 3)})
        self.assertEqual(self._desk(self.seller).date_deadline, date(2026, 8, 3))
        for user in (self.leader, self.manager, self.keeper, self.mate):
            self.assertFalse(self._desk(user))
        self.assertEqual(self._ask(date(2026, 8, 4)), reports)
        self.assertEqual(len(self._desk(self.seller)), 1)
        # wiped off the desk without writing it
        self._desk(self.seller).unlink()
        self._ask(date(2026, 8, 5))
        self.assertEqual(len(self._desk(self.seller)), 1)
        # who left is asked no more
        self._desk(self.heir).unlink()
        self.heir.group_ids -= self.env.ref("customer_archive.group_archive_user")
        self._ask(date(2026, 8, 6))
        self.assertFalse(self._desk(self.heir))
        self.assertEqual(self._ask(date(2026, 9, 9)).user_id, self.seller)

    def test_the_company_may_switch_it_off(self):
        # S1-13
        policies = self.env["customer.archive.policy"]
        policy = policies.search([("company_id", "=", self.company.id)])
        policy = policy or policies.create({"company_id": self.company.id})
        policy.market_report_reminder = False
        self.assertFalse(self._ask(date(2026, 8, 3)))

    def test_asking_many_costs_little_more(self):
        def count(day):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._ask(day)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(date(2026, 6, 1))
        few = count(date(2026, 7, 6))
        for number in range(10):
            self._new_user(f"new{number}", "user")
        self.assertLessEqual(count(date(2026, 8, 3)), few + 10 * 8)

    # Writing -------------------------------------------------------------------

    def test_written_submitted_received(self):
        # S1-13
        report = self._ask(date(2026, 8, 3)).filtered(
            lambda report: report.user_id == self.seller
        )
        mine = report.with_user(self.seller)
        self.assertIn(report, self.reports.search([("is_missing", "=", True)]))
        with self.assertRaises(UserError):
            mine.action_submit()
        mine.market = "Steel is dear"
        mine.action_submit()
        self.assertFalse(self._desk(self.seller))
        self.assertNotIn(report, self.reports.search([("is_missing", "=", True)]))
        with self.assertRaises(UserError):
            mine.market = "Steel is cheap"
        for user in (self.seller, self.leader, self.manager):
            with self.assertRaises(UserError):
                report.with_user(user).action_receive()
        mine.action_take_back()
        mine.proposals = "Buy now"
        mine.action_submit()
        report.with_user(self.keeper).action_receive()
        self.assertEqual(
            (report.state, report.received_by_id), ("received", self.keeper)
        )
        mine.action_take_back()
        self.assertEqual(report.state, "received")

    def test_an_extra_one_at_any_time(self):
        # S1-13
        reports = self.reports.with_user(self.seller)
        extra = reports.create({"market": "A rival is bankrupt"})
        self.assertEqual((extra.kind, extra.user_id), ("extra", self.seller))
        reports.create({"market": "Another one"}).unlink()
        extra.action_submit()
        with self.assertRaises(UserError):
            extra.unlink()

    def test_ticked_off_is_handed_in_if_written(self):
        report = self._ask(date(2026, 8, 3)).filtered(
            lambda report: report.user_id == self.seller
        )
        report.with_user(self.seller).market = "Steel is dear"
        self._desk(self.seller).with_user(self.seller).action_feedback()
        self.assertEqual(report.state, "submitted")

    def test_one_writes_for_oneself_and_by_buttons(self):
        # S1-13
        reports = self.reports.with_user(self.seller)
        report = reports.create({"market": "x"})
        for vals in (
            {"user_id": self.heir.id},
            {"state": "received"},
            {"kind": "monthly"},
            {"date_due": "2020-01-01"},
            {"team_id": False},
        ):
            with self.assertRaises(UserError):
                reports.create({"market": "x", **vals})
            with self.assertRaises(UserError):
                report.write(vals)

    # Who reads -----------------------------------------------------------------

    def test_who_reads_it(self):
        # S1-13
        report = self.reports.with_user(self.seller).create({"market": "Secret price"})
        other_team = self.env["crm.team"].create(
            {"name": "Other", "company_id": False, "member_ids": [Command.clear()]}
        )
        other_leader = self._new_user("other_leader", "supervisor")
        other_team.user_id = other_leader
        readers = (self.seller, self.leader, self.manager, self.keeper)
        for user in readers:
            as_user = report.with_user(user)
            self.assertEqual(as_user.search([("id", "=", report.id)]), report)
            self.assertEqual(as_user.market, "Secret price")
            if user != self.seller:
                with self.assertRaises(AccessError):
                    as_user.write({"market": "x"})
        for user in (self.heir, other_leader, self.mate, self.stranger):
            as_user = report.with_user(user)
            with self.assertRaises(AccessError):
                as_user.read(["market"])
            with self.assertRaises(AccessError):
                as_user.action_submit()
            self.assertNotIn("Seller", as_user.display_name)
        abroad = self.env["res.company"].create({"name": "Abroad"})
        report.sudo().write({"company_id": abroad.id})
        self.assertFalse(
            report.with_user(self.manager).search([("id", "=", report.id)])
        )
