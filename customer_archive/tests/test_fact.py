from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon


@tagged("post_install", "-at_install")
class TestFact(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "customer_archive.group_archive_"
        cls.seller = new_test_user(cls.env, "fact_seller", groups=group + "user")
        cls.leader = new_test_user(cls.env, "fact_leader", groups=group + "supervisor")
        cls.keeper = new_test_user(cls.env, "fact_keeper", groups=group + "keeper")
        cls.env["crm.team"].create(
            {
                "name": "North",
                "user_id": cls.leader.id,
                "member_ids": [Command.set(cls.seller.ids)],
            }
        )
        cls.dossier = (
            cls.env["customer.dossier"]
            .with_user(cls.seller)
            .create(
                {
                    "partner_id": cls.env["res.partner"].create({"name": "Mill"}).id,
                    "keeper_id": cls.keeper.id,
                }
            )
        )

    def _learn(self, **vals):
        facts = self.env["customer.fact"].with_user(self.seller)
        return facts.create(
            {"dossier_id": self.dossier.id, "information": "They build", **vals}
        )

    def test_codes(self):
        """S0-3, S1-9 to S1-12, S1-40: channels, levels of source, rows of annex 5."""
        expected = {
            "topic": ["overview", "market", "plans", "organisation", "investment"],
            "source_level": ["1", "2", "3", "4"],
            "source_channel": [
                "online",
                "publicity",
                "records",
                "association",
                "visit",
                "form",
                "agency",
                "other",
            ],
        }
        for name, codes in expected.items():
            with self.subTest(field=name):
                selection = self.env["customer.fact"]._fields[name].selection
                self.assertEqual([code for code, _label in selection], codes)

    def test_three_fields_are_enough(self):
        """S2-23: any dealing is logged quickly."""
        fact = self._learn(topic="plans", source_level="3")
        self.assertEqual(fact.learned_date, fields.Date.context_today(fact))
        self.assertEqual(fact.user_id, self.seller)

    def test_entered_within_a_day_breached_after_two(self):
        """S0-28: due after one day, a breach after two; both are the company's."""
        today = fields.Date.context_today(self.dossier)
        states = [
            self._learn(learned_date=today - timedelta(days=days)).entry_state
            for days in range(4)
        ]
        self.assertEqual(states, ["in_time", "in_time", "late", "breach"])
        self.env["customer.archive.policy"].create(
            {"entry_due_days": 3, "entry_breach_days": 5}
        )
        late = self._learn(learned_date=today - timedelta(days=3))
        self.assertEqual(late.entry_state, "in_time")

    def test_major_fact_is_told_at_once(self):
        """S1-14, S4-18: superior and archivist find it on their desks, neutrally."""
        self._learn(information="They sell the mill", is_major=True)
        activities = self.env["mail.activity"].search(
            [("res_model", "=", "customer.dossier"), ("res_id", "=", self.dossier.id)]
        )
        self.assertEqual(activities.user_id, self.leader | self.keeper)
        for activity in activities:
            text = f"{activity.summary}{activity.note}{activity.res_name}"
            self.assertNotIn("sell", text)

    def test_ordinary_fact_troubles_nobody_until_it_is_major(self):
        fact = self._learn()
        self.assertFalse(self.dossier.activity_ids)
        fact.is_major = True
        self.assertEqual(len(self.dossier.activity_ids), 2)
        fact.is_major = True
        self.assertEqual(len(self.dossier.activity_ids), 2)

    def test_old_information_is_stale(self):
        """S3-14: what has not been confirmed for long is shown as stale."""
        today = fields.Date.context_today(self.dossier)
        fresh = self._learn(learned_date=today - timedelta(days=180))
        old = self._learn(learned_date=today - timedelta(days=181))
        facts = fresh | old
        self.assertEqual(facts.filtered("is_stale"), old)
        found = facts.search([("is_stale", "=", True), ("id", "in", facts.ids)])
        self.assertEqual(found, old)

    def test_fact_makes_the_dossier_current(self):
        """S2-25, S2-26: what is entered today moves the next update."""
        tier = self.env.ref("customer_archive.customer_tier_a")
        with freeze_time("2026-01-10"):
            self.dossier.tier_id = tier
            self.dossier.sudo().last_update_date = "2026-01-01"
            self.assertEqual(str(self.dossier.update_due_date), "2026-01-31")
            self._learn()
            self.assertEqual(str(self.dossier.update_due_date), "2026-02-09")
