"""Two servers raise due calls and visits at once, and one of them is killed."""

import os
import random
import signal
import time
import unittest
from unittest.mock import patch

from scratch_database import scratch_database

from odoo import api, sql_db
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import new_test_user
from odoo.tools import config, mute_logger

CUSTOMERS, SLICE, KILLS = 120, 10, 20
GROUPS = "base.group_user,customer_archive.group_archive_user"


class TestRaceSweep(unittest.TestCase):
    def setUp(self):
        self.database = self.enterContext(scratch_database("race_sweep"))
        # else loading it would run the tests of every module
        with patch.dict(config.options, test_enable=False):
            self.registry = Registry(self.database)
        sweep_size = patch.object(
            self.registry["customer.follow.up"], "_get_sweep_size", lambda self: SLICE
        )
        self.enterContext(sweep_size)
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, api.SUPERUSER_ID, {})
            seller = new_test_user(env, "sweep_seller", groups=GROUPS)
            customers = env["res.partner"].create(
                [{"name": f"Customer {number}"} for number in range(CUSTOMERS)]
            )
            dossiers = env["customer.dossier"].create(
                [
                    {
                        "partner_id": customer.id,
                        "user_id": seller.id,
                        "tier_id": env.ref("customer_archive.customer_tier_a").id,
                        "state": "filed",
                    }
                    for customer in customers
                ]
            )
            dossiers._refresh_follow_ups()
            cursor.execute("UPDATE customer_follow_up SET start_date = '2020-01-01'")

    def _sweep(self):
        """What the cron does: slice by slice, each with its commit."""
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, api.SUPERUSER_ID, {})
            follow_ups = env["customer.follow.up"]
            for low, high in follow_ups._get_dossier_slices():
                retrying(lambda low=low, high=high: follow_ups._sweep(low, high), env)

    def _start_server(self):
        """A process of its own, with connections of its own; its id."""
        process = os.fork()
        if process:
            return process
        sql_db._Pool = sql_db._Pool_readonly = None
        self.registry._db = sql_db.db_connect(self.database)
        code = 1
        try:
            self._sweep()
            code = 0
        finally:
            os._exit(code)

    def _query(self, query):
        with self.registry.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()

    def _reset(self):
        with self.registry.cursor() as cursor:
            cursor.execute(
                "DELETE FROM mail_activity WHERE res_model LIKE 'customer.%'"
            )
            cursor.execute("UPDATE customer_follow_up SET raised_date = NULL")

    def _assert_each_on_a_desk_once(self):
        ((rows, pointed, activities, on_dossiers),) = self._query(
            """
            SELECT count(*), count(DISTINCT f.activity_id), count(a.id),
                   (SELECT count(*) FROM mail_activity
                     WHERE res_model = 'customer.dossier')
              FROM customer_follow_up f LEFT JOIN mail_activity a ON a.id = activity_id
            """
        )
        self.assertEqual(rows, 2 * CUSTOMERS)
        self.assertEqual({rows, pointed, activities, on_dossiers}, {rows})

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_two_servers_and_one_is_killed(self):
        """S0-19: nothing doubled, nothing lost, whenever it is killed."""
        chance = random.Random(20260302)
        start = time.monotonic()
        self._sweep()
        alone = time.monotonic() - start
        self._assert_each_on_a_desk_once()
        cut_off = 0
        for _kill in range(KILLS):
            self._reset()
            killed, other = self._start_server(), self._start_server()
            time.sleep(chance.random() * alone * 1.5)
            os.kill(killed, signal.SIGKILL)
            _pid, status = os.waitpid(killed, 0)
            cut_off += os.WIFSIGNALED(status)
            _pid, status = os.waitpid(other, 0)
            self.assertEqual(os.waitstatus_to_exitcode(status), 0)
            # the one that lived went through all slices
            self._assert_each_on_a_desk_once()
            # what the next night finds
            self._sweep()
            self._assert_each_on_a_desk_once()
        self.assertTrue(cut_off, "none was killed at work")
