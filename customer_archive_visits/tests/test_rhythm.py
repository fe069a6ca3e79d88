from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger
from odoo.tools.misc import format_date

from .rhythm_common import MONDAY, POLICY, RhythmCommon, oracle_due

RANKS = ("staff", "manager", "director", "executive")


@tagged("post_install", "-at_install")
class TestRhythm(RhythmCommon):
    """When a call or visit is due."""

    def test_policy_as_shipped(self):
        """S0-19, S0-21, S0-22: the rhythm of each tier, as data."""
        units = {"day": "days", "week": "weeks", "month": "months"}
        cadences = self.env["customer.cadence"].search([("company_id", "=", False)])
        found = {
            (cadence.tier_id.code, cadence.channel): (
                relativedelta(
                    **{units[cadence.interval_type]: cadence.interval_number}
                ),
                cadence.min_rank or None,
            )
            for cadence in cadences
        }
        self.assertEqual(found, POLICY)

    def test_due_dates_of_new_customers(self):
        """S0-19, S0-21, S0-22, S2-40: from the day of filing, on working days."""
        for day in (MONDAY, MONDAY + timedelta(3), MONDAY + timedelta(5)):
            with freeze_time(self._at(day)):
                dossiers = self._file("AABBCCC")
                self._assert_due(dossiers, day)

    def _assert_due(self, dossiers, start, **values):
        follow_ups = self.env["customer.follow.up"].search(
            [("dossier_id", "in", dossiers.ids)]
        )
        self.assertEqual(len(follow_ups), 2 * len(dossiers))
        for follow_up in follow_ups:
            key = (follow_up.tier_code, follow_up.channel)
            interval, rank = POLICY[key]
            due = oracle_due(follow_up.dossier_id.id, start, None, interval, **values)
            with self.subTest(key, start=start):
                self.assertEqual(follow_up.start_date, start)
                self.assertEqual(follow_up.due_date, due)
                self.assertGreater(due, start)
                self.assertLessEqual(due, start + interval)
                self.assertEqual(follow_up.min_rank or None, rank)
                self.assertEqual(follow_up.user_id, self.seller)

    def test_first_contacts_are_spread(self):
        """Many customers on one day don't fall due on one day, nor too late."""
        with freeze_time(self._at(MONDAY)):
            dossiers = self._file("A" * 50)
            calls = dossiers.follow_up_ids.filtered(lambda f: f.channel == "call")
            by_day = calls.grouped("due_date")
            self.assertEqual(len(by_day), 5)
            self.assertEqual({len(calls) for calls in by_day.values()}, {10})
            self.assertLessEqual(max(by_day), MONDAY + timedelta(7))
            # the part of the interval is a number of the policy
            for spread in (0, 40):
                self.policy.rhythm_spread = spread
                dossiers._refresh_follow_ups()
                self._assert_due(dossiers, MONDAY, spread=spread)

    def test_time_off_is_respected(self):
        """Due on the working day before a holiday, or after one that takes too long."""
        holiday = {MONDAY + timedelta(n) for n in range(7, 12)}
        with freeze_time(self._at(MONDAY)):
            self.policy.rhythm_spread = 0
            dossier = self._file("A")
            call = self._follow_up(dossier, "call")
            self.assertEqual(call.due_date, MONDAY + timedelta(7))
            self.env["resource.calendar.leaves"].create(
                {
                    "name": "Holiday",
                    "calendar_id": self.company.resource_calendar_id.id,
                    "date_from": datetime.combine(min(holiday), datetime.min.time()),
                    "date_to": datetime.combine(max(holiday), datetime.max.time()),
                }
            )
            self._sweep()
            self.assertEqual(call.due_date, MONDAY + timedelta(4))
        friday = MONDAY + timedelta(5)
        with freeze_time(self._at(friday)):
            self._log(dossier, "call")
            # not a day of work within the week
            expected = oracle_due(
                dossier.id,
                MONDAY,
                friday,
                relativedelta(weeks=1),
                is_workday=lambda day: day.weekday() < 5 and day not in holiday,
            )
            self.assertEqual(call.due_date, expected)
            self.assertEqual(call.due_date, MONDAY + timedelta(14))

    def test_own_calendar_of_a_person(self):
        """Who works from Saturday to Wednesday is asked for nothing on a Thursday."""
        calendar = self.env["resource.calendar"].create(
            {
                "name": "Weekend",
                "tz": "UTC",
                "attendance_ids": [
                    Command.create(
                        {
                            "name": "Day",
                            "dayofweek": weekday,
                            "hour_from": 8,
                            "hour_to": 16,
                        }
                    )
                    for weekday in "56012"
                ],
            }
        )
        self.env["resource.resource"].create(
            {
                "name": "Seller",
                "user_id": self.seller.id,
                "company_id": self.company.id,
                "calendar_id": calendar.id,
            }
        )
        self.policy.rhythm_spread = 0
        with freeze_time(self._at(MONDAY + timedelta(3))):
            dossier = self._file("A")
            call = self._follow_up(dossier, "call")
            self.assertEqual(call.due_date, MONDAY + timedelta(9))
            # who follows him works on weekdays
            dossier.user_id = self.colleague
            self.assertEqual(call.user_id, self.colleague)
            self.assertEqual(call.due_date, MONDAY + timedelta(10))

    def test_own_rhythm_of_a_customer(self):
        """S1-27, S1-31: instead of the tier's, with a reason, given by a superior."""
        with freeze_time(self._at(MONDAY)):
            self.policy.rhythm_spread = 0
            dossier = self._file("C")
            visit = self._follow_up(dossier, "visit")
            self.assertEqual(visit.due_date, MONDAY + relativedelta(months=4))
            values = {
                "dossier_id": dossier.id,
                "channel": "visit",
                "interval_number": 2,
                "interval_type": "week",
                "min_rank": "director",
                "reason": "Tender in May",
            }
            overrides = self.env["customer.cadence.override"]
            with self.assertRaises(AccessError):
                overrides.with_user(self.seller).create(values)
            own = overrides.with_user(self.boss).create(values)
            self.assertEqual(visit.due_date, MONDAY + timedelta(14))
            self.assertEqual(visit.min_rank, "director")
            self.assertIn(
                "own rhythm of this customer", visit.with_context(lang="en_US").reason
            )
            call = self._follow_up(dossier, "call")
            self.assertFalse(call.is_own_rhythm)
            own._strike_out("The tender is over")
            self.assertEqual(visit.due_date, MONDAY + relativedelta(months=4))
            self.assertEqual(visit.min_rank, "manager")

    def test_own_rhythm_needs_a_reason_and_is_one(self):
        dossier = self._file("C")
        overrides = self.env["customer.cadence.override"].with_user(self.boss)
        values = {"dossier_id": dossier.id, "channel": "call"}
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            overrides.create(values)
        values["reason"] = "Project"
        first = overrides.create(values)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            overrides.create(values)
        first._strike_out("Over")
        self.assertTrue(overrides.create(values))

    def test_tier_without_rhythm_and_dossier_not_in_force(self):
        with freeze_time(self._at(MONDAY)):
            dossier = self._file("A")
            self.assertTrue(self._follow_up(dossier, "call").due_date)
            for values in ({"state": "closed"}, {"active": False}):
                dossier.write(values)
                self.assertFalse(self._follow_up(dossier, "call").due_date)
                dossier.write({"state": "filed", "active": True})
                self.assertTrue(self._follow_up(dossier, "call").due_date)
            dossier.write({"tier_id": False})
            self.assertFalse(self._follow_up(dossier, "call").due_date)

    def test_clock_starts_with_the_tier(self):
        """S0-19: nothing is overdue on the day a customer gets a faster rhythm."""
        with freeze_time(self._at(MONDAY)):
            dossier = self._file("C")
        later = MONDAY + timedelta(60)
        with freeze_time(self._at(later)):
            dossier._enter_tier(self.tiers["A"].id)
            self._assert_due(dossier, later)

    def test_changed_policy_moves_the_dates(self):
        """A rhythm is data; the next sweep follows it."""
        with freeze_time(self._at(MONDAY)):
            dossier = self._file("A")
            call = self._follow_up(dossier, "call")
            self._log(dossier, "call")
            self.assertEqual(call.due_date, MONDAY + timedelta(7))
            cadence = self.env.ref("customer_archive_visits.customer_cadence_a_call")
            cadence.interval_number = 3
            self._sweep()
            self.assertEqual(call.due_date, MONDAY + timedelta(21))
            # one of the company goes before the one for all
            self.env["customer.cadence"].create(
                {
                    "tier_id": self.tiers["A"].id,
                    "channel": "call",
                    "interval_number": 2,
                    "interval_type": "day",
                    "company_id": self.company.id,
                }
            )
            self._sweep()
            self.assertEqual(call.due_date, MONDAY + timedelta(2))


@tagged("post_install", "-at_install")
class TestContacts(RhythmCommon):
    """What resets the clock, and what doesn't."""

    def _assert_resets(self, dossier, expected, channel, persons=(), **values):
        """Whether a contact resets the call and the visit."""
        interaction = self._log(dossier, channel, persons, **values)
        day = interaction.date.date()
        found = "".join(
            name[0]
            for name in ("call", "visit")
            if self._follow_up(dossier, name).last_date == day
        )
        self.assertEqual(found, expected, (channel, values))
        interaction._strike_out("Tried")
        last_dates = dossier.follow_up_ids.mapped("last_date")
        self.assertEqual(last_dates, [False, False])

    @freeze_time("2026-03-02 12:00:00")
    def test_channels(self):
        """S1-42: a call or a visit counts, a visit for both; not a mail, not a miss."""
        dossier = self._file("A")
        chief = self._add_person(dossier, "executive")
        cases = {
            "call": "c",
            "visit": "cv",
            "meeting": "c",
            "mail": "",
            "letter": "",
            "message": "",
        }
        for channel, expected in cases.items():
            self._assert_resets(dossier, expected, channel, chief)
            self._assert_resets(dossier, "", channel, chief, is_reached=False)
        self._assert_resets(dossier, "c", "call", chief, direction="in")
        self._assert_resets(dossier, "c", "call", user=self.boss)

    @freeze_time("2026-03-02 12:00:00")
    def test_ranks(self):
        """S0-19, S0-21, S0-22: only a person of the rank or higher counts."""
        for code, lowest in (("A", 3), ("B", 2), ("C", 1)):
            dossier = self._file(code)
            self._assert_resets(dossier, "c", "visit")
            persons = [self._add_person(dossier, rank) for rank in RANKS]
            for level, person in enumerate(persons):
                expected = "cv" if level >= lowest else "c"
                self._assert_resets(dossier, expected, "visit", person)
            # the highest of those met decides
            expected = "cv" if lowest <= 3 else "c"
            self._assert_resets(dossier, expected, "visit", persons)

    def test_rank_entered_later_counts(self):
        with freeze_time(self._at(MONDAY)):
            dossier = self._file("A")
            person = self._add_person(dossier, False)
            self._log(dossier, "visit", person)
            self.assertFalse(self._follow_up(dossier, "visit").last_date)
            person.rank = "executive"
            self.assertEqual(self._follow_up(dossier, "visit").last_date, MONDAY)

    def test_the_last_contact_counts(self):
        """Also one entered late, before others; in the day of the company's clock."""
        with freeze_time(self._at(MONDAY)):
            dossier = self._file("A")
        with freeze_time(self._at(MONDAY + timedelta(10))):
            call = self._follow_up(dossier, "call")
            self._log(dossier, "call", date=self._at(MONDAY + timedelta(3)))
            self._log(dossier, "call", date=self._at(MONDAY + timedelta(1)))
            self.assertEqual(call.last_date, MONDAY + timedelta(3))
            self.company.resource_calendar_id.tz = "Asia/Shanghai"
            late = datetime.combine(MONDAY + timedelta(4), datetime.min.time())
            self._log(dossier, "call", date=late.replace(hour=20))
            self.assertEqual(call.last_date, MONDAY + timedelta(5))

    def test_a_contact_has_a_report_and_took_place(self):
        """S1-42: a short report of each; nothing that is still to come."""
        dossier = self._file("A")
        for values in (
            {"summary": " "},
            {"date": datetime.now() + timedelta(days=3)},
            {"person_ids": self._add_person(self._file("A"), "staff").ids},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                interactions = self.env["customer.interaction"]
                interactions.create(
                    {"dossier_id": dossier.id, "summary": "Said", **values}
                )
        self._log(dossier, "call", summary=False, is_reached=False)

    def test_a_contact_is_struck_out_not_deleted(self):
        """S1-42: and taken back it counts again."""
        with freeze_time(self._at(MONDAY)):
            dossier = self._file("A")
            interaction = self._log(dossier, "call")
            with self.assertRaises(AccessError):
                interaction.unlink()
            with self.assertRaises(UserError):
                interaction.sudo().unlink()
            call = self._follow_up(dossier, "call")
            interaction._strike_out("Wrong customer")
            self.assertFalse(call.last_date)
            interaction.action_restore()
            self.assertEqual(call.last_date, MONDAY)

    def test_last_contact_of_the_dossier(self):
        """S1-42: a contact that reached somebody is one, the last is shown."""
        with freeze_time(self._at(MONDAY)):
            dossier = self._file("A")
            self._log(dossier, "mail")
            self.assertEqual(dossier.last_contact_date, MONDAY)
        with freeze_time(self._at(MONDAY + timedelta(9))):
            self._log(dossier, "call", is_reached=False)
            self.assertEqual(dossier.last_contact_date, MONDAY)
            self._log(dossier, "letter", direction="in")
            self.assertEqual(dossier.last_contact_date, MONDAY + timedelta(9))

    @freeze_time("2026-03-02 12:00:00")
    def test_why_it_is_due(self):
        """In words, of the language of the reader; and who is to be met."""
        dossier = self._file("A")
        visit = self._follow_up(dossier, "visit").with_context(lang="en_US")
        self.assertIn("never visited yet; every 2 months", visit.reason)
        self.assertIn("nobody of the rank Executive is on file", visit.reason)
        self.assertFalse(visit.person_id)
        director = self._add_person(dossier, "director")
        chief = self._add_person(dossier, "executive", mobile_phone="139 0000")
        visit.invalidate_recordset()
        self.assertEqual(visit.person_id, chief)
        self.assertEqual(visit.phone, "139 0000")
        self.assertNotIn("nobody", visit.reason)
        self._log(dossier, "visit", chief)
        self.assertIn(format_date(visit.env, MONDAY), visit.reason)
        director.capacity = "main_contact"
        call = self._follow_up(dossier, "call")
        self.assertEqual(call.person_id, director)
        chinese = visit.with_context(lang="zh_CN").reason
        self.assertNotEqual(chinese, visit.reason)

    def test_incoming_contact_is_filed(self):
        """S1-3, S3-4: a call that came in, filed by the archivist in two clicks."""
        with freeze_time(self._at(MONDAY)):
            dossier = self._file("A")
            chief = self._add_person(dossier, "executive")
            intake = (
                self.env["customer.intake"]
                .with_user(self.keeper)
                .create(
                    {
                        "name": "Asks for a price",
                        "kind": "call",
                        "partner_id": chief.partner_id.id,
                    }
                )
            )
            self.assertEqual(intake.dossier_id, dossier)
            interaction = intake.action_file_interaction()
            self.assertEqual(intake.state, "filed")
            self.assertEqual(interaction.direction, "in")
            self.assertEqual(interaction.person_ids, chief)
            self.assertEqual(self._follow_up(dossier, "call").last_date, MONDAY)
            with self.assertRaises(UserError):
                intake.action_file_interaction()
