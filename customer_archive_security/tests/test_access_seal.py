from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..models.customer_access_table import create_partition
from .access_log_common import AccessLogCase

LINE = """
INSERT INTO customer_access_entry
    (slot, date, user_id, dossier_res_id, dossier_number, what, channel, details)
VALUES (%s, %s, %s, %s, 'KH1', 'form', 'web', '')
RETURNING id
"""


@tagged("post_install", "-at_install")
class TestAccessSeal(AccessLogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seals = cls.env["customer.access.seal"]
        cls.today = fields.Date.today()
        # whatever was looked at in this database before is nothing of ours
        cls._unguarded("DELETE FROM customer_access_entry")
        cls._unguarded("DELETE FROM customer_access_seal")
        cls.lines = [
            cls.add_line(cls.today - timedelta(days=days), number)
            for days in (4, 3, 1)
            for number in (1, 2)
        ]
        cls.seals._cron_seal()

    @classmethod
    def _unguarded(cls, query, *params):
        """What the owner of the table can do: change it without its triggers."""
        cr = cls.env.cr
        tables = ("customer_access_entry", "customer_access_seal")
        for table in tables:
            cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cr.execute(query, params)
        for table in tables:
            cr.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    @classmethod
    def add_line(cls, day, dossier_id):
        cls._make_month(day)
        params = [f"{day} 08:00:00", f"{day} 08:01:00", cls.env.uid, dossier_id]
        cls.env.cr.execute(LINE, params)
        return cls.env.cr.fetchone()[0]

    @classmethod
    def _make_month(cls, day):
        month = day.replace(day=1)
        following = (month + timedelta(days=32)).replace(day=1)
        create_partition(cls.env.cr, month, following)

    def broken(self, expected=None):
        return self.seals.with_context(lang="en_US")._verify(expected)["broken"]

    # Sealing ---------------------------------------------------------------

    def test_each_day_that_is_over_is_sealed_once(self):
        # S2-43 S2-48
        seals = self.seals.search([("kind", "=", "day")], order="id")
        days = [self.today - timedelta(days=number) for number in (4, 3, 2, 1)]
        self.assertEqual(seals.mapped("day"), days)
        self.assertEqual(seals.mapped("row_count"), [2, 2, 0, 2])
        self.assertEqual(seals[1].previous_hash, seals[0].hash)
        self.seals._cron_seal()
        self.assertEqual(self.seals.search_count([("kind", "=", "day")]), 4)
        self.assertIsNone(self.broken())
        self.add_line(self.today, 1)
        self.assertIsNone(self.broken(), "today is not sealed yet")

    # Refused ---------------------------------------------------------------

    @mute_logger("odoo.sql_db")
    def test_database_refuses_odoo_itself(self):
        """Neither line nor seal, neither by the parent table nor by a partition."""
        # S2-43 S2-48
        month = f"customer_access_entry_{self.today - timedelta(days=1):%Y_%m}"
        changes = {
            f"{table} {query}": query.format(table)
            for table in (
                "customer_access_entry",
                "customer_access_log",
                month,
                "customer_access_seal",
            )
            for query in (
                "UPDATE {} SET id = id + 1000",
                "DELETE FROM {}",
                "TRUNCATE {}",
            )
        }
        changes["counter down"] = f"UPDATE {month} SET count = 0"
        changes["counter of a past slot"] = f"UPDATE {month} SET count = count + 1"
        for name, query in changes.items():
            with self.subTest(name), self.assertRaises(Exception):  # noqa: B017
                self.env.cr.execute(query)
        for call in (
            lambda: self.seals.create({"kind": "day", "day": self.today, "hash": "x"}),
            lambda: self.seals.search([("id", ">", 0)]).write({"hash": "x"}),
            lambda: self.seals.search([("id", ">", 0)]).unlink(),
        ):
            with self.assertRaises(UserError):
                call()
        self.assertIsNone(self.broken())

    # Found -----------------------------------------------------------------

    def test_verifying_names_the_first_broken_line(self):
        # S2-43 S2-48
        first, second, third, *_others = self.lines
        day = self.today - timedelta(days=4)
        changes = {
            f"Line {second} of {day} was changed.": [
                ("UPDATE customer_access_entry SET user_id = 2 WHERE id >= %s", second)
            ],
            f"Line {first} of {day} was changed.": [
                (
                    "UPDATE customer_access_entry SET count = count + 1 WHERE id = %s",
                    first,
                )
            ],
            f"Line {second} of {day} is missing.": [
                (
                    "DELETE FROM customer_access_entry WHERE id IN (%s, %s)",
                    second,
                    third,
                )
            ],
            f"Line {third} of {day + timedelta(days=1)} is missing.": [
                (
                    "UPDATE customer_access_entry SET slot = slot + interval '1 day'"
                    " WHERE id = %s",
                    third,
                )
            ],
        }
        for message, queries in changes.items():
            with self.subTest(message), self.env.cr.savepoint() as savepoint:
                for query, *params in queries:
                    self._unguarded(query, *params)
                self.assertEqual(self.broken(), message)
                savepoint.rollback()
        self.assertIsNone(self.broken())

    def test_line_added_to_a_past_day_is_found(self):
        for days in (3, 2, 6):
            day = self.today - timedelta(days=days)
            with self.env.cr.savepoint() as savepoint:
                line_id = self.add_line(day, 9)
                message = f"Line {line_id} of {day} was added later."
                self.assertEqual(self.broken(), message)
                savepoint.rollback()

    def test_seal_changed_or_taken_away_is_found(self):
        second = self.seals.search([], order="id")[1]
        for query in (
            "UPDATE customer_access_seal SET row_count = 1 WHERE id = %s",
            "UPDATE customer_access_seal SET hash = md5('x') WHERE id = %s",
            "UPDATE customer_access_seal SET digests = '' WHERE id = %s",
            "DELETE FROM customer_access_seal WHERE id = %s",
        ):
            with self.subTest(query), self.env.cr.savepoint() as savepoint:
                self._unguarded(query, second.id)
                self.assertIn("Seal", self.broken() or "")
                savepoint.rollback()

    def test_restored_backup_and_rewritten_chain_are_found(self):
        """What is whole in itself is told by the hash kept outside."""
        # S2-43 S2-48
        head = self.seals._verify()["head"]
        self.assertIsNone(self.broken(head))
        yesterday = self.today - timedelta(days=1)
        with self.env.cr.savepoint() as savepoint:
            # the backup of the day before
            self._unguarded(
                "DELETE FROM customer_access_entry WHERE slot >= %s", yesterday
            )
            self._unguarded(
                "DELETE FROM customer_access_seal WHERE day >= %s", yesterday
            )
            self.assertIsNone(self.broken())
            self.assertIn(head, self.broken(head))
            savepoint.rollback()
        with self.env.cr.savepoint() as savepoint:
            # one line changed, and everything sealed anew
            self._unguarded("UPDATE customer_access_entry SET user_id = 2")
            self._unguarded("DELETE FROM customer_access_seal")
            self.seals._cron_seal()
            self.assertIsNone(self.broken())
            self.assertIn(head, self.broken(head))
            savepoint.rollback()

    # Dropping --------------------------------------------------------------

    def test_whole_months_are_dropped_after_their_time(self):
        # S2-47
        old = (self.today.replace(day=1) - timedelta(days=800)).replace(day=5)
        self._unguarded("DELETE FROM customer_access_seal")
        line_id = self.add_line(old, 1)
        self.seals._cron_seal()
        self.assertIsNone(self.broken())
        policies = self.env["customer.archive.policy"]
        for company in self.env["res.company"].search([("active", "=", True)]):
            page = policies.search([("company_id", "=", company.id)])
            page = page or policies.create({"company_id": company.id})
            page.access_keep_months = 12
        self.seals._cron_seal()
        self.assertFalse(self.log.search([("id", "=", line_id)]))
        self.env.cr.execute(
            SQL("SELECT to_regclass(%s)", f"customer_access_entry_{old:%Y_%m}")
        )
        self.assertIsNone(self.env.cr.fetchone()[0])
        self.assertEqual(len(self.log.search([("id", "in", self.lines)])), 6)
        self.assertIsNone(self.broken())
        self.assertEqual(self.seals._verify()["dropped"].day, 1)
        drops = self.seals.search_count([("kind", "=", "drop")])
        self.seals._cron_seal()
        self.assertEqual(self.seals.search_count([("kind", "=", "drop")]), drops)

    def test_auditor_verifies(self):
        seals = self.seals.with_user(self.users["auditor"])
        self.assertEqual(seals.action_verify()["params"]["type"], "success")
        self._unguarded(
            "DELETE FROM customer_access_entry WHERE id = %s", self.lines[0]
        )
        self.assertEqual(seals.action_verify()["params"]["type"], "danger")
        with self.assertRaises(AccessError):
            self.seals.with_user(self.users["manager"]).action_verify()
