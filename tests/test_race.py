"""Two people open a dossier for the same customer at the same moment."""

import base64
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

from scratch_database import scratch_database

from odoo import api
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import new_test_user
from odoo.tools import config, mute_logger

from odoo.addons.customer_archive.tests.form_files import FormFile, blank

KEEPERS = "customer_archive.group_archive_keeper,base.group_partner_manager"


class RaceCommon(unittest.TestCase):
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
            self._prepare(env)

    def _prepare(self, env):
        """What is there before the race."""

    def _act(self, env):
        """What each of the two does; what comes of it."""
        raise NotImplementedError

    def _request(self, user_id, before_commit=None):
        """Act as a request of that user would; what comes of it, or the refusal."""
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, user_id, {})

            def act():
                result = self._act(env)
                env.flush_all()
                if before_commit:
                    before_commit()
                return result

            try:
                return retrying(act, env)
            except UserError as refusal:
                cursor.rollback()
                return refusal

    def _race(self, giving_up=None):
        """The second one comes before the first commits, or gives up; both results."""
        first, second = self.users
        with ThreadPoolExecutor() as pool:
            waiting = []

            def let_the_other_come():
                waiting.append(pool.submit(self._request, second))
                self._wait_for_somebody_waiting()
                if giving_up:
                    raise giving_up

            result = self._request(first, before_commit=let_the_other_come)
            return result, waiting[0].result(timeout=60)

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

    def _count(self, query, *params):
        with self.registry.cursor() as cursor:
            cursor.execute(query, params)
            return cursor.fetchone()[0]


class TestRace(RaceCommon):
    def _prepare(self, env):
        self.customer = env["res.partner"].create({"name": "Sought After"}).id

    def _act(self, env):
        return env["customer.dossier"].create({"partner_id": self.customer}).id

    def _count_dossiers(self):
        return self._count(
            "SELECT count(*) FROM customer_dossier WHERE partner_id = %s", self.customer
        )

    @mute_logger("odoo.sql_db")
    def test_one_dossier_and_a_clean_word_for_the_other(self):
        """S2-30: one dossier; the one who came second is told, in words."""
        opened, refused = self._race()
        self.assertIsInstance(opened, int)
        self.assertIsInstance(refused, ValidationError)
        self.assertIn("has a dossier already", str(refused))
        self.assertNotIn("customer_dossier", str(refused))
        self.assertEqual(self._count_dossiers(), 1)

    @mute_logger("odoo.sql_db")
    def test_who_comes_first_may_give_up(self):
        """S2-30: what was never committed keeps nobody out."""
        refused, opened = self._race(giving_up=UserError("changed my mind"))
        self.assertIsInstance(refused, UserError)
        self.assertIsInstance(opened, int)
        self.assertEqual(self._count_dossiers(), 1)


class TestRaceImport(RaceCommon):
    """The filled-in form of a new customer, handed in by two people at once."""

    def _prepare(self, env):
        content = FormFile(blank(env)).put("客户名称", "苏州新来机床厂").save()
        imports = env["customer.form.import"]
        for user_id in self.users:
            file = {"name": "form.xlsx", "content": base64.b64encode(content)}
            imports.with_user(user_id).create(
                {"file_ids": [Command.create(file)]}
            ).action_check()

    def _act(self, env):
        dialog = env["customer.form.import"].search([("create_uid", "=", env.uid)])
        return dialog.action_apply()["res_model"]

    def _count_customers(self):
        return self._count(
            "SELECT count(*) FROM res_partner WHERE name = %s", "苏州新来机床厂"
        )

    def test_one_customer_and_a_new_look_for_the_other(self):
        """S2-30: who comes second is shown what his form changes now: nothing."""
        with patch("odoo.service.model.random.uniform", return_value=0.01):
            results = self._race()
        self.assertEqual(results, ("customer.dossier", "customer.form.import"))
        self.assertEqual(self._count_customers(), 1)

    def test_who_comes_first_may_give_up(self):
        """S2-30: what was never committed keeps nobody out."""
        refused, result = self._race(giving_up=UserError("changed my mind"))
        self.assertIsInstance(refused, UserError)
        self.assertEqual(result, "customer.dossier")
        self.assertEqual(self._count_customers(), 1)
