"""Approving a loan twice and withdrawing it at the same moment."""

import threading
import unittest
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest.mock import patch

from scratch_database import scratch_database

from odoo import api, fields
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import new_test_user
from odoo.tools import config, mute_logger

ROUNDS = 40
SERVICE = "customer_archive_security.group_archive_service"


class TestRaceLoan(unittest.TestCase):
    def setUp(self):
        self.database = self.enterContext(scratch_database("race_loan"))
        # else loading it would run the tests of every module
        with patch.dict(config.options, test_enable=False):
            self.registry = Registry(self.database)
        # the pause before a request is tried again: its length proves nothing here
        self.enterContext(patch("odoo.service.model.random.uniform", return_value=0.01))
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, api.SUPERUSER_ID, {})
            self.borrower = new_test_user(env, "borrower", groups="base.group_user").id
            self.service = [
                new_test_user(env, f"service_{number}", groups=SERVICE).id
                for number in range(2)
            ]
            customers = env["res.partner"].create(
                [{"name": f"Customer {number}"} for number in range(ROUNDS)]
            )
            dossiers = env["customer.dossier"].create(
                [{"partner_id": customer.id} for customer in customers]
            )
            now = fields.Datetime.now()
            loans = env(user=self.borrower)["customer.loan"]
            self.loans = [
                loans._request(
                    dossier,
                    purpose="Offer",
                    quantity="All",
                    mode="read",
                    date_start=now,
                    date_end=now + timedelta(hours=1),
                ).id
                for dossier in dossiers
            ]

    def _request(self, user_id, name, loan_id):
        """Run the action ``name`` as a request of that user; what he is told, if so."""
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, user_id, {})

            def act():
                getattr(env["customer.loan"].browse(loan_id), name)()

            try:
                retrying(act, env)
            except UserError as told:
                return str(told)
        return None

    def _play(self, pool, loan_id):
        """All three at once; what each was told."""
        start = threading.Barrier(3)

        def together(user_id, name):
            start.wait()
            return self._request(user_id, name, loan_id)

        acts = [(user_id, "action_approve") for user_id in self.service]
        acts.append((self.borrower, "action_withdraw"))
        return [
            done.result(timeout=60)
            for done in [pool.submit(together, *act) for act in acts]
        ]

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_two_approvals_at_once_count_once(self):
        # S3-12: granted by one, or withdrawn by the borrower, never both
        with ThreadPoolExecutor(3) as pool:
            told = [self._play(pool, loan_id) for loan_id in self.loans]
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, api.SUPERUSER_ID, {})
            loans = env["customer.loan"].browse(self.loans)
            lent = set(loans._get_live(env["res.users"].browse(self.borrower)).ids)
            for loan, (first, second, _borrower) in zip(loans, told, strict=True):
                with self.subTest(loan=loan.number):
                    approval = loan.approval_ids
                    granted = loan.state == "granted"
                    self.assertIn(loan.state, ("granted", "withdrawn"))
                    self.assertEqual(
                        approval.state, "approved" if granted else "cancelled"
                    )
                    self.assertEqual(len(approval.decision_ids), int(granted))
                    self.assertEqual((first, second).count(None), int(granted))
                    self.assertEqual(loan.id in lent, granted)
            borrower = env["res.users"].browse(self.borrower)
            reader = borrower.has_group("customer_archive.group_archive_reader")
            self.assertEqual(reader, bool(lent))
