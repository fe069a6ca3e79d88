import base64
from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .security_common import SecurityCase


@tagged("post_install", "-at_install")
class TestSideDoors(SecurityCase):
    """Doors of Odoo's own that the rules don't close."""

    def _attach(self, record):
        return self.env["ir.attachment"].create(
            {
                "name": "contract.txt",
                "raw": b"zq",
                "res_model": record._name,
                "res_id": record.id,
            }
        )

    def test_no_file_of_a_dossier_is_public(self):
        """S2-20, row 21: neither by the flag nor by a token."""
        file = self._attach(self.make("B"))
        with self.assertRaises(ValidationError):
            file.public = True
        with self.assertRaises(ValidationError):
            file.with_user(self.users["owner"]).generate_access_token()
        other = self._attach(self.env["res.partner"].create({"name": "Other"}))
        self.assertTrue(other.generate_access_token())
        with self.assertRaises(ValidationError):
            other.write({"res_model": "customer.dossier", "res_id": file.res_id})

    def test_filters_on_dossiers_are_shared_by_name_alone(self):
        """S2-20, row 35: a shared condition may tell what dossiers hold."""
        filters = self.env["ir.filters"].with_user(self.users["owner"])
        vals = {
            "name": "Tender of May",
            "model_id": "customer.dossier",
            "domain": "[('strategy', 'ilike', 'tender')]",
        }
        with self.assertRaises(ValidationError):
            filters.create({**vals, "user_ids": []})
        mine = filters.create({**vals, "user_ids": [self.users["owner"].id]})
        self.assertTrue(mine)
        self.assertTrue(
            filters.create({**vals, "model_id": "res.partner", "user_ids": []})
        )

    def test_keys_of_readers_end_soon(self):
        """S2-50, row 29: how long, is a setting."""
        self.env.ref("base.group_user").api_key_duration = 365
        policy = self.env["customer.archive.policy"]
        policy.create({"company_id": self.env.company.id, "api_key_days": 10})
        for role, days, allowed in (
            ("owner", 9, True),
            ("owner", 11, False),
            ("auditor", 11, False),
            ("employee", 300, True),
        ):
            keys = self.env["res.users.apikeys"].with_user(self.users[role])
            date = fields.Datetime.now() + timedelta(days=days)
            with self.subTest(role=role, days=days):
                if allowed:
                    self.assertTrue(keys._generate("rpc", "test", date))
                else:
                    with self.assertRaises(ValidationError):
                        keys._generate("rpc", "test", date)
        self.users["manager"].group_ids += self.env.ref("base.group_system")
        keys = self.env["res.users.apikeys"].with_user(self.users["manager"])
        with self.assertRaises(ValidationError):
            keys._generate("rpc", "for ever", None)

    def test_server_actions_on_dossiers_are_on_record(self):
        """S2-20, rows 32, 33: whoever writes code that reads dossiers leaves a line."""
        changes = self.env["customer.access.change"]
        start = changes.search([("id", ">", 0)], limit=1).id
        action = (
            self.env["ir.actions.server"]
            .with_user(self.users["system"])
            .create(
                {
                    "name": "Copy",
                    "model_id": self.env["ir.model"]._get_id("customer.dossier"),
                    "state": "code",
                    "code": "log(record.strategy)",
                }
            )
        )
        action.code = "pass"
        lines = changes.search([("id", ">", start), ("kind", "=", "action")])
        self.assertEqual(len(lines), 2)
        self.assertIn("strategy", lines[0].before)


@tagged("post_install", "-at_install")
class TestFileTokens(SecurityCase, HttpCase):
    @mute_logger("odoo.http")
    def test_a_token_opens_no_file_of_a_dossier(self):
        """S2-20, row 20: tokens are shown with each file, and outlive the rights."""
        dossier = self.make("B")
        customer = self.env["res.partner"].create({"name": "Other"})
        files = self.env["ir.attachment"].create(
            [
                {
                    "name": "plan.txt",
                    "raw": base64.b64decode(b"enF0b2tlbg=="),  # zqtoken
                    "res_model": record._name,
                    "res_id": record.id,
                }
                for record in (dossier, customer)
            ]
        )
        urls = [
            f"/web/content/{file.id}?access_token={file._get_raw_access_token()}"
            for file in files
        ]
        self.authenticate(None, None)
        self.assertNotIn("zqtoken", self.url_open(urls[0]).text)
        self.assertIn("zqtoken", self.url_open(urls[1]).text)
        login = self.users["owner"].login
        self.authenticate(login, login)
        self.assertIn("zqtoken", self.url_open(urls[0]).text)
        dossier.tier_id = self.tiers["A"]
        self.env.flush_all()
        self.assertNotIn("zqtoken", self.url_open(urls[0]).text)
