from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon

from .common import ARCHIVE


@tagged("post_install", "-at_install")
class TestSweep(BaseCommon):
    """What the archive raises by itself, and takes back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            name: new_test_user(cls.env, f"sweep_{name}", groups=ARCHIVE + group)
            for name, group in {
                "seller": "user",
                "stranger": "user",
                "leader": "supervisor",
                "manager": "manager",
                "keeper": "keeper",
            }.items()
        }
        cls.team = cls.env["crm.team"].create(
            {"name": "Sweep", "user_id": cls.users["leader"].id, "company_id": False}
        )
        cls.today = fields.Date.context_today(cls.env.user)
        cls.dossiers = cls.env["customer.dossier"].create(
            [
                {
                    "partner_id": customer.id,
                    "user_id": cls.users["seller"].id,
                    "team_id": cls.team.id,
                    "keeper_id": cls.users["keeper"].id,
                    "state": "filed",
                    "open_date": cls._days_ago(1000),
                    "first_contact_date": cls._days_ago(1000),
                }
                for customer in cls.env["res.partner"].create(
                    [{"name": f"Swept {number}"} for number in range(4)]
                )
            ]
        )

    @classmethod
    def _days_ago(cls, days):
        return cls.today - timedelta(days=days)

    def _sweep(self):
        cron = self.env.ref("customer_archive.ir_cron_raise_updates")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def _find(self, kind):
        """The activities of that kind on our dossiers."""
        activity_type = self.env.ref(f"customer_archive.mail_activity_type_{kind}")
        self.env.invalidate_all()
        return self.dossiers.activity_ids.filtered(
            lambda activity: activity.activity_type_id == activity_type
        )

    def _log_fact(self, dossier, days_ago=0):
        return self.env["customer.fact"].create(
            {
                "dossier_id": dossier.id,
                "information": "x",
                "learned_date": self._days_ago(days_ago),
            }
        )

    # Dormant customers ----------------------------------------------------

    def test_dormant_customers_are_on_the_archivists_desk(self):
        """S2-46: proposed to the keeper, each once; those the filter shows."""
        quiet, busy, closed, unkept = self.dossiers
        self._log_fact(busy)
        closed.action_close()
        unkept.keeper_id = self.users["stranger"]
        self._sweep()
        self._sweep()
        raised = self._find("dormant")
        self.assertEqual(raised.mapped("res_id"), quiet.ids)
        self.assertEqual(raised.user_id, self.users["keeper"])
        self.assertEqual(raised.date_deadline, self._days_ago(1000 - 366))
        found = raised.with_user(self.users["keeper"]).search([("id", "=", raised.id)])
        self.assertEqual(found, raised)
        self.assertEqual(self.dossiers.filtered("is_dormant"), quiet | unkept)

    def test_dormant_on_the_very_day(self):
        """S2-46: the task and the filter count alike, by the company's number."""
        policies = self.env["customer.archive.policy"]
        policies.create({"company_id": self.env.company.id, "dormant_days": 50})
        on_time, late = self.dossiers[:2]
        self._log_fact(on_time, days_ago=50)
        self._log_fact(late, days_ago=51)
        self._sweep()
        raised = self._find("dormant").mapped("res_id")
        self.assertEqual(raised, self.dossiers.filtered("is_dormant").ids)
        self.assertNotIn(on_time.id, raised)
        self.assertIn(late.id, raised)

    def test_contact_or_closing_takes_the_proposal_back(self):
        """S2-46: a customer heard of is not dormant."""
        told, sold, closed, still = self.dossiers
        self._sweep()
        self.assertEqual(len(self._find("dormant")), 4)
        self._log_fact(told)
        self.env["customer.transaction"].create({"dossier_id": sold.id, "amount": 1})
        closed.action_close()
        self.assertEqual(self._find("dormant").mapped("res_id"), still.ids)
        self.assertFalse(closed.activity_ids)

    def test_proposal_comes_back_after_another_year(self):
        """S2-46: an archivist who keeps the dossier isn't asked again next day."""
        self._sweep()
        activity = self._find("dormant")[0].with_user(self.users["keeper"])
        dossier = self.dossiers.browse(activity.res_id)
        activity.action_feedback("They build a new plant")
        self._sweep()
        self.assertNotIn(dossier.id, self._find("dormant").mapped("res_id"))
        activity.sudo().date_done = self._days_ago(366)
        self._sweep()
        self.assertIn(dossier.id, self._find("dormant").mapped("res_id"))

    # News -------------------------------------------------------------------

    def _name_gatherers(self, days=30):
        tier = self.env.ref("customer_archive.customer_tier_a")
        self.assertEqual(tier.news_days, 30)
        tier.news_days = days
        self.dossiers.write(
            {"tier_id": tier.id, "intelligence_user_id": self.users["manager"].id}
        )

    def test_gatherer_of_news_is_reminded(self):
        """S0-20: the named person, where nothing was learned for a month."""
        silent, fresh, old, nobody = self.dossiers
        self._name_gatherers()
        nobody.intelligence_user_id = False
        self._log_fact(fresh, days_ago=29)
        self._log_fact(old, days_ago=30)
        self._sweep()
        self._sweep()
        raised = self._find("news")
        self.assertEqual(set(raised.mapped("res_id")), set((silent | old).ids))
        self.assertEqual(raised.user_id, self.users["manager"])
        self._log_fact(old)
        self.assertEqual(self._find("news").mapped("res_id"), silent.ids)

    def test_interval_of_news_is_data_of_the_tier(self):
        """S0-20: the administrator's number; none, and nobody is reminded."""
        self._name_gatherers(days=0)
        self._sweep()
        self.assertFalse(self._find("news"))
        self.dossiers.tier_id.news_days = 5
        self._log_fact(self.dossiers[0], days_ago=4)
        self._log_fact(self.dossiers[1], days_ago=5)
        self._sweep()
        raised = self._find("news").mapped("res_id")
        self.assertEqual(set(raised), set(self.dossiers[1:].ids))

    def test_reminder_goes_to_somebody_who_may_read_the_dossier(self):
        """S0-20, S2-20: the owner's, where the gatherer is let in nowhere."""
        names = ("stranger", "leader", "keeper")
        dossiers = dict(zip(names, self.dossiers, strict=False))
        self._name_gatherers()
        for name, dossier in dossiers.items():
            dossier.intelligence_user_id = self.users[name]
        self._sweep()
        holders = {a.res_id: a.user_id for a in self._find("news")}
        for name, expected in {"stranger": "seller", "leader": "leader"}.items():
            self.assertEqual(holders[dossiers[name].id], self.users[expected])
        for activity in self._find("news"):
            dossier = self.dossiers.browse(activity.res_id).with_user(activity.user_id)
            self.assertTrue(dossier.has_access("read"))

    # All of them ------------------------------------------------------------

    def test_one_statement_however_many(self):
        """S2-46, S0-20: raised in bulk."""
        self._name_gatherers()
        self.dossiers.last_update_date = self._days_ago(1000)
        dossiers = self.env["customer.dossier"]
        counts, raised = [], []
        for limit in (0, 1, 3):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            tasks = dossiers._get_tasks()
            raised.append([dossiers._raise_task(task, limit) for task in tasks])
            counts.append(self.env.cr.sql_log_count - before)
        # those of other addons come behind
        self.assertEqual(raised[1][:3], [1, 1, 1])
        self.assertEqual(raised[2][:3], [3, 3, 3])
        self.assertEqual(counts[1], counts[2])
