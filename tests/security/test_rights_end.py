"""Rights that end: the next request of another server process knows."""

import time
import unittest
from datetime import timedelta
from unittest.mock import patch

import requests
from odoo_server import odoo_server
from scratch_database import scratch_database

from odoo import api, fields
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import new_test_user
from odoo.tools import config

ARCHIVE = "customer_archive.group_archive_"
CLEARANCE = "customer_archive_security.group_clearance_"
DOSSIER = "/json/2/customer.dossier/search_read"


class TestRightsEnd(unittest.TestCase):
    """One process changes what the other one's user may see."""

    @classmethod
    def setUpClass(cls):
        cls.database = cls.enterClassContext(scratch_database("rights"))
        # else loading it would run the tests of every module
        with patch.dict(config.options, test_enable=False):
            cls.registry = Registry(cls.database)
        cls.keys = {}
        cls._commit(cls._make_world)
        cls.url = cls.enterClassContext(odoo_server(cls.database))

    @classmethod
    def _commit(cls, act):
        """Do ``act(env)`` as a request of this process; its result."""
        with cls.registry.cursor() as cursor:
            env = api.Environment(cursor, api.SUPERUSER_ID, {})
            result = retrying(lambda: act(env), env)
        cls.registry.signal_changes()
        return result

    @classmethod
    def _make_world(cls, env):
        env.ref("base.group_user").api_key_duration = 30
        cls.company = env.company.id
        cls.abroad = env["res.company"].create({"name": "Abroad"}).id
        cls.users = {
            "owner": cls._make_user(env, "owner", f"{ARCHIVE}user"),
            "leader": cls._make_user(env, "leader", f"{ARCHIVE}supervisor"),
            "heir": cls._make_user(env, "heir", f"{ARCHIVE}supervisor"),
            "manager": cls._make_user(env, "manager", f"{ARCHIVE}manager"),
            "cleared": cls._make_user(env, "cleared", f"{ARCHIVE}user,{CLEARANCE}a"),
            "leaver": cls._make_user(env, "leaver", f"{ARCHIVE}manager"),
            "traveller": cls._make_user(env, "traveller", f"{ARCHIVE}manager"),
            "borrower": cls._make_user(env, "borrower", f"{ARCHIVE}reader"),
        }
        env["res.users"].browse(cls.users["traveller"]).company_ids = [
            Command.link(cls.abroad)
        ]
        cls.team = (
            env["crm.team"]
            .create(
                {"name": "North", "user_id": cls.users["leader"], "company_id": False}
            )
            .id
        )

    @classmethod
    def _make_user(cls, env, login, groups):
        user = new_test_user(env, f"rights_{login}", groups=groups)
        keys = env["res.users.apikeys"].with_user(user)
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        cls.keys[login] = keys.sudo()._generate("rpc", "test", tomorrow)
        return user.id

    def _make_dossier(self, owner=None, tier="B", secrecy="internal"):
        def make(env):
            customer = env["res.partner"].create(
                {"name": f"Customer of {self.id()}", "is_company": True}
            )
            grade = f"customer_archive_security.customer_secrecy_{secrecy}"
            vals = {
                "partner_id": customer.id,
                "user_id": self.users.get(owner, False),
                "team_id": self.team,
                "tier_id": self._get_tier(env, tier),
                "secrecy_id": env.ref(grade).id,
            }
            return env["customer.dossier"].create(vals).id

        return self._commit(make)

    @staticmethod
    def _get_tier(env, code):
        return env.ref(f"customer_archive.customer_tier_{code.lower()}").id

    def _lend(self, dossier_id, seconds):
        """A loan as it stands once it is granted."""

        def lend(env):
            now = fields.Datetime.now()
            env.cr.execute(
                "INSERT INTO customer_loan (dossier_id, company_id, user_id, mode,"
                " state, date_start, date_end)"
                " VALUES (%s, %s, %s, 'read', 'granted', %s, %s) RETURNING id",
                (
                    dossier_id,
                    self.company,
                    self.users["borrower"],
                    now - timedelta(hours=1),
                    now + timedelta(seconds=seconds),
                ),
            )
            return env.cr.fetchone()[0]

        return self._commit(lend)

    def _sees(self, login, dossier_id, **context):
        """Whether the other process shows the dossier to that user."""
        answer = requests.post(
            self.url + DOSSIER,
            json={
                "domain": [["id", "=", dossier_id]],
                "fields": ["strategy"],
                "context": context,
            },
            headers={"Authorization": f"Bearer {self.keys[login]}"},
            timeout=60,
        )
        return answer.status_code == 200 and bool(answer.json())

    def _assert_ends(self, login, dossier_id, act, **context):
        for _twice in range(2):  # from then on its caches are warm
            self.assertTrue(self._sees(login, dossier_id, **context))
        self._commit(act)
        self.assertFalse(self._sees(login, dossier_id, **context))

    def test_a_loan_that_runs_out(self):
        """S3-12, S4-22: to the second, and nobody has to do anything."""
        dossier_id = self._make_dossier(tier="A")
        loan_id = self._lend(dossier_id, seconds=6)
        self.assertTrue(self._sees("borrower", dossier_id))
        deadline = self._commit(
            lambda env: env["customer.loan"].browse(loan_id).date_end
        )
        while fields.Datetime.now() < deadline:
            time.sleep(0.2)
        self.assertFalse(self._sees("borrower", dossier_id))

    def test_a_loan_called_back(self):
        # S3-12 S4-22
        dossier_id = self._make_dossier(tier="A")
        loan_id = self._lend(dossier_id, seconds=3600)
        self._assert_ends(
            "borrower",
            dossier_id,
            lambda env: (
                env["customer.loan"].browse(loan_id).write({"state": "revoked"})
            ),
        )

    def test_a_team_given_to_another(self):
        # S1-18 S2-27
        dossier_id = self._make_dossier()
        self._assert_ends(
            "leader",
            dossier_id,
            lambda env: (
                env["crm.team"].browse(self.team).write({"user_id": self.users["heir"]})
            ),
        )
        self.assertTrue(self._sees("heir", dossier_id))
        self._commit(
            lambda env: (
                env["crm.team"]
                .browse(self.team)
                .write({"user_id": self.users["leader"]})
            )
        )

    def test_an_account_given_to_another(self):
        dossier_id = self._make_dossier("owner")
        self._assert_ends(
            "owner",
            dossier_id,
            lambda env: (
                env["customer.dossier"]
                .browse(dossier_id)
                .write({"user_id": self.users["cleared"]})
            ),
        )

    def test_a_group_taken_away(self):
        # S2-20
        dossier_id = self._make_dossier()

        def act(env):
            group = env.ref(f"{ARCHIVE}manager")
            user = env["res.users"].browse(self.users["manager"])
            user.group_ids = [Command.unlink(group.id)]

        self._assert_ends("manager", dossier_id, act)

    def test_a_clearance_taken_away(self):
        # S0-25 S1-19
        dossier_id = self._make_dossier("cleared", tier="A")

        def act(env):
            group = env.ref(f"{CLEARANCE}a")
            group.user_ids = [Command.unlink(self.users["cleared"])]

        self._assert_ends("cleared", dossier_id, act)

    def test_somebody_who_left(self):
        # S3-17
        dossier_id = self._make_dossier()
        self._assert_ends(
            "leaver",
            dossier_id,
            lambda env: (
                env["res.users"].browse(self.users["leaver"]).write({"active": False})
            ),
        )

    def test_another_company(self):
        # S2-20
        dossier_id = self._make_dossier()
        home = {"allowed_company_ids": [self.company]}
        self.assertTrue(self._sees("traveller", dossier_id, **home))
        abroad = {"allowed_company_ids": [self.abroad]}
        self.assertFalse(self._sees("traveller", dossier_id, **abroad))

        def act(env):
            user = env["res.users"].browse(self.users["traveller"])
            user.company_id = self.abroad
            user.company_ids = [Command.set([self.abroad])]

        self._assert_ends("traveller", dossier_id, act, **home)

    def test_a_customer_who_rises(self):
        # S0-25
        dossier_id = self._make_dossier("owner")
        self._assert_ends(
            "owner",
            dossier_id,
            lambda env: (
                env["customer.dossier"]
                .browse(dossier_id)
                .write({"tier_id": self._get_tier(env, "A")})
            ),
        )

    def test_a_dossier_made_secret(self):
        # S1-19 S4-5
        dossier_id = self._make_dossier("owner")
        grade = "customer_archive_security.customer_secrecy_secret"
        self._assert_ends(
            "owner",
            dossier_id,
            lambda env: (
                env["customer.dossier"]
                .browse(dossier_id)
                .write({"secrecy_id": env.ref(grade).id})
            ),
        )

    def test_a_clearance_that_rises_with_its_setting(self):
        # S1-19
        dossier_id = self._make_dossier("owner", secrecy="public")
        grade = "customer_archive_security.customer_secrecy_public"
        clearance = f"{CLEARANCE}confidential"
        self._assert_ends(
            "owner",
            dossier_id,
            lambda env: env.ref(grade).write(
                {"clearance_group_id": env.ref(clearance).id}
            ),
        )
