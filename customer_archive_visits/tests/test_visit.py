from datetime import datetime, timedelta

from lxml import etree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .visit_common import VisitCommon


@tagged("post_install", "-at_install", "customer_visit")
class TestVisit(VisitCommon):
    def test_a_visit_has_an_objective_and_somebody_to_meet(self):
        # S1-29
        visit = self._plan()
        self.assertEqual(visit.person_ids, self.clerk)
        self.assertEqual(visit.city, "Hiddentown")
        with self.assertRaises(ValidationError):
            visit.objective = "  "

    def test_purposes_and_targets_are_those_of_the_policy(self):
        fields = self.env["customer.visit"]._fields
        # S1-25
        self.assertEqual(
            fields["purpose"].get_values(self.env),
            ["market", "competitor", "maintain", "acquire", "introduce", "influence"],
        )
        self.assertEqual(
            fields["sub_purpose"].get_values(self.env),
            ["feelings", "volume", "payment"],
        )
        # S1-26
        self.assertEqual(
            fields["target_kind"].get_values(self.env),
            ["business", "target", "potential", "peer", "authority"],
        )

    def test_only_maintenance_has_a_sub_purpose(self):
        # S1-25
        visit = self._plan(purpose="maintain", sub_purpose="payment")
        self.assertEqual(visit.sub_purpose, "payment")
        visit.purpose = "market"
        self.assertFalse(visit.sub_purpose)
        visit.purpose = "maintain"
        self.assertEqual(visit.sub_purpose, "feelings")

    def test_target_and_talks_are_proposed(self):
        # S1-26, S1-44
        first = self._plan()
        self.assertEqual((first.target_kind, first.plan_code), ("potential", "a"))
        self._report(self._make())
        self.env["customer.transaction"].create(
            {"dossier_id": self.dossier.id, "amount": 5}
        )
        second = self._plan()
        self.assertEqual((second.target_kind, second.plan_code), ("business", "c"))
        third = self._plan(plan_code="b", target_kind="authority")
        self.assertEqual((third.target_kind, third.plan_code), ("authority", "b"))

    def test_visit_before_there_were_plans(self):
        """Whoever is on file as visited is not visited for the first time (S1-44)."""
        visited = {"dossier_id": self.dossier.id, "channel": "visit"}
        contacts = self.env["customer.interaction"]
        contacts.create({**visited, "is_reached": False})
        self.assertEqual(self._plan().plan_code, "a")
        contacts.create({**visited, "summary": "Saw the works"})
        self.assertEqual(self._plan().plan_code, "c")

    def test_appointment_is_made_with_somebody_for_some_time(self):
        # S1-29
        visit = self._plan(date_start=False)
        with self.assertRaises(UserError):
            visit.action_confirm()
        visit.date_start = self.start
        with self.assertRaises(UserError):
            visit.action_confirm()
        visit.appointment_person_id = self.clerk
        visit.action_confirm()
        self.assertEqual(visit.state, "confirmed")
        self.assertTrue(visit.appointment_date)
        visit.action_unconfirm()
        self.assertFalse(visit.appointment_person_id)

    def test_moves_that_lead_nowhere_are_refused(self):
        moves = (
            ("planned", "done"),
            ("planned", "reported"),
            ("confirmed", "reported"),
            ("done", "planned"),
            ("done", "cancelled"),
            ("reported", "cancelled"),
            ("reported", "planned"),
            ("cancelled", "done"),
            ("cancelled", "confirmed"),
        )
        for old, new in moves:
            with self.subTest(old=old, new=new):
                visit = self._plan(date_start=datetime.now() - timedelta(days=1))
                # sudo: only to get there
                visit.sudo().write({"state": old, "cancel_reason": "x"})
                with self.assertRaises(UserError):
                    visit.with_user(self.manager).state = new

    def test_cancelling_asks_for_the_reason(self):
        visit = self._plan()
        with self.assertRaises(UserError):
            visit.state = "cancelled"
        action = visit.action_cancel()
        wizard = self.env["customer.visit.reason"].with_user(self.seller)
        wizard = wizard.with_context(**action["context"]).create({"reason": " "})
        with self.assertRaises(UserError):
            wizard.action_confirm()
        wizard.reason = "They moved away"
        wizard.action_confirm()
        self.assertEqual(visit.state, "cancelled")
        self.assertEqual(visit.cancel_reason, "They moved away")
        with self.assertRaises(AccessError):
            visit.with_user(self.heir).action_cancel()

    def test_a_visit_is_made_after_it_began(self):
        visit = self._plan(appointment_person_id=self.clerk.id)
        visit.action_confirm()
        with self.assertRaises(UserError):
            visit.action_done()

    def test_who_went_reports(self):
        """An archivist reads everything, but was not there; a superior may help."""
        visit = self._plan(
            date_start=datetime.now() - timedelta(hours=2),
            appointment_person_id=self.clerk.id,
        )
        visit.with_user(self.keeper).action_confirm()
        with self.assertRaises(UserError):
            visit.with_user(self.keeper).action_done()
        visit.with_user(self.leader).action_done()
        self.assertEqual(visit.state, "done")

    def test_nobody_begins_in_the_middle(self):
        for state in ("done", "reported", "cancelled", "confirmed"):
            with self.subTest(state=state), self.assertRaises(UserError):
                self._plan(state=state)

    def test_a_visit_is_made_by_who_may_read_the_dossier(self):
        with self.assertRaises(UserError):
            self._plan(user_id=self.stranger.id)
        visit = self._plan()
        with self.assertRaises(UserError):
            visit.user_id = self.heir
        visit.user_id = self.leader

    def test_items_and_expenses_are_asked_for(self):
        # S1-30
        visit = self._plan(appointment_person_id=self.clerk.id)
        item = self.env["customer.visit.item"].with_user(self.seller)
        item = item.create({"visit_id": visit.id, "name": "Gift", "is_approved": True})
        expense = self.env["customer.visit.expense"].with_user(self.seller)
        expense = expense.create(
            {"visit_id": visit.id, "name": "Train", "estimate": 300}
        )
        self.assertFalse(item.is_approved)
        self.assertTrue(visit.is_request_needed)
        with self.assertRaises(UserError):
            visit.action_confirm()
        visit.action_request_approval()
        self.assertEqual(visit.request_state, "waiting")
        with self.assertRaises(UserError):
            expense.estimate = 3000
        with self.assertRaises(UserError):
            visit.action_approve()
        visit.with_user(self.leader).action_approve()
        self.assertEqual(visit.request_state, "approved")
        self.assertTrue(item.is_approved)
        self.assertEqual(visit.approved_amount, 300)
        visit.action_confirm()
        # more than was approved is asked for anew
        expense.estimate = 301
        self.assertTrue(visit.is_request_needed)
        expense.estimate = 299
        self.assertFalse(visit.is_request_needed)
        item.quantity = 2
        self.assertTrue(visit.is_request_needed)

    def test_refusal_says_why(self):
        # S1-30
        visit = self._plan()
        self.env["customer.visit.item"].create({"visit_id": visit.id, "name": "Gift"})
        visit.action_request_approval()
        visit.approval_id.with_user(self.leader)._decide("refused", "No gifts")
        self.assertEqual(visit.refusal_reason, "No gifts")
        self.assertTrue(visit.is_request_needed)

    def test_expenses_below_the_limit_are_free(self):
        # S1-30: the limit is data
        visit = self._plan()
        self.env["customer.visit.expense"].create(
            {"visit_id": visit.id, "name": "Train", "estimate": 300}
        )
        self.assertTrue(visit.is_request_needed)
        self.env["customer.archive.policy"].create(
            {"company_id": self.env.company.id, "visit_expense_limit": 300}
        )
        visit.invalidate_recordset(["is_request_needed"])
        self.assertFalse(visit.is_request_needed)

    def test_nobody_approves_by_writing(self):
        # S1-30
        visit = self._plan()
        for values in ({"request_state": "approved"}, {"approved_amount": 9999}):
            with self.assertRaises(UserError):
                visit.write(values)
            with self.assertRaises(UserError):
                self._plan(**values)

    def test_merged_customers_keep_their_visits(self):
        other = self._new_dossier("Double")
        visit = self._report(self._make())
        self.env["customer.visit.expense"].sudo().create(
            {"visit_id": visit.id, "name": "Train", "amount": 5}
        )
        self.env["customer.commitment"].create(
            {"visit_id": visit.id, "name": "Send it", "date": "2030-01-01"}
        )
        self.dossier._merge_into(other)
        self.assertEqual(visit.sudo().dossier_id, other)
        self.assertEqual(visit.sudo().expense_ids.dossier_id, other)
        self.assertEqual(visit.sudo().commitment_ids.dossier_id, other)
        self.assertEqual(visit.sudo().interaction_ids.dossier_id, other)

    def test_a_dossier_still_collected_is_deleted_with_its_visits(self):
        visit = self._plan()
        self.env["customer.visit.expense"].create(
            {"visit_id": visit.id, "name": "Train", "estimate": 3}
        )
        self.env["customer.commitment"].create(
            {"visit_id": visit.id, "name": "Send it", "date": "2030-01-01"}
        )
        event = self._event(visit)
        self.dossier.with_user(self.keeper).unlink()
        self.assertFalse(visit.exists())
        self.assertFalse(event.exists())

    def test_query_counts(self):
        """As many queries for forty as for one, in all that is done in bulk."""
        for count in (1, 40):
            dossiers = [self._new_dossier(f"{count} {i}") for i in range(count)]
            vals = [
                {
                    "dossier_id": dossier.id,
                    "date_start": self.start,
                    "objective": "x",
                    "appointment_person_id": dossier.person_ids[0].id,
                }
                for dossier in dossiers
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            visits = self.env["customer.visit"].with_user(self.seller)
            with self.subTest(count=count):
                with self.assertQueryCount(45):
                    visits = visits.create(vals)
                    self.env.flush_all()
                with self.assertQueryCount(12):
                    visits.action_confirm()
                    self.env.flush_all()
                with self.assertQueryCount(10):
                    visits.write({"date_start": self.start + timedelta(hours=1)})
                    self.env.flush_all()
                with self.assertQueryCount(15):
                    visits.sudo().event_id.with_user(self.seller).write(
                        {"start": self.start, "stop": self.start + timedelta(hours=1)}
                    )
                    self.env.flush_all()

    def test_filters_can_be_used(self):
        """Each filter of the searches finds something, or nothing, but never fails."""
        self._plan()
        self._make()
        for model_name in ("customer.visit", "customer.commitment"):
            model = self.env[model_name].with_user(self.leader)
            arch = etree.fromstring(model.get_view(view_type="search")["arch"])
            for node in arch.iter("filter"):
                if domain := node.get("domain"):
                    with self.subTest(model=model_name, filter=node.get("name")):
                        model.search(safe_eval(domain, {"uid": self.leader.id}))

    def test_this_week(self):
        today = datetime.now().replace(hour=12)
        visit = self._plan(date_start=today)
        other = self._plan(date_start=today + timedelta(days=8))
        arch = self.env["customer.visit"].get_view(view_type="search")["arch"]
        (node,) = etree.fromstring(arch).iterfind(".//filter[@name='this_week']")
        visits = self.env["customer.visit"].with_user(self.seller)
        found = visits.search(safe_eval(node.get("domain")))
        self.assertEqual(found & (visit | other), visit)
