from datetime import timedelta

from odoo import Command
from odoo.tests import freeze_time, tagged

from .rhythm_common import MONDAY, RhythmCommon

WEEK = timedelta(7)
FIELDS = (
    "dossier_id",
    "channel",
    "user_id",
    "start_date",
    "last_date",
    "due_date",
    "action_date",
)


@tagged("post_install", "-at_install")
class TestSweep(RhythmCommon):
    """What the daily sweep puts on desks, and takes back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.rhythm_spread = 0
        cls.policy.escalation_days = 3
        with freeze_time(cls._at(MONDAY)):
            cls.dossiers = cls._file("ABC")
        cls.first = cls.dossiers[0]

    def test_raised_on_the_day_and_once(self):
        with freeze_time(self._at(MONDAY + timedelta(6))):
            self._sweep()
            self.assertFalse(self._activities(self.dossiers))
        with freeze_time(self._at(MONDAY + WEEK)):
            for _again in range(2):
                self._sweep()
                calls = self._activities(self.dossiers, "call")
                self.assertEqual(len(calls), 2)
                self.assertEqual(set(calls.mapped("user_id")), {self.seller})
                self.assertEqual(set(calls.mapped("date_deadline")), {MONDAY + WEEK})
                self.assertFalse(self._activities(self.dossiers, "visit"))
        # it stays, it doesn't multiply
        with freeze_time(self._at(MONDAY + WEEK + timedelta(1))):
            self._sweep()
            self.assertEqual(self._activities(self.dossiers, "call"), calls)

    def test_activity_says_nothing_of_the_customer(self):
        """Its type alone; the name is the one that activities carry anyhow."""
        with freeze_time(self._at(MONDAY + WEEK)):
            self._sweep()
            for activity in self._activities(self.dossiers):
                self.assertFalse(activity.summary or activity.note)
                dossier = self.dossiers.browse(activity.res_id)
                self.assertEqual(activity.res_name, dossier.display_name)
                self.assertTrue(activity.automated)

    def test_taken_back_when_the_contact_happened(self):
        with freeze_time(self._at(MONDAY + WEEK)):
            self._sweep()
            self._log(self.first, "call", user=self.boss)
            self.assertFalse(self._activities(self.first))
            self.assertEqual(
                self._follow_up(self.first, "call").due_date, MONDAY + 2 * WEEK
            )
            self._sweep()
            self.assertFalse(self._activities(self.first))
        with freeze_time(self._at(MONDAY + 2 * WEEK)):
            self._sweep()
            self.assertEqual(len(self._activities(self.first, "call")), 1)

    def test_taken_back_when_pointless(self):
        for values in ({"state": "closed"}, {"active": False}, {"tier_id": False}):
            with freeze_time(self._at(MONDAY)), self.subTest(values):
                dossier = self._file("A")
                with freeze_time(self._at(MONDAY + WEEK)):
                    self._sweep()
                    self.assertTrue(self._activities(dossier))
                    dossier.write(values)
                    self.assertFalse(self._activities(dossier))
                    self._sweep()
                    self.assertFalse(self._activities(dossier))

    def test_tier_changed_by_a_run(self):
        """Tiers change by SQL; the automation is run all the same, once for all."""
        with freeze_time(self._at(MONDAY + WEEK)):
            self._sweep()
            self.dossiers._enter_tier(self.tiers["C"].id)
            self.assertFalse(self._activities(self.dossiers[:2]))
            call = self._follow_up(self.first, "call")
            self.assertEqual(call.start_date, MONDAY + WEEK)
            self.assertEqual(call.due_date, MONDAY + 3 * WEEK)

    def test_automation_switched_off_by_the_administrator(self):
        """It is the automation that does it; the nightly sweep catches up."""
        automation = self.env.ref("customer_archive_visits.automation_rhythm_dossier")
        automation.active = False
        with freeze_time(self._at(MONDAY + timedelta(1))):
            self.first._enter_tier(self.tiers["C"].id)
            call = self._follow_up(self.first, "call")
            self.assertEqual(call.start_date, MONDAY)
            self._sweep()
            self.assertEqual(call.start_date, MONDAY + timedelta(1))

    def test_new_owner_has_it_on_his_desk(self):
        with freeze_time(self._at(MONDAY + WEEK)):
            self._sweep()
            self.first.user_id = self.colleague
            self.assertFalse(self._activities(self.first))
            self._sweep()
            activity = self._activities(self.first)
            self.assertEqual(activity.user_id, self.colleague)
            self.assertEqual(activity.date_deadline, MONDAY + WEEK)

    def test_next_superior_where_the_owner_may_not_read(self):
        """Nobody who left, lost his group or works elsewhere gets a line."""
        named = self._create_user("named", "supervisor")
        self.team.archive_supervisor_ids = named
        call = self._follow_up(self.first, "call")
        queue = [
            (self.seller, {"active": False}, self.boss),
            (self.boss, {"group_ids": [Command.clear()]}, named),
            (named, {"company_ids": [Command.clear()]}, self.env["res.users"]),
        ]
        other = self.env["res.company"].create({"name": "Elsewhere"})
        with freeze_time(self._at(MONDAY + WEEK)):
            for user, values, expected in queue:
                if "company_ids" in values:
                    values = {
                        "company_id": other.id,
                        "company_ids": [Command.set(other.ids)],
                    }
                elif "group_ids" in values:
                    group = self.env.ref("base.group_user")
                    values = {"group_ids": [Command.set(group.ids)]}
                user.write(values)
                self._sweep()
                self.assertEqual(call.user_id, expected)
                self.assertEqual(self._activities(self.first).user_id, expected)

    def test_superior_is_told(self):
        """After the days of the policy, once; taken back with the contact."""
        for days in (3, 4, 5):
            with freeze_time(self._at(MONDAY + WEEK + timedelta(days))):
                if days == 3:
                    # on the desk only today: the person had no time yet
                    self._sweep()
                self._sweep()
                self.assertFalse(self._activities(self.first, "escalation"))
        for days in (7, 8):
            with freeze_time(self._at(MONDAY + WEEK + timedelta(days))):
                self._sweep()
                line = self._activities(self.first, "escalation")
                self.assertEqual(line.user_id, self.boss)
        with freeze_time(self._at(MONDAY + WEEK + timedelta(8))):
            line.with_user(self.boss).action_feedback("I called him")
            self._sweep()
            self.assertFalse(self._activities(self.first, "escalation"))
            self._log(self.first, "call")
        with freeze_time(self._at(MONDAY + 10 * WEEK)):
            self._sweep()
        with freeze_time(self._at(MONDAY + 11 * WEEK)):
            self._sweep()
            escalations = self._activities(self.first, "escalation")
            self.assertTrue(escalations)
            self._log(self.first, "visit", self._add_person(self.first, "executive"))
            self.assertFalse(self._activities(self.first, "escalation"))

    def test_bulk_equals_one_by_one(self):
        with freeze_time(self._at(MONDAY + timedelta(30))):
            self.policy.rhythm_spread = 100
            chosen = self.dossiers | self._file("AABBCC" * 5)
            for number, dossier in enumerate(chosen):
                person = self._add_person(
                    dossier, ("staff", "manager", "director", "executive")[number % 4]
                )
                self._log(dossier, ("call", "visit")[number % 2], person)
            rows = self._read_rows(chosen)
            self.assertEqual(len(rows), 2 * len(chosen))
            for one_by_one in (False, True):
                self.env.cr.execute("DELETE FROM customer_follow_up")
                self.env.invalidate_all()
                for dossier in chosen if one_by_one else [chosen]:
                    dossier._refresh_follow_ups()
                again = self._read_rows(chosen)
                # the first three came under their rhythm earlier
                self.assertEqual(again[6:], rows[6:])

    def _read_rows(self, dossiers):
        follow_ups = self.env["customer.follow.up"].search(
            [("dossier_id", "in", dossiers.ids)], order="dossier_id, channel"
        )
        rows = follow_ups.read(FIELDS)
        return [{name: row[name] for name in FIELDS} for row in rows]

    def test_no_query_more_for_many(self):
        """One slice costs the same whatever is in it."""
        few, many = self._file("ABC"), self._file("ABC" * 30)
        with freeze_time(self._at(MONDAY + timedelta(200))):
            counts = []
            # once to warm up
            for dossiers in (self._file("A"), few, many):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                dossiers._refresh_follow_ups()
                raised = self.env["customer.follow.up"]._raise_due(
                    self.company, dossiers
                )
                counts.append(self.env.cr.sql_log_count - before)
                self.assertEqual(raised, 0)
        self.assertEqual(counts[1], counts[2])
        with freeze_time(self._at(MONDAY + timedelta(400))):
            counts = []
            for dossiers in (few, many):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                raised = self.env["customer.follow.up"]._raise_due(
                    self.company, dossiers
                )
                counts.append(self.env.cr.sql_log_count - before)
                self.assertEqual(raised, 2 * len(dossiers))
        self.assertEqual(counts[0], counts[1])

    def test_cron_goes_through_all_slices(self):
        """Each slice is done once; what was cut off is continued by the next run."""
        follow_ups = self.env["customer.follow.up"]
        self.patch(
            self.registry["customer.follow.up"], "_get_sweep_size", lambda self: 2
        )
        slices = follow_ups._get_dossier_slices()
        self.assertGreater(len(slices), 1)
        cron = self.env.ref("customer_archive_visits.ir_cron_follow_up_sweep")
        with freeze_time(self._at(MONDAY + WEEK)):
            low, high = next(s for s in slices if s[0] <= self.first.id)
            follow_ups._sweep(low, high)
            self.env.flush_all()
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(len(self._activities(self.dossiers, "call")), 2)

    def test_merged_customers_share_one_rhythm(self):
        with freeze_time(self._at(MONDAY + WEEK)):
            self._sweep()
            other = self.dossiers[1]
            other._merge_into(self.first)
            self.assertFalse(other.follow_up_ids)
            self.assertFalse(self._activities(other))
            self.assertEqual(len(self.first.follow_up_ids), 2)
