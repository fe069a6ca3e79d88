"""Two people open a dossier for the same customer at the same moment."""

import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

from scratch_database import scratch_database

from odoo import api
from odoo.exceptions import UserError, ValidationError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import new_test_user
from odoo.tools import config, mute_logger

KEEPERS = "customer_archive.group_archive_keeper,base.group_partner_manager"


class TestRace(unittest.TestCase):
    def setUp(self):
        self.database = self.enterContext(scratch_database("race"))
        # else loading it would run the tests of every module
        with patch.dict(config.options, test_enable=False):
            self.registry = Registry(self.database)
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, api.SUPERUSER_ID, {})
            self.users = [
                new_test_user(env, login, groups=KEEPERS).id for login in ("one", "two")
            ]
            self.customer = env["res.partner"].create({"name": "Sought After"}).id

    def _open(self, user_id, before_commit=None):
        """Open the dossier as a request of that user would; its id, or the refusal."""
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, user_id, {})

            def create():
                dossier = env["customer.dossier"].create({"partner_id": self.customer})
                env.flush_all()
                if before_commit:
                    before_commit()
                return dossier.id

            try:
                return retrying(create, env)
            except UserError as refusal:
                cursor.rollback()
                return refusal

    def _wait_for_somebody_waiting(self):
        """Until another transaction of this database waits for a lock."""
        with self.registry.cursor() as cursor:
            for _attempt in range(100):
                cursor.execute(
                    "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a"
                    " USING (pid) WHERE NOT l.granted AND a.datname = %s",
                    (self.database,),
                )
                if cursor.fetchone()[0]:
                    return
                time.sleep(0.05)
        raise AssertionError("the second one did not wait for the first")

    def _count(self):
        with self.registry.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM customer_dossier WHERE partner_id = %s",
                (self.customer,),
            )
            return cursor.fetchone()[0]

    @mute_logger("odoo.sql_db")
    def test_one_dossier_and_a_clean_word_for_the_other(self):
        """S2-30: one dossier; the one who came second is told, in words."""
        first, second = self.users
        with ThreadPoolExecutor() as pool:
            waiting = []

            def let_the_other_come():
                waiting.append(pool.submit(self._open, second))
                self._wait_for_somebody_waiting()

            opened = self._open(first, before_commit=let_the_other_come)
            refused = waiting[0].result(timeout=60)
        self.assertIsInstance(opened, int)
        self.assertIsInstance(refused, ValidationError)
        self.assertIn("has a dossier already", str(refused))
        self.assertNotIn("customer_dossier", str(refused))
        self.assertEqual(self._count(), 1)

    @mute_logger("odoo.sql_db")
    def test_who_comes_first_may_give_up(self):
        """S2-30: what was never committed keeps nobody out."""
        first, second = self.users
        with ThreadPoolExecutor() as pool:
            waiting = []

            def let_the_other_come_and_fail():
                waiting.append(pool.submit(self._open, second))
                self._wait_for_somebody_waiting()
                raise UserError("changed my mind")

            refused = self._open(first, before_commit=let_the_other_come_and_fail)
            opened = waiting[0].result(timeout=60)
        self.assertIsInstance(refused, UserError)
        self.assertIsInstance(opened, int)
        self.assertEqual(self._count(), 1)
