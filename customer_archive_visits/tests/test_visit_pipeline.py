from datetime import datetime, timedelta

from odoo.tests import tagged

from .visit_common import VisitCommon


@tagged("post_install", "-at_install")
class TestVisitPipeline(VisitCommon):
    """In which order and by which towns visits are looked at."""

    def _get_order(self, visits):
        found = visits.search([("id", "in", visits.ids)], order="nearness, id")
        return found.ids

    def test_the_nearest_comes_first(self):
        far, near, undated = (
            self._plan(date_start=date)
            for date in (self.start + timedelta(9), self.start, False)
        )
        planned = far | near | undated
        self.assertEqual(self._get_order(planned), [near.id, far.id, undated.id])
        before = self._report(self._make())
        before.sudo().date_start = datetime(2020, 1, 1)
        last = self._report(self._make())
        self.assertEqual(self._get_order(before | last), [last.id, before.id])
        for visits in (near | far, before | last):
            first, second = visits.browse(self._get_order(visits))
            self.assertLess(first.nearness, second.nearness)

    def test_customers_of_one_town_in_one_week(self):
        other = self._new_dossier("Other Works")
        far = self._new_dossier("Far Works")
        far.partner_id.city = "Farville"
        week = timedelta(7)
        visits = self._plan()
        for dossier, date in ((other, self.start), (far, self.start + week)):
            visits |= self._plan(dossier_id=dossier.id, date_start=date)
        rows = visits.formatted_read_group(
            [("id", "in", visits.ids)], ["date_start:week", "city"], ["__count"]
        )
        self.assertEqual(
            [(row["city"], row["__count"]) for row in rows],
            [("Hiddentown", 2), ("Farville", 1)],
        )
        due = self.env["customer.follow.up"].with_user(self.seller)
        for dossier in (self.dossier, other, far):
            dossier.write(
                {
                    "tier_id": self.env.ref("customer_archive.customer_tier_a").id,
                    "state": "filed",
                }
            )
        rows = due._read_group(
            [("channel", "=", "visit"), ("user_id", "=", self.seller.id)],
            ["partner_city"],
            ["__count"],
        )
        self.assertEqual(dict(rows), {"Hiddentown": 2, "Farville": 1})

    def test_superiors_look_at_the_promises_of_the_team(self):
        """S1-33: the page opens with all that is open and may be read."""
        promises = self.env["customer.commitment"]
        promise = promises.with_user(self.seller).create(
            {"dossier_id": self.dossier.id, "name": "Samples", "date": self.start}
        )
        action = self.env.ref("customer_archive_visits.customer_commitment_action")
        self.assertNotIn("mine", action.context)
        for user, expected in (
            (self.leader, promise),
            (self.manager, promise),
            (self.heir, promises),
        ):
            found = promises.with_user(user).search([("state", "=", "open")])
            self.assertEqual(found & promise, expected)
