"""Approving, refusing and editing the same dossier at the same moment."""

import threading
import unittest
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

from scratch_database import scratch_database

from odoo import api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import new_test_user
from odoo.tools import config, mute_logger

ROUNDS = 200
GROUP = "customer_archive.group_archive_"


class TestRaceApproval(unittest.TestCase):
    def setUp(self):
        self.database = self.enterContext(scratch_database("race_approval"))
        # else loading it would run the tests of every module
        with patch.dict(config.options, test_enable=False):
            self.registry = Registry(self.database)
        # the pause before a request is tried again: its length proves nothing here
        self.enterContext(patch("odoo.service.model.random.uniform", return_value=0.01))
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, api.SUPERUSER_ID, {})
            self.owner = new_test_user(env, "owner", groups=GROUP + "user").id
            self.approver = new_test_user(env, "approver", groups=GROUP + "manager").id
            self.refuser = new_test_user(env, "refuser", groups=GROUP + "manager").id
            customers = env["res.partner"].create(
                [{"name": f"Customer {number}"} for number in range(ROUNDS)]
            )
            dossiers = (
                env["customer.dossier"]
                .with_user(self.owner)
                .create([{"partner_id": customer.id} for customer in customers])
            )
            dossiers.action_submit()
            self.dossiers = dossiers.ids
            self.approvals = {
                dossier.id: dossier.approval_id.id for dossier in dossiers
            }

    def _request(self, user_id, act):
        """Run ``act(env)`` as a request of that user; None, or what he is told."""
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, user_id, {})
            try:
                retrying(lambda: act(env) and None, env)
            except UserError as told:
                return str(told)
        return None

    def _play(self, pool, dossier_id):
        """All three at once; what each was told."""
        start = threading.Barrier(3)

        def together(user_id, act):
            start.wait()
            return self._request(user_id, act)

        def approve(env):
            env["customer.dossier"].browse(dossier_id).action_approve()

        def refuse(env):
            dialogs = env["customer.approval.refuse"]
            dialog = dialogs.create(
                {"approval_ids": [self.approvals[dossier_id]], "reason": "Why not"}
            )
            dialog.action_confirm()

        def edit(env):
            env["customer.dossier"].browse(dossier_id).strategy = "Edited"

        acts = [(self.approver, approve), (self.refuser, refuse), (self.owner, edit)]
        return [
            done.result(timeout=60)
            for done in [pool.submit(together, *act) for act in acts]
        ]

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_one_outcome_each_and_a_complete_history(self):
        """S2-1, S2-29: one decision counts, and every change is written down."""
        with ThreadPoolExecutor(3) as pool:
            told = [self._play(pool, dossier_id) for dossier_id in self.dossiers]
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, api.SUPERUSER_ID, {})
            outcomes = set()
            for dossier, (approver, refuser, owner) in zip(
                env["customer.dossier"].browse(self.dossiers), told, strict=True
            ):
                with self.subTest(dossier=dossier.number):
                    outcomes.add(dossier.state)
                    self._check(dossier, approver, refuser, owner)
            self.assertLessEqual(outcomes, {"filed", "draft"})

    def _check(self, dossier, approver, refuser, owner):
        decision = dossier.approval_ids.decision_ids
        self.assertEqual(len(decision), 1)
        # who won was told nothing; who lost was told something
        approved = decision.decision == "approved"
        self.assertEqual(approver is None, approved)
        self.assertEqual(refuser is None, not approved)
        self.assertEqual(dossier.state, "filed" if approved else "draft")
        self.assertIsNone(owner)
        self.assertEqual(dossier.strategy, "Edited")
        changes = dossier.env["customer.change"].search(
            [("dossier_id", "=", dossier.id)]
        )
        lines = changes.mapped(lambda change: (change.field_name, change.new_value))
        self.assertEqual(lines.count(("strategy", "Edited")), 1)
        self.assertEqual([name for name, _new in lines].count("state"), 2)
