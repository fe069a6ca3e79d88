from datetime import datetime, timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .visit_common import VisitCommon


@tagged("post_install", "-at_install", "customer_visit")
class TestVisitReport(VisitCommon):
    def test_report_has_what_annex_7_asks_for(self):
        # S1-43, S1-44, S1-45, S1-32
        visit = self._make()
        fields_needed = ("summary", "result", "objective_met")
        values = {"summary": "x", "result": "B", "objective_met": "partly"}
        for name in fields_needed:
            visit.write({**values, name: False})
            with self.subTest(missing=name), self.assertRaises(UserError):
                visit.action_submit_report()
        visit.write(values)
        with self.assertRaises(UserError):
            visit.action_submit_report()
        visit.objective_cause = "Too dear"
        visit.met_person_ids = False
        with self.assertRaises(UserError):
            visit.action_submit_report()
        visit.met_person_ids = self.boss
        visit.action_submit_report()
        self.assertEqual(visit.state, "reported")
        self.assertTrue(visit.reported_date)
        self.assertEqual(
            visit._fields["result"].get_values(self.env), ["A", "B", "C", "D", "E"]
        )
        self.assertEqual(visit._fields["plan_code"].get_values(self.env), [*"abc"])

    def test_whoever_was_to_be_met_is_proposed(self):
        # S1-43
        visit = self._make()
        self.assertEqual(visit.met_person_ids, self.clerk)

    def test_a_report_on_file_is_not_changed(self):
        visit = self._report(self._make())
        for values in ({"summary": "other"}, {"result": "D"}, {"date_start": False}):
            with self.assertRaises(UserError):
                visit.write(values)
        with self.assertRaises(UserError):
            visit.action_reopen()
        visit.with_user(self.leader).action_reopen()
        visit.summary = "other"
        visit.action_submit_report()
        self.assertEqual(len(visit.interaction_ids), 1)

    def test_a_visit_is_a_contact(self):
        """Made: the customer was contacted. Reported: who and what."""
        visit = self._make()
        contact = visit.interaction_ids
        self.assertEqual(contact.channel, "visit")
        self.assertEqual(contact.date, visit.date_start)
        self.assertEqual(contact.user_id, self.seller)
        self.assertEqual(contact.highest_rank, "staff")
        self._report(visit, met_person_ids=[fields.Command.set(self.boss.ids)])
        self.assertEqual(visit.interaction_ids, contact)
        self.assertEqual(contact.highest_rank, "executive")
        self.assertEqual(contact.summary, visit.summary)
        self.assertEqual(contact.shown_summary, visit.summary)

    def test_missing_report_is_told_in_the_readers_language(self):
        """Nobody's words are kept for it, and S1-42 holds for all other contacts."""
        visit = self._make()
        contact = visit.interaction_ids
        self.assertFalse(contact.summary)
        texts = {
            lang: contact.with_context(lang=lang).shown_summary
            for lang in (None, "zh_CN")
        }
        self.assertIn("report", texts[None])
        self.assertIn("报告", texts["zh_CN"])
        with self.assertRaises(ValidationError):
            contact.create({"dossier_id": self.dossier.id, "channel": "visit"})

    def test_a_call_without_words_shows_none(self):
        contact = self.env["customer.interaction"].create(
            {"dossier_id": self.dossier.id, "channel": "call", "is_reached": False}
        )
        self.assertFalse(contact.shown_summary)

    def test_contact_follows_what_is_corrected(self):
        visit = self._make()
        earlier = visit.date_start - timedelta(days=1)
        visit.with_user(self.leader).write(
            {
                "user_id": self.leader.id,
                "date_start": earlier,
                "met_person_ids": [fields.Command.set(self.boss.ids)],
            }
        )
        contact = visit.interaction_ids
        self.assertEqual((contact.user_id, contact.date), (self.leader, earlier))
        self.assertEqual(contact.person_ids, self.boss)

    def test_what_did_not_take_place_is_no_contact(self):
        visit = self._make()
        contact = visit.interaction_ids
        visit.action_confirm()
        self.assertFalse(contact.active)
        self.assertTrue(contact.strike_reason)
        visit.action_done()
        self.assertTrue(contact.active)
        self.assertEqual(visit.interaction_ids, contact)

    def test_lesson_is_there_before_the_next_visit(self):
        # S1-32
        visit = self._make(objective="Sell")
        self._report(
            visit, objective_met="no", objective_cause="Price", lesson="Bring samples"
        )
        following = self._plan()
        self.assertEqual(following.last_lesson, "Bring samples")
        self.assertEqual(following.last_visit_id, visit)
        other = self._new_dossier("Other")
        self.assertFalse(self._plan(dossier_id=other.id).last_lesson)
        self.assertFalse(visit.last_lesson)

    @freeze_time("2026-03-04 12:00")  # a Wednesday
    def test_results_c_and_e_propose_the_next_date(self):
        # S1-45
        visit = self._make()
        for result, date in (
            ("A", None),
            ("C", "2026-03-18"),
            ("D", None),
            ("E", "2026-04-03"),
        ):
            visit.result = result
            self.assertEqual(visit.next_date, fields.Date.to_date(date) or False)

    @freeze_time("2026-03-04 12:00")
    def test_next_date_is_a_working_day_of_the_visitor(self):
        # S1-45
        calendar = self.env["resource.calendar"].create(
            {"name": "Weekdays", "tz": "UTC", "company_id": self.env.company.id}
        )
        self.env.company.resource_calendar_id = calendar
        self.env["customer.archive.policy"].search([("id", ">", 0)]).unlink()
        self.env["customer.archive.policy"].create(
            {"company_id": self.env.company.id, "revisit_days": 10}
        )
        # a Saturday, which the visitor follows with two days off
        self.env["resource.resource"].create(
            {"name": "Seller", "user_id": self.seller.id, "calendar_id": calendar.id}
        )
        visit, leaders = self._make(), self._make()
        leaders.sudo().user_id = self.leader
        (visit | leaders).sudo().result = "C"
        self.assertEqual(visit.next_date, fields.Date.to_date("2026-03-16"))
        visit.result = False
        self.env["resource.calendar.leaves"].create(
            {
                "calendar_id": calendar.id,
                "resource_id": self.seller.resource_ids.id,
                "date_from": "2026-03-16 00:00",
                "date_to": "2026-03-17 23:59",
            }
        )
        visit.result = "C"
        self.assertEqual(visit.next_date, fields.Date.to_date("2026-03-18"))
        self.assertEqual(leaders.next_date, fields.Date.to_date("2026-03-16"))

    @freeze_time("2026-03-04 12:00")
    def test_next_visit_is_on_that_day_where_the_visitor_lives(self):
        # S1-45
        self.seller.tz = "Asia/Shanghai"
        visit = self._make()
        # half past seven in the morning of the fourth
        visit.date_start = datetime(2026, 3, 3, 23, 30)
        following = self._report(visit, result="C").next_visit_id
        self.assertEqual(following.date_start, datetime(2026, 3, 17, 23, 30))
        self.assertEqual(following._get_day(), visit.next_date)

    def test_next_visit_is_planned_once(self):
        # S1-45
        visit = self._report(self._make(), result="C", objective_met="yes")
        following = visit.next_visit_id
        self.assertEqual(following.state, "planned")
        self.assertEqual(following.date_start.date(), visit.next_date)
        self.assertEqual(following.date_start.time(), visit.date_start.time())
        self.assertEqual(following.user_id, self.seller)
        visit.with_user(self.leader).action_reopen()
        visit.action_submit_report()
        self.assertEqual(visit.next_visit_id, following)
        declined = self._report(self._make(), result="E", next_date=False)
        self.assertFalse(declined.next_visit_id)

    def test_promises_are_kept(self):
        # S1-33, S1-2
        visit = self._make()
        visit.write(
            {
                "promise_ids": [
                    fields.Command.create({"name": "Send a sample", "date": "2030-1-9"})
                ]
            }
        )
        promise = visit.promise_ids
        self.assertEqual(promise.dossier_id, self.dossier)
        activity = promise.activity_ids
        self.assertEqual(activity.user_id, self.seller)
        self.assertEqual(activity.date_deadline, promise.date)
        self.assertFalse(activity.summary or activity.note)
        self.assertNotIn("sample", activity.res_name)
        self.assertEqual(visit.open_promise_count, 1)
        activity.with_user(self.seller).action_feedback("By mail")
        self.assertEqual((promise.state, promise.note), ("kept", "By mail"))
        self.assertEqual(visit.open_promise_count, 0)
        self.assertFalse(promise.activity_ids)

    def test_promise_is_dropped_with_a_reason(self):
        # S1-33
        promise = self._promise()
        with self.assertRaises(UserError):
            promise.state = "dropped"
        action = promise.action_drop()
        wizard = self.env["customer.visit.reason"].with_user(self.seller)
        wizard = wizard.with_context(**action["context"]).create({"reason": "Bought"})
        wizard.action_confirm()
        self.assertEqual((promise.state, promise.drop_reason), ("dropped", "Bought"))
        self.assertFalse(promise.activity_ids)
        promise.action_reopen()
        self.assertTrue(promise.activity_ids)
        self.assertFalse(promise.drop_reason)

    def _promise(self, **vals):
        promises = self.env["customer.commitment"].with_user(self.seller)
        return promises.create(
            {
                "dossier_id": self.dossier.id,
                "name": "Send a sample",
                "date": "2030-01-09",
                **vals,
            }
        )

    def test_promise_and_activity_follow_each_other(self):
        promise = self._promise()
        activity = promise.activity_ids
        activity.with_user(self.seller).date_deadline = "2030-02-01"
        self.assertEqual(str(promise.date), "2030-02-01")
        promise.date = "2030-03-01"
        self.assertEqual(str(promise.activity_ids.date_deadline), "2030-03-01")
        promise.user_id = self.leader
        self.assertEqual(promise.activity_ids.user_id, self.leader)
        with self.assertRaises(UserError):
            promise.user_id = self.heir

    def test_what_was_wiped_off_a_desk_comes_back(self):
        # S1-33
        promise, kept = self._promise(), self._promise()
        kept.action_keep()
        promise.activity_ids.with_user(self.seller).unlink()
        with self.enter_registry_test_mode():
            self.env.ref(
                "customer_archive_visits.ir_cron_keep_raised"
            ).method_direct_trigger()
        self.assertEqual(len(promise.activity_ids), 1)
        self.assertFalse(kept.activity_ids)

    def test_issues_left_open_become_activities_with_a_date(self):
        # S1-46
        visit = self._make()
        issue = self.env["customer.commitment"].with_user(self.seller)
        issue = issue.create({"visit_id": visit.id, "name": "x", "kind": "issue"})
        self.assertEqual(visit.issue_ids, issue)
        self.assertFalse(visit.promise_ids)
        self.assertFalse(issue.activity_ids)
        issue.date = "2030-01-01"
        self.assertTrue(issue.activity_ids)
        visit.handled_issues = "Invoice corrected"
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self._promise(date=False)

    def test_expenses_add_up(self):
        # S1-46, S1-30
        visit = self._make()
        lines = self.env["customer.visit.expense"].with_user(self.seller)
        lines = lines.create(
            [
                {"visit_id": visit.id, "name": "Train", "estimate": 5, "amount": 7},
                {"visit_id": visit.id, "name": "Meal", "amount": 11.5, "note": "4"},
            ]
        )
        self.assertEqual(visit.actual_amount, 18.5)
        self.assertEqual(visit.estimate_amount, 5)
        self._report(visit)
        with self.assertRaises(UserError):
            lines[0].amount = 1

    def test_receipt_is_as_open_as_its_line(self):
        # S1-46: a picture of the receipt, under the lock
        pixel = (
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
            "WjR9awAAAABJRU5ErkJggg=="
        )
        visit = self._make()
        line = self.env["customer.visit.expense"].with_user(self.seller)
        line = line.create({"visit_id": visit.id, "name": "Taxi", "receipt": pixel})
        attachments = self.env["ir.attachment"]
        domain = [("res_model", "=", line._name), ("res_field", "=", "receipt")]
        self.assertTrue(attachments.with_user(self.seller).search(domain))
        self.assertFalse(attachments.with_user(self.heir).search(domain))
        for user in (self.stranger, self.mate):
            with self.assertRaises(AccessError):
                attachments.with_user(user).search(domain)
        self.assertFalse(visit._fields.get("message_ids"))

    def test_report_form_is_filled_in_order(self):
        """The form as a person fills it in."""
        visit = self._make()
        action = visit.action_report()
        view = self.env["ir.ui.view"].browse(action["views"][0][0])
        with Form(visit, view=view) as form:
            form.summary = "They liked it"
            form.result = "C"
            form.objective_met = "yes"
            self.assertTrue(form.next_date)
            with form.promise_ids.new() as line:
                line.name = "Offer"
                line.date = "2030-01-01"
        visit.action_submit_report()
        self.assertEqual(visit.promise_ids.kind, "promise")
        self.assertTrue(visit.next_visit_id)


@tagged("post_install", "-at_install", "customer_visit")
class TestReportMissing(VisitCommon):
    def _sweep(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "customer_archive_visits.ir_cron_remind_reports"
            ).method_direct_trigger()

    def _over(self, days, **vals):
        visit = self._plan(
            date_start=datetime.now() - timedelta(days=days, hours=2),
            appointment_person_id=self.clerk.id,
            **vals,
        )
        visit.action_confirm()
        return visit

    def test_missing_reports_are_seen(self):
        # S1-33
        fresh, late, done = self._over(0), self._over(2), self._over(2)
        done.action_done()
        reported = self._over(2)
        reported.action_done()
        self._report(reported)
        for user in (self.seller, self.leader, self.manager):
            visits = self.env["customer.visit"].with_user(user)
            found = visits.search([("is_report_missing", "=", True)])
            self.assertEqual(found, (late | done).with_user(user))
        self.assertFalse(fresh.is_report_missing)
        self.assertTrue(late.is_report_missing and done.is_report_missing)
        self.env["customer.archive.policy"].create(
            {"company_id": self.env.company.id, "report_days": 5}
        )
        found = visits.search([("is_report_missing", "=", True)])
        self.assertFalse(found & late)

    def test_visitor_and_then_superior_are_reminded_once(self):
        # S1-33
        fresh, late, very_late = self._over(0), self._over(2), self._over(4)
        self._sweep()
        self._sweep()
        self.assertFalse(fresh.activity_ids)
        self.assertEqual(late.activity_ids.user_id, self.seller)
        self.assertEqual(len(late.activity_ids), 1)
        self.assertEqual(very_late.activity_ids.user_id, self.seller | self.leader)
        self.assertEqual(len(very_late.activity_ids), 2)
        for activity in very_late.activity_ids:
            self.assertEqual(activity.res_name, self.dossier.number)
            self.assertFalse(activity.summary or activity.note)

    def test_reporting_clears_the_desks(self):
        late = self._over(4)
        self._sweep()
        late.action_done()
        self.assertFalse(late.activity_ids)
        self._sweep()
        self.assertTrue(late.activity_ids)
        self._report(late)
        self.assertFalse(late.activity_ids)

    def test_who_lost_the_customer_is_not_reminded(self):
        late = self._over(2)
        self.dossier.with_user(self.leader).user_id = self.heir
        # sudo: as if he had gone on being the visitor
        late.sudo().state = "done"
        self.env.cr.execute(
            "UPDATE customer_visit SET user_id = %s WHERE id = %s",
            (self.seller.id, late.id),
        )
        self.env.invalidate_all()
        self._sweep()
        self.assertEqual(late.sudo().activity_ids.user_id, self.heir)

    def test_sweep_is_one_statement(self):
        """And five that look up what it needs, for one report or for many."""
        for count in (1, 30):
            for _i in range(count):
                self._over(2)
            self.env.flush_all()
            reminder = self.env["customer.visit"]._get_reminders()[0]
            self.env["customer.visit"]._raise_reminder(reminder, 0)
            with self.subTest(count=count), self.assertQueryCount(6):
                raised = self.env["customer.visit"]._raise_reminder(reminder, 100)
            self.assertEqual(raised, count)
