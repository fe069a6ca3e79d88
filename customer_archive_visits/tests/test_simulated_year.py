"""A year, day by day: every call and visit that falls due is raised exactly once."""

from collections import Counter
from datetime import timedelta

from odoo.tests import freeze_time, tagged

from .rhythm_common import MONDAY, POLICY, RhythmCommon, oracle_due

DAYS = 365
# Per 100 customers at 20/40/40: S0-18 to S0-22
CUSTOMERS = "A" * 60 + "B" * 120 + "C" * 120
VISITS, CALLS = 3 * 400, 3 * 4160


def _any_day(_day):
    return True


@tagged("post_install", "-at_install")
class TestSimulatedYear(RhythmCommon):
    def _simulate(self, dossiers, days):
        """Do on its day what is raised; give who was called and visited when."""
        chiefs = {
            dossier.id: self._add_person(dossier, "executive") for dossier in dossiers
        }
        done = []
        for number in range(1, days + 1):
            day = MONDAY + timedelta(number)
            with freeze_time(self._at(day)):
                if number % 30 == 1:
                    # as autovacuum does, but it doesn't see what a test has written
                    self.env.cr.execute("ANALYZE customer_interaction, mail_activity")
                self._sweep()
                raised = self._activities(dossiers)
                kinds = [
                    (a.res_id, self._channels[a.activity_type_id.id]) for a in raised
                ]
                self.assertEqual(len(kinds), len(set(kinds)), "raised twice")
                done += [(*kind, day) for kind in kinds]
                self.env["customer.interaction"].create(
                    [
                        {
                            "dossier_id": dossier_id,
                            "channel": channel,
                            "person_ids": chiefs[dossier_id].ids,
                            "summary": "Done",
                        }
                        for dossier_id, channel in kinds
                    ]
                )
        return done

    @property
    def _channels(self):
        names = {
            channel: f"customer_archive_visits.mail_activity_type_{channel}"
            for channel in ("call", "visit")
        }
        return {self.env.ref(name).id: channel for channel, name in names.items()}

    def _expect(self, dossiers, days):
        """The same worked out from the policy alone, customer by customer."""
        end = MONDAY + timedelta(days)
        expected = []
        for dossier in dossiers:
            last = {"call": None, "visit": None}
            while True:
                dates = {
                    channel: oracle_due(
                        dossier.id,
                        MONDAY,
                        last[channel],
                        POLICY[dossier.tier_code, channel][0],
                    )
                    for channel in last
                }
                day = min(dates.values())
                if day > end:
                    break
                channels = [channel for channel in dates if dates[channel] == day]
                expected += [(dossier.id, channel, day) for channel in channels]
                # who visits a customer talks to him too
                if "visit" in channels:
                    last.update(call=day, visit=day)
                else:
                    last["call"] = day
        return expected

    def test_policy_in_numbers(self):
        """S0-18 to S0-22: before weekends and spreading, each clock for itself."""
        counts = Counter()
        end = MONDAY + timedelta(DAYS)
        for (code, channel), (interval, _rank) in POLICY.items():
            day = MONDAY
            while (day := oracle_due(0, MONDAY, day, interval, 0, _any_day)) <= end:
                counts[channel] += CUSTOMERS.count(code)
        self.assertEqual(counts, {"visit": VISITS, "call": CALLS})

    def test_year_of_300_customers(self):
        """S0-19, S0-21, S0-22: on weekdays, spread; none early, none missed."""
        with freeze_time(self._at(MONDAY)):
            dossiers = self._file(CUSTOMERS)
        done = self._simulate(dossiers, DAYS)
        expected = self._expect(dossiers, DAYS)
        self.assertEqual(Counter(done), Counter(expected))
        self.assertEqual(set(Counter(done).values()), {1})
        by_channel = Counter(channel for _id, channel, _day in done)
        # calls and visits of the policy; a few more, as weekends bring some forward
        # and first ones are spread, and less calls where a visit stands for one
        self.assertGreaterEqual(by_channel["visit"], VISITS)
        self.assertLess(by_channel["visit"], VISITS * 1.5)
        self.assertAlmostEqual(by_channel["call"], CALLS, delta=CALLS * 0.1)
