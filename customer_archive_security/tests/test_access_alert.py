from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .access_log_common import AccessLogCase

LINE = """
INSERT INTO customer_access_entry
    (slot, date, user_id, dossier_res_id, what, channel, details, count)
SELECT slot, slot, %(user_id)s, dossier_id, %(what)s, 'web', '', %(count)s
  FROM unnest(%(slots)s::timestamp[], %(dossier_ids)s::int[]) AS line (slot, dossier_id)
"""


@tagged("post_install", "-at_install")
class TestAccessAlert(AccessLogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["customer.access.rule"]
        cls.alerts = cls.env["customer.access.alert"]
        cls.rules.search([("active", "=", True)]).number = 3
        for user in cls.users.values():
            user.tz = "UTC"
        cls.ids = iter(range(10**6, 10**7))

    def look(self, role, count, hours_ago=1, what="form", times=1, same=False):
        """Lines of ``count`` dossiers, or ``count`` lines of the same one."""
        now = datetime.now().replace(microsecond=0)
        slots = [now - timedelta(hours=hours_ago, seconds=n) for n in range(count)]
        first = next(self.ids)
        dossier_ids = [first if same else next(self.ids) for _n in range(count)]
        self.env.cr.execute(
            LINE,
            {
                "user_id": self.users[role].id,
                "what": what,
                "count": times,
                "slots": [str(slot) for slot in slots],
                "dossier_ids": dossier_ids,
            },
        )

    def raised(self, kind):
        """Alerts of the kind: ``{role: number}``."""
        self.rules._cron_alert()
        users = {user: role for role, user in self.users.items()}
        mine = [user.id for user in users]
        alerts = self.alerts.search([("kind", "=", kind), ("user_id", "in", mine)])
        return {users[alert.user_id]: alert.number for alert in alerts}

    # Rules -------------------------------------------------------------------

    def test_many_dossiers_within_the_window(self):
        # S2-43
        self.look("owner", 4)
        self.look("leader", 3)
        self.look("manager", 9, same=True)
        self.look("director", 9, hours_ago=25)
        self.look("keeper", 9, what="denied")
        self.assertEqual(self.raised("volume"), {"owner": 4})

    def test_at_night_by_the_clock_of_the_person(self):
        # S2-43
        hour = datetime.now().hour
        rule = self.rules.search([("kind", "=", "night")])
        rule.write({"hour_from": (hour - 2) % 24, "hour_to": (hour + 1) % 24})
        self.users["leader"].tz = "Etc/GMT+12"
        self.look("owner", 4)
        self.look("leader", 4)
        self.assertEqual(self.raised("night"), {"owner": 4})

    def test_refusals_count_each_time(self):
        self.look("owner", 1, what="denied", times=4)
        self.look("leader", 4)
        self.assertEqual(self.raised("denied"), {"owner": 4})

    def test_prints_and_exports(self):
        self.look("owner", 2, what="export")
        self.look("owner", 2, what="print")
        self.look("leader", 9)
        self.assertEqual(self.raised("export"), {"owner": 4})

    def test_before_leaving(self):
        # S3-17 S2-43
        for role in ("owner", "leader", "manager"):
            self.look(role, 4, hours_ago=100)
        self.assertEqual(self.raised("leaving"), {})
        self.env["customer.handover"].create({"user_id": self.users["owner"].id})
        self.users["leader"].active = False
        self.env.flush_all()
        self.assertEqual(self.raised("leaving"), {"owner": 4, "leader": 4})

    def test_limit_is_data(self):
        self.look("owner", 4)
        rule = self.rules.search([("kind", "=", "volume")])
        rule.with_user(self.users["settings"]).number = 4
        self.assertEqual(self.raised("volume"), {})
        rule.with_user(self.users["settings"]).number = 2
        self.assertEqual(self.raised("volume"), {"owner": 4})

    # What becomes of an alert --------------------------------------------------

    def test_told_once_a_day_and_counted_further(self):
        self.look("owner", 4)
        self.rules._cron_alert()
        self.look("owner", 2)
        self.assertEqual(self.raised("volume"), {"owner": 6})
        alert = self.alerts.search([("user_id", "=", self.users["owner"].id)])
        self.assertEqual(len(alert), 1)
        mine = alert.activity_ids.filtered(
            lambda activity: activity.user_id == self.users["auditor"]
        )
        self.assertEqual(len(mine), 1)

    def test_activity_is_neutral(self):
        self.look("owner", 4)
        self.rules._cron_alert()
        alert = self.alerts.search([("user_id", "=", self.users["owner"].id)])
        activity = alert.activity_ids[:1]
        told = f"{activity.res_name} {activity.summary} {activity.note}"
        self.assertNotIn(self.users["owner"].name, told)
        self.assertNotIn(self.users["owner"].login, told)

    def test_looked_into_by_auditors_and_who_the_rule_names(self):
        # S2-43
        self.look("owner", 4)
        self.look("auditor", 4)
        self.rules._cron_alert()
        alert = self.alerts.search([("user_id", "=", self.users["owner"].id)])
        own = self.alerts.search([("user_id", "=", self.users["auditor"].id)])
        self.assertTrue(own)

        def readers(record):
            return {
                role
                for role in self.users
                if self.as_role(role, record).has_access("read")
            }

        self.assertEqual(readers(alert), {"auditor"})
        self.assertEqual(readers(own), set(), "nobody looks into his own")
        alert.rule_id.group_id = self.env.ref("customer_archive.group_archive_keeper")
        self.assertEqual(readers(alert), {"auditor", "keeper"})
        mine = self.as_role("auditor", alert)
        mine.finding = "A tender: all of them were asked for"
        mine.action_fine()
        self.assertEqual(alert.looked_by_id, self.users["auditor"])
        self.assertFalse(alert.activity_ids)
        with self.assertRaises(AccessError):
            mine.unlink()

    def test_as_many_statements_for_one_as_for_many(self):
        self.rules._cron_alert()
        for count in (1, 8):
            for role in list(self.users)[:count]:
                self.look(role, 4)
            with self.assertQueryCount(5):
                for kind in ("volume", "night", "denied", "export"):
                    self.rules._raise_alerts(kind)
