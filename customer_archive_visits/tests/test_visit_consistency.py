"""Moving, cancelling and reassigning in any order leaves nothing behind."""

from datetime import datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from odoo.exceptions import UserError
from odoo.fields import Command, Date
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.customer_visit import OPEN_STATES
from .visit_common import VisitCommon

HOURS = st.integers(min_value=1, max_value=200)
PEOPLE = st.sampled_from(("leader", "manager", "seller", "heir", "mate"))
SETTINGS = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    # the same course each time: a test that fails shall fail again
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


class VisitMachine(RuleBasedStateMachine):
    """Whatever people try, in any order; a refusal leaves everything as it was."""

    case = None

    def __init__(self):
        super().__init__()
        self.env = self.case.env
        self.savepoint = self.env.cr.savepoint(flush=True)
        self.events = self.env["calendar.event"].with_context(active_test=False)
        self.foreign = self.events.search([])
        self.visits = self.case._plan(date_start=self._hours_ago(100)).sudo()
        self.promises = self.env["customer.commitment"].sudo()
        self.is_wiped = False

    def teardown(self):
        self.env.invalidate_all(flush=False)
        self.env.transaction.clear()
        self.savepoint.rollback()
        self.savepoint.close(rollback=False)

    @property
    def visit(self):
        return self.visits[-1]

    @property
    def is_over(self):
        dossier = self.case.dossier.sudo()
        return not dossier.active or dossier.state == "closed"

    def _as(self, name):
        return self.visit.with_user(getattr(self.case, name))

    @staticmethod
    def _hours_ago(hours):
        return datetime.now().replace(microsecond=0) - timedelta(hours=hours)

    def _try(self, action):
        try:
            with self.env.cr.savepoint():
                action()
                self.env.flush_all()
        except UserError:
            self.env.invalidate_all()
        self.visits |= self.visit.next_visit_id

    # What happens to the visit --------------------------------------------

    @rule(who=PEOPLE, hours=HOURS)
    def move_visit(self, who, hours):
        self._try(lambda: self._as(who).write({"date_start": self._hours_ago(hours)}))

    @rule(who=PEOPLE, hours=HOURS)
    def put_visit_off(self, who, hours):
        self._try(lambda: self._as(who).write({"date_start": self._hours_ago(-hours)}))

    @rule(who=PEOPLE)
    def lengthen_visit(self, who):
        self._try(lambda: self._as(who).write({"duration": 2.5}))

    @rule(who=PEOPLE)
    def make_appointment(self, who):
        vals = {"state": "confirmed", "appointment_person_id": self.case.clerk.id}
        self._try(lambda: self._as(who).write(vals))

    @rule(who=PEOPLE, state=st.sampled_from(("planned", "confirmed", "done")))
    def drag(self, who, state):
        self._try(lambda: self._as(who).write({"state": state}))

    @rule()
    def go(self):
        """The usual course, so that what comes after it is tried often."""
        self.drag("leader", "planned")
        self.move_visit("leader", 50)
        self.make_appointment("leader")
        self.drag("leader", "done")

    @rule(who=PEOPLE)
    def cancel(self, who):
        self._try(lambda: self._as(who)._end_with_reason("x"))

    @rule(who=PEOPLE, result=st.sampled_from("ACE"))
    def report(self, who, result):
        def report():
            visit = self._as(who)
            visit.write({"summary": "x", "result": result, "objective_met": "yes"})
            visit.action_submit_report()

        self._try(report)

    @rule(who=PEOPLE, visitor=PEOPLE)
    def send_somebody_else(self, who, visitor):
        user = getattr(self.case, visitor)
        self._try(lambda: self._as(who).write({"user_id": user.id}))

    @rule(who=PEOPLE, companions=st.sets(PEOPLE, max_size=2))
    def take_along(self, who, companions):
        ids = [getattr(self.case, name).id for name in companions]
        vals = {"companion_ids": [Command.set(ids)]}
        self._try(lambda: self._as(who).write(vals))

    @rule(owner=st.sampled_from(("seller", "heir")))
    def hand_customer_over(self, owner):
        dossier = self.case.dossier.with_user(self.case.leader)
        self._try(lambda: dossier.write({"user_id": getattr(self.case, owner).id}))

    @rule(vals=st.sampled_from(({"state": "closed"}, {"active": False})))
    def end_dossier(self, vals):
        self.case.dossier.sudo().write(vals)

    @rule()
    def reopen_dossier(self):
        self.case.dossier.sudo().write({"state": "filed", "active": True})

    # What happens in the calendar -----------------------------------------

    @rule(who=PEOPLE, hours=HOURS)
    def move_event(self, who, hours):
        event = self.visit.event_id.with_user(getattr(self.case, who))
        start = self._hours_ago(hours)
        vals = {"start": start, "stop": start + timedelta(hours=1.5)}
        if event:
            self._try(lambda: event.write(vals))

    @rule(who=PEOPLE, how=st.sampled_from(("unlink", "action_archive")))
    def remove_event(self, who, how):
        event = self.visit.event_id.with_user(getattr(self.case, who))
        if event:
            self._try(getattr(event, how))

    # What happens to promises ---------------------------------------------

    @rule(who=PEOPLE, days=HOURS)
    def promise(self, who, days):
        def promise():
            self.promises |= (
                self.env["customer.commitment"]
                .with_user(getattr(self.case, who))
                .create(
                    {
                        "visit_id": self.visit.id,
                        "name": "x",
                        "date": Date.today() + timedelta(days=days),
                    }
                )
                .sudo()
            )

        self._try(promise)

    @rule(who=PEOPLE, name=st.sampled_from(("action_keep", "action_reopen", "drop")))
    def change_promise(self, who, name):
        promises = self.promises[:1].with_user(getattr(self.case, who))
        if name == "drop":
            self._try(lambda: promises._end_with_reason("x"))
        else:
            self._try(getattr(promises, name))

    @rule(who=PEOPLE, days=HOURS)
    def move_activity(self, who, days):
        activity = self.promises[:1].activity_ids.with_user(getattr(self.case, who))
        date = Date.today() + timedelta(days=days)
        self._try(lambda: activity.write({"date_deadline": date}))

    @rule(who=PEOPLE)
    def do_activity(self, who):
        activity = self.promises[:1].activity_ids.with_user(getattr(self.case, who))
        self._try(activity.action_feedback)

    @rule()
    def wipe_activity(self):
        # sudo: he whose activity it is may
        self.promises[:1].activity_ids.sudo().unlink()
        self.env["customer.commitment"]._cron_keep_raised()

    # What holds all the time ----------------------------------------------

    @invariant()
    def calendar_is_the_same(self):
        self.env.invalidate_all()
        linked = self.visits.event_id
        found = self.events.search([]) - self.foreign
        assert found.filtered("active") == linked, (found, linked)
        for visit in self.visits:
            event = visit.event_id
            if visit.state not in OPEN_STATES:
                assert visit.state != "cancelled" or not event
                continue
            assert bool(event) == bool(visit.date_start)
            if not event:
                continue
            people = visit.user_id | visit.companion_ids
            assert event.active and event.privacy == "private"
            assert (event.start, event.stop) == (visit.date_start, visit.date_end)
            assert event.user_id == visit.user_id
            assert event.partner_ids == people.partner_id
            assert event.attendee_ids.partner_id == people.partner_id
            assert not (event.description or event.location or event.res_id)

    @invariant()
    def states_hold(self):
        for visit in self.visits:
            if visit.state == "confirmed":
                assert visit.date_start and visit.appointment_person_id
            took_place = visit.state in ("done", "reported")
            assert len(visit.interaction_ids) == took_place
            if took_place:
                assert visit.interaction_ids.user_id == visit.user_id
            elif visit.state != "cancelled":
                assert visit.with_user(visit.user_id).has_access("read")

    @invariant()
    def nothing_is_planned_where_all_is_over(self):
        if not self.is_over:
            return
        for visit in self.visits.filtered(lambda v: v.state in OPEN_STATES):
            assert visit.state == "confirmed", visit.state

    @invariant()
    def promises_are_on_a_desk(self):
        for promise in self.promises:
            activities = promise.activity_ids
            if promise.state != "open" or self.is_over:
                assert not activities
                continue
            assert len(activities) == 1
            assert activities.user_id == promise.user_id
            assert activities.date_deadline == promise.date


@tagged("post_install", "-at_install", "customer_visit")
class TestVisitConsistency(VisitCommon):
    def test_any_order(self):
        """S1-33: nothing planned or promised gets lost on the way."""
        machine = type("Machine", (VisitMachine,), {"case": self})
        with mute_logger("odoo.addons.base.models.ir_rule", "odoo.sql_db"):
            run_state_machine_as_test(machine, settings=SETTINGS)
