from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .visit_common import VisitCommon

HOUR = timedelta(hours=1)
# Nothing of the customer, of our plan or of the people over there.
SECRETS = ("Secretive", "secret", "Hiddentown", "Hush", "CD-")


@tagged("post_install", "-at_install", "customer_visit")
class TestVisitCalendar(VisitCommon):
    def _plan_agreed(self, **vals):
        visit = self._plan(appointment_person_id=self.clerk.id, **vals)
        visit.action_confirm()
        return visit

    def test_our_people_find_it_in_their_calendars(self):
        visit = self._plan(companion_ids=[Command.set(self.mate.ids)])
        event = self._event(visit)
        self.assertEqual((event.start, event.stop), (self.start, self.start + HOUR))
        self.assertEqual(event.user_id, self.seller)
        self.assertEqual(
            event.attendee_ids.partner_id, (self.seller | self.mate).partner_id
        )
        self.assertEqual(event.privacy, "private")

    def test_event_tells_nothing(self):
        """Rows 24 and 25: whatever a column holds, none of it leaves the dossier."""
        visit = self._plan_agreed(place="Secretive cellar", city="Hiddentown")
        event = self._event(visit)
        texts = []
        for record in (event, *event.attendee_ids, *event.message_ids):
            values = record.sudo().read()[0]
            texts += [str(value) for value in values.values()]
        whole = "\n".join(texts)
        secrets = (*SECRETS, self.dossier.number, self.dossier.partner_id.name)
        for secret in secrets:
            self.assertNotIn(secret, whole)
        self.assertFalse(event.description)
        self.assertFalse(event.location)
        self.assertFalse(event.res_model or event.res_id or event.alarm_ids)
        self.assertFalse(event.activity_ids)

    def test_no_link_leads_from_the_calendar_to_the_family(self):
        family = self.env.registry["customer.archive.protected"]
        for field in self.env["calendar.event"]._fields.values():
            if field.comodel_name:
                model = self.env.registry[field.comodel_name]
                self.assertFalse(issubclass(model, family), field.name)

    def test_others_see_busy(self):
        visit = self._plan_agreed()
        name = self._event(visit).name
        event = self._event(visit).with_user(self.stranger)
        event.invalidate_recordset()
        values = event.read(["name", "location", "description", "partner_ids"])[0]
        self.assertNotEqual(values["name"], name)
        self.assertFalse(values["partner_ids"] or values["location"])
        with self.assertRaises(AccessError):
            event.write({"start": self.start + HOUR, "stop": self.start + 2 * HOUR})
        with self.assertRaises(AccessError):
            visit.with_user(self.mate).read(["objective"])

    def test_nobody_is_mailed(self):
        for user in self.seller | self.mate | self.leader:
            user.email = f"{user.login}@example.com"
        messages = self.env["mail.message"].sudo()
        last = messages.search([], order="id desc", limit=1).id
        told = [("id", ">", last), ("partner_ids", "!=", False)]
        # what Odoo does otherwise
        self.env["calendar.event"].with_user(self.seller).create(
            {
                "name": "Lunch",
                "start": self.start,
                "stop": self.start + HOUR,
                "partner_ids": [Command.set(self.mate.partner_id.ids)],
            }
        )
        usual = messages.search(told)
        self.assertTrue(usual)
        visit = self._plan(companion_ids=[Command.set(self.mate.ids)])
        visit.date_start += HOUR
        event = self._event(visit).with_user(self.mate)
        event.write({"start": self.start, "stop": self.start + HOUR})
        visit.companion_ids = self.mate | self.leader
        # looked at now: messages go with their event
        self.assertEqual(messages.search(told), usual)
        self.assertFalse(event.with_user(self.seller).action_unlink_event())
        visit.date_start = self.start
        visit._end_with_reason("x")
        self.assertEqual(messages.search(told), usual)

    def test_visit_follows_its_event(self):
        """Whoever of ours has it in his calendar may move it, and sees no more."""
        visit = self._plan_agreed(companion_ids=[Command.set(self.mate.ids)])
        for user in (self.seller, self.mate):
            later = visit.date_start + timedelta(days=1)
            event = self._event(visit).with_user(user)
            event.write({"start": later, "stop": later + 2 * HOUR})
            self.assertEqual(visit.date_start, later)
            self.assertEqual(visit.date_end, later + 2 * HOUR)
            self.assertEqual(visit.duration, 2)
            self.assertEqual(visit.state, "confirmed")
        self.assertFalse(visit.with_user(self.mate).has_access("read"))

    def test_moves_are_kept_in_the_history(self):
        visit = self._plan(companion_ids=[Command.set(self.mate.ids)])
        event = self._event(visit).with_user(self.mate)
        event.write({"start": self.start + HOUR, "stop": self.start + 2 * HOUR})
        self.env.flush_all()
        change = self.env["customer.change"].search(
            [
                ("res_model", "=", "customer.visit"),
                ("res_id", "=", visit.id),
                ("field_name", "=", "date_start"),
            ]
        )
        self.assertEqual(change.create_uid, self.mate)

    def test_only_the_time_is_changed_in_the_calendar(self):
        visit = self._plan()
        event = self._event(visit).with_user(self.seller)
        for values in (
            {"name": "Visit to Secretive Works"},
            {"description": "about the plan"},
            {"location": "Hiddentown"},
            {"privacy": "public"},
            {"partner_ids": [Command.link(self.clerk.partner_id.id)]},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                event.write(values)

    def test_other_events_are_as_ever(self):
        event = self.env["calendar.event"].with_user(self.seller)
        event = event.create(
            {"name": "Lunch", "start": self.start, "stop": self.start + HOUR}
        )
        event.write({"name": "Dinner", "location": "Home", "duration": 2})
        self.assertEqual(event.name, "Dinner")
        event.unlink()

    def test_event_follows_its_visit(self):
        visit = self._plan_agreed()
        visit.date_start += HOUR
        event = self._event(visit)
        self.assertEqual((event.start, event.stop), (visit.date_start, visit.date_end))
        visit.duration = 3
        self.assertEqual(event.stop, event.start + 3 * HOUR)
        visit.with_user(self.leader).user_id = self.leader
        self.assertEqual(event.user_id, self.leader)
        self.assertEqual(event.partner_ids, self.leader.partner_id)
        visit.companion_ids = self.mate
        self.assertEqual(event.attendee_ids.partner_id, event.partner_ids)
        self.assertIn(self.mate.partner_id, event.partner_ids)

    def test_cancelled_visits_leave_the_calendar(self):
        visit = self._plan_agreed()
        event = self._event(visit)
        visit._end_with_reason("x")
        self.assertFalse(event.exists())
        visit.action_unconfirm()
        self.assertTrue(self._event(visit))

    def test_a_visit_loses_its_date_with_its_event(self):
        """Nobody gave a reason to cancel it: it waits for another date."""
        for how in ("unlink", "action_archive", "action_unlink_event"):
            with self.subTest(how=how):
                visit = self._plan_agreed()
                getattr(self._event(visit).with_user(self.seller), how)()
                self.assertEqual(visit.state, "planned")
                self.assertFalse(visit.date_start or visit.date_end)
                self.assertFalse(self._event(visit) or visit.appointment_person_id)
                visit.date_start = self.start
                self.assertTrue(self._event(visit).active)

    def test_what_took_place_is_left_alone(self):
        visit = self._make()
        before = visit.date_start
        event = self._event(visit).with_user(self.seller)
        event.write({"start": self.start, "stop": self.start + HOUR})
        self.assertEqual(visit.date_start, before)
        event.unlink()
        self.assertEqual((visit.state, visit.date_start), ("done", before))

    def test_a_new_owner_takes_over(self):
        """Whoever hands a customer over is out of the appointment, too."""
        visit, made = self._plan_agreed(), self._make()
        theirs = self._plan(user_id=self.leader.id)
        promise = self.env["customer.commitment"].with_user(self.seller)
        promise = promise.create(
            {"dossier_id": self.dossier.id, "name": "Call", "date": "2030-01-01"}
        )
        self.dossier.with_user(self.leader).user_id = self.heir
        self.assertEqual(visit.sudo().user_id, self.heir)
        self.assertEqual(self._event(visit).partner_ids, self.heir.partner_id)
        self.assertEqual(made.sudo().user_id, self.seller)
        self.assertEqual(theirs.sudo().user_id, self.leader)
        self.assertEqual(promise.sudo().activity_ids.user_id, self.heir)

    def test_query_counts(self):
        """Moving events that are no visits' costs one query; visits move in bulk."""
        events = self.env["calendar.event"].with_user(self.seller)
        for count in (1, 20):
            own = events.create(
                [
                    {"name": "Own", "start": self.start, "stop": self.start + HOUR}
                    for _i in range(count)
                ]
            )
            self.env.flush_all()
            own.write({"name": "Other"})
            self.env.flush_all()
            with self.assertQueryCount(3):
                own.write({"name": "Third"})
                self.env.flush_all()
