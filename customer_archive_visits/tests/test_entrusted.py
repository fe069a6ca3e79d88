from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .visit_common import VisitCommon


@tagged("post_install", "-at_install")
class TestEntrusted(VisitCommon):
    """What a person has in hand goes to who looks after the customer from now on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dossier.tier_id = cls.env.ref("customer_archive.customer_tier_a")
        cls.dossier.state = "filed"
        today = fields.Date.context_today(cls.dossier)
        visit = cls._plan(companion_ids=[Command.set(cls.leader.ids)])
        cls.visit = visit.with_env(cls.env)
        cls.commitment = cls.env["customer.commitment"].create(
            {
                "dossier_id": cls.dossier.id,
                "name": "Send the offer",
                "user_id": cls.seller.id,
                "date": today + timedelta(days=3),
            }
        )
        cls.plan = cls.env["customer.account.plan"].create(
            {
                "dossier_id": cls.dossier.id,
                "user_id": cls.seller.id,
                "action_ids": [
                    Command.create(
                        {"name": "Go", "date": today, "user_id": cls.seller.id}
                    )
                ],
            }
        )
        contact_plan = cls.env["customer.contact.plan"].create(
            {"dossier_id": cls.dossier.id, "year": today.year}
        )
        contact_plan.line_ids.unlink()
        lines = cls.env["customer.contact.plan.line"]
        cls.line, cls.double, cls.own_line = lines.create(
            [
                {"plan_id": contact_plan.id, "user_id": user.id, "person_id": person.id}
                for user, person in (
                    (cls.seller, cls.boss),
                    (cls.seller, cls.clerk),
                    (cls.heir, cls.clerk),
                )
            ]
        )
        cls.entrusted = cls.env["customer.entrusted"]

    def test_counted_kind_by_kind(self):
        # S3-17
        counts = self.entrusted._count(self.seller)
        expected = {
            "owner": 1,
            "visit": 1,
            "commitment": 1,
            "account_plan": 1,
            "plan_action": 1,
            "contact_plan_line": 2,
            "follow_up": 2,
        }
        self.assertEqual({kind: counts[kind] for kind in expected}, expected)
        self.assertEqual(self.entrusted._count(self.leader)["companion"], 1)
        self.assertEqual(self.entrusted._count(self.leader)["team"], 1)

    def test_successor_takes_over(self):
        # S3-17 S4-25
        dossier = self.dossier
        self.entrusted._hand_over(self.seller, {("owner", dossier.id): self.heir.id})
        self.env.invalidate_all()
        self.assertEqual(dossier.user_id, self.heir)
        for record in (self.visit, self.commitment, self.plan, self.line):
            self.assertEqual(record.user_id, self.heir, record)
        self.assertEqual(self.plan.action_ids.user_id, self.heir)
        self.assertEqual(dossier.follow_up_ids.user_id, self.heir)
        self.assertEqual(self.commitment.activity_ids.user_id, self.heir)
        self.assertEqual(self._event(self.visit).user_id, self.heir)
        self.assertFalse(self.double.exists())
        self.assertTrue(self.own_line.exists())
        counts = self.entrusted._count(self.seller)
        self.assertFalse(any(counts.values()), counts)

    def test_whoever_leaves_leaves_it_to_the_superior(self):
        # S3-17
        self.entrusted._release(self.seller)
        self.env.invalidate_all()
        self.assertFalse(self.dossier.user_id)
        for record in (self.visit, self.commitment, self.line):
            self.assertEqual(record.user_id, self.leader, record)
        self.assertEqual(self.dossier.follow_up_ids.user_id, self.leader)
        self.assertFalse(self.seller.sale_team_id)

    def test_superior_leaves_visits_to_come_along_to(self):
        # S3-17
        self.entrusted._release(self.leader)
        self.env.invalidate_all()
        self.assertFalse(self.visit.companion_ids)
        self.assertFalse(self.team.user_id)

    def test_month_plan_that_waits_goes_back(self):
        month_plan = self.env["customer.visit.plan"].with_user(self.seller).create({})
        self.env["customer.visit.plan.line"].with_user(self.seller).create(
            {
                "plan_id": month_plan.id,
                "dossier_id": self.dossier.id,
                "date": month_plan.month,
                "objective": "Sell",
            }
        )
        month_plan.action_submit()
        self.entrusted._release(self.seller)
        self.env.invalidate_all()
        self.assertEqual(month_plan.state, "draft")
        self.assertFalse(month_plan.sudo().approval_id)
