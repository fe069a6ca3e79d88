from datetime import datetime, timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .loan_common import CLOSE_OF_WORK, MORNING, LoanCase

CONFIDENTIAL = "Loan: confidential (S3-10)"
ROUTE = "customer_archive_security.customer_approval_route_loan"


@tagged("post_install", "-at_install")
class TestLoanTerms(LoanCase):
    # ------------------------------------------------------------------
    # Which way a request goes
    # ------------------------------------------------------------------

    def test_routes_as_shipped(self):
        # S0-26 S3-10 S3-11 S3-12 S4-23
        self.secrecy["confidential"].borrower_group_id = False
        self.secrecy["secret"].borrower_group_id = False
        cases = [
            ("employee", "B", "internal", {}, "_department"),
            ("employee", "A", "internal", {}, "_important"),
            ("employee", "C", "secret", {}, "_important"),
            ("employee", "C", "public", {"customer_class": "important"}, "_important"),
            ("employee", "A", "confidential", {}, "_confidential"),
            ("owner", "B", "confidential", {}, "_confidential"),
            ("owner", "A", "internal", {}, ""),
            ("owner", "B", "internal", {"user_id": False, "team_id": False}, ""),
            ("leader", "A", "internal", {}, "_line_head"),
            ("leader", "A", "internal", {"user_id": False, "team_id": False}, ""),
            ("leader", "A", "confidential", {}, "_confidential"),
        ]
        for role, tier, secrecy, vals, route in cases:
            with self.subTest(role=role, tier=tier, secrecy=secrecy, **vals):
                loan = self.ask(role, self.make(tier, secrecy, **vals))
                approval = loan.sudo().approval_ids
                self.assertEqual(approval.route_id, self.env.ref(ROUTE + route))

    def test_head_of_the_line_has_it_at_once_and_on_record(self):
        # S3-11
        dossier = self.make("A")
        self.assertFalse(self.sees("leader", dossier))
        loan = self.ask("leader", dossier)
        self.assertEqual(loan.state, "granted")
        self.assertTrue(self.sees("leader", dossier))
        self.assertEqual(loan.approval_ids.state, "approved")
        self.assertFalse(loan.approval_ids.decision_ids)
        self.assertFalse(self.sees("owner", dossier))

    def test_general_manager_lends_what_is_confidential(self):
        # S3-10
        self.secrecy["confidential"].borrower_group_id = False
        dossier = self.make("B", "confidential")
        loan = self.ask("employee", dossier)
        for role in ("service", "manager", "director"):
            with self.subTest(role=role), self.assertRaises(UserError):
                self.approve(loan, role)
        self.approve(loan, "executive")
        self.assertTrue(self.sees("employee", dossier))

    def test_marketing_director_lends_what_is_important(self):
        # S4-23
        loan = self.ask("employee", self.make("A"))
        for role in ("service", "manager"):
            with self.subTest(role=role), self.assertRaises(UserError):
                self.approve(loan, role)
        self.approve(loan, "director")
        self.assertEqual(loan.state, "granted")

    def test_another_order_settles_what_the_policies_leave_open(self):
        """Customer service for all other departments, where the company likes it."""
        # S0-26
        self.env.ref(ROUTE + "_department").with_user(
            self.users["settings"]
        ).sequence = 1
        loan = self.ask("employee", self.make("A"))
        self.approve(loan, "service")
        self.assertEqual(loan.state, "granted")

    # ------------------------------------------------------------------
    # Who, how long, and what for
    # ------------------------------------------------------------------

    def test_rank_of_borrowers(self):
        # S1-19
        dossier = self.make("B", "secret")
        for role in ("employee", "owner"):
            with self.subTest(role=role), self.assertRaises(UserError):
                self.ask(role, dossier)
        group = self.env.ref("customer_archive_security.group_clearance_secret")
        self.users["employee"].group_ids += group
        loan = self.ask("employee", dossier)
        self.users["employee"].group_ids -= group
        with self.assertRaises(UserError):
            self.approve(loan, "director")
        self.users["employee"].group_ids += group
        self.approve(loan, "director")
        self.assertEqual(loan.state, "granted")

    def test_important_data_come_back_the_same_day(self):
        # S4-22 S4-23
        for tier, secrecy in (("A", "internal"), ("B", "secret")):
            self.secrecy["secret"].borrower_group_id = False
            with self.subTest(tier=tier, secrecy=secrecy):
                dossier = self.make(tier, secrecy)
                dialog = self.dialog("employee", dossier)
                self.assertEqual(dialog.date_end, CLOSE_OF_WORK)
                self.assertEqual(dialog.latest_end, CLOSE_OF_WORK)
                dialog.date_end = CLOSE_OF_WORK + timedelta(seconds=1)
                with self.assertRaises(UserError):
                    dialog.action_send()
                dialog.date_end = CLOSE_OF_WORK
                dialog.action_send()

    def test_days_are_data_of_tier_secrecy_and_company(self):
        dossier = self.make("A", "internal")
        loans = self.env["customer.loan"]
        self.assertEqual(loans._get_longest_days(dossier), 1)
        self.tiers["A"].with_user(self.users["settings"]).loan_days = 3
        self.assertEqual(loans._get_longest_days(dossier), 3)
        self.secrecy["internal"].loan_days = 2
        self.assertEqual(loans._get_longest_days(dossier), 2)
        policy = self.env["customer.archive.policy"]._get_policy(dossier.company_id)
        self.assertEqual(loans._get_longest_days(self.make(None, None)), 30)
        policy.loan_days = 0
        self.assertFalse(loans._get_latest_end(self.make(None, None), MORNING))

    def test_work_closes_by_the_clock_of_the_company(self):
        loans = self.env["customer.loan"]
        company = self.env.company
        policy = loans.env["customer.archive.policy"]._get_policy(company)
        policy.loan_timezone = "Asia/Shanghai"
        policy.loan_closing_hour = 17.5
        for start, days, end in (
            # 9:00 and 17:29 in Shanghai, then after work
            (datetime(2026, 3, 2, 1, 0), 1, datetime(2026, 3, 2, 9, 30)),
            (datetime(2026, 3, 2, 9, 29), 1, datetime(2026, 3, 2, 9, 30)),
            (datetime(2026, 3, 2, 9, 30), 1, datetime(2026, 3, 3, 9, 30)),
            (datetime(2026, 3, 2, 17, 0), 1, datetime(2026, 3, 3, 9, 30)),
            (datetime(2026, 3, 2, 1, 0), 3, datetime(2026, 3, 4, 9, 30)),
        ):
            with self.subTest(start=start, days=days):
                loan_end = loans.with_context(tz="America/New_York")
                self.assertEqual(loan_end._get_close_of_work(company, start, days), end)

    def test_days_the_company_does_not_work_do_not_count(self):
        """Weekends and holidays of the company; time off of a person is his own."""
        # S4-22 S4-23
        company = self.env.company
        calendar = self.env["resource.calendar"].create(
            {"name": "Office", "tz": "America/New_York", "company_id": company.id}
        )
        company.resource_calendar_id = calendar
        abroad = self.env["res.company"].create({"name": "Abroad"})
        person = self.env["resource.resource"].create({"name": "Li"})
        for day, where, vals in (
            (10, company, {}),
            (9, abroad, {}),
            (11, company, {"resource_id": person.id}),
        ):
            time_off = self.env["resource.calendar.leaves"].create(
                {
                    "name": "Time off",
                    "calendar_id": False,
                    "date_from": datetime(2026, 3, day),
                    "date_to": datetime(2026, 3, day, 23, 59, 59),
                    **vals,
                }
            )
            time_off.company_id = where
        employee = self.env["customer.loan"].with_user(self.users["employee"])
        for start, days, end in (
            # Friday, and Friday after work
            (datetime(2026, 3, 6, 9), 1, datetime(2026, 3, 6, 18)),
            (datetime(2026, 3, 6, 18), 1, datetime(2026, 3, 9, 18)),
            (datetime(2026, 3, 7, 9), 1, datetime(2026, 3, 9, 18)),
            (datetime(2026, 3, 6, 9), 2, datetime(2026, 3, 9, 18)),
            # Tuesday is a holiday
            (datetime(2026, 3, 6, 9), 3, datetime(2026, 3, 11, 18)),
            (datetime(2026, 3, 10, 9), 1, datetime(2026, 3, 11, 18)),
            (datetime(2026, 3, 2, 9), 30, datetime(2026, 4, 13, 18)),
        ):
            with self.subTest(start=start, days=days):
                found = employee._get_close_of_work(company, start, days)
                self.assertEqual(found, end)
        calendar.attendance_ids.unlink()
        found = employee._get_close_of_work(company, datetime(2026, 3, 6, 9), 3)
        self.assertEqual(found, datetime(2026, 3, 8, 18), "no hours: each day counts")

    def test_more_time_keeps_to_the_same_limit(self):
        loan = self.granted("owner", self.make("A"), "manager")
        with self.assertRaises(UserError):
            loan._request_more_time(CLOSE_OF_WORK + timedelta(days=1), "Late")

    def test_no_copies_where_the_grade_forbids_them(self):
        # S2-37
        self.secrecy["confidential"].borrower_group_id = False
        dossier = self.make("B", "confidential")
        dialog = self.dialog("employee", dossier, mode="copy")
        self.assertFalse(dialog.is_copy_allowed)
        with self.assertRaises(UserError):
            dialog.action_send()
        self.assertEqual(self.ask("employee", self.make("B"), mode="copy").mode, "copy")

    # ------------------------------------------------------------------
    # The dialog
    # ------------------------------------------------------------------

    def test_found_by_number_too(self):
        dossier = self.make("B")
        dialog = self.dialog(
            "employee", dossier, partner_id=False, number=f" {dossier.number} "
        )
        self.assertEqual(dialog.stub_customer, dossier.partner_id.name)
        loan = self.as_role(dialog.action_send()["res_id"], "employee")
        self.assertEqual(loan.dossier_id.id, dossier.id)

    def test_what_is_missing_is_named(self):
        """Purpose, quantity, an end to come, and the rules."""
        # S3-12 S3-13
        dossier = self.make("B")
        for vals in (
            {"purpose": " "},
            {"quantity": False},
            {"is_confirmed": False},
            {"date_end": MORNING},
            {"partner_id": False, "number": "none"},
        ):
            with self.subTest(**vals), self.assertRaises(UserError):
                self.ask("employee", dossier, **vals)

    def test_nobody_borrows_what_is_open_to_him_but_the_paper(self):
        dossier = self.make("B")
        with self.assertRaises(UserError):
            self.ask("owner", dossier)
        loan = self.ask("owner", dossier, is_paper=True)
        self.assertEqual(loan.state, "requested")

    def test_dossiers_of_other_companies_are_not_found(self):
        abroad = self.env["res.company"].create({"name": "Abroad"})
        dossier = self.make(
            "B", company_id=abroad.id, user_id=False, team_id=False, keeper_id=False
        )
        for vals in ({}, {"partner_id": False, "number": dossier.number}):
            dialog = self.dialog("employee", dossier, **vals)
            self.assertFalse(dialog.stub_number)
            with self.assertRaises(UserError):
                dialog.action_send()

    def test_dialogs_are_ones_own(self):
        dialog = self.dialog("employee", self.make("B"))
        other = dialog.with_user(self.users["owner"])
        self.assertFalse(other.has_access("read"))
