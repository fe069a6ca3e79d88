"""Two first orders of a customer are confirmed at the same moment."""

import unittest
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import test_race
from scratch_database import scratch_database

from odoo import api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import new_test_user
from odoo.tools import config, mute_logger


class TestRaceSale(unittest.TestCase):
    _wait_for_somebody_waiting = test_race.TestRace._wait_for_somebody_waiting

    def setUp(self):
        self.database = self.enterContext(scratch_database("race_sale"))
        # else loading it would run the tests of every module
        with patch.dict(config.options, test_enable=False):
            self.registry = Registry(self.database)
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, api.SUPERUSER_ID, {})
            self.customer = env["res.partner"].create({"name": "New"}).id
            self.users, self.orders = [], []
            for login in ("one", "two"):
                user = new_test_user(
                    env, login, groups="sales_team.group_sale_salesman"
                )
                order = env["sale.order"].create(
                    {"partner_id": self.customer, "user_id": user.id}
                )
                self.users.append(user.id)
                self.orders.append(order.id)

    def _confirm(self, number, before_commit=lambda: None):
        """Confirm as a request of that salesperson would."""
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, self.users[number], {})

            def confirm():
                env["sale.order"].browse(self.orders[number]).action_confirm()
                env.flush_all()
                before_commit()

            retrying(confirm, env)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_both_are_confirmed_into_one_dossier(self):
        """S2-15, S2-30: neither salesperson is told anything, or loses an order."""
        with ThreadPoolExecutor() as pool:
            waiting = []

            def let_the_other_come():
                if not waiting:
                    waiting.append(pool.submit(self._confirm, 1))
                    self._wait_for_somebody_waiting()

            self._confirm(0, before_commit=let_the_other_come)
            waiting[0].result(timeout=60)
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, api.SUPERUSER_ID, {})
            mine = [("partner_id", "=", self.customer)]
            dossier = env["customer.dossier"].search(mine)
            self.assertEqual(len(dossier), 1)
            self.assertEqual(
                sorted(dossier.transaction_ids.sale_order_id.ids), self.orders
            )
