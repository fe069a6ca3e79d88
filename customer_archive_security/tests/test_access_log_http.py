import json
from xmlrpc.client import Fault

from odoo import http
from odoo.fields import Datetime
from odoo.tests import HttpCase, get_db_name, tagged
from odoo.tools import mute_logger

from .access_log_common import AccessLogCase, committing

REFUSALS = (
    "odoo.http",
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_model",
    "odoo.addons.rpc.controllers.xmlrpc",
)


@tagged("post_install", "-at_install")
class TestAccessLogHttp(AccessLogCase, HttpCase):
    """From outside: each door, with read-only and with read-write cursors."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open = cls.make("B", strategy="Wait")
        cls.closed = cls.make("A", strategy="Hide")
        cls.owner = cls.users["owner"]
        keys = cls.env["res.users.apikeys"].with_user(cls.owner).sudo()
        cls.key = keys._generate("rpc", "test", Datetime.add(Datetime.now(), days=1))
        cls.file = cls.env["ir.attachment"].create(
            {
                "name": "offer.txt",
                "raw": b"offer",
                "res_model": "customer.dossier",
                "res_id": cls.open.id,
            }
        )
        policies = cls.env["customer.archive.policy"]
        if not policies.search([("company_id", "=", cls.env.company.id)]):
            policies.create({})

    def setUp(self):
        super().setUp()
        self.authenticate(self.owner.login, self.owner.login)
        self.forget()

    # The doors ---------------------------------------------------------------

    def web(self, method, dossier, **kwargs):
        args = [dossier.ids] if dossier else []
        answer = self.url_open(
            f"/web/dataset/call_kw/customer.dossier/{method}",
            json=self.build_rpc_payload(
                {
                    "model": "customer.dossier",
                    "method": method,
                    "args": args,
                    "kwargs": kwargs,
                }
            ),
        )
        return answer.json()

    def json2(self, method, dossier, **kwargs):
        return self.url_open(
            f"/json/2/customer.dossier/{method}",
            json={"ids": dossier.ids, **kwargs} if dossier else kwargs,
            headers={"Authorization": f"Bearer {self.key}"},
        ).json()

    def xmlrpc(self, method, dossier, **kwargs):
        try:
            return self.xmlrpc_object.execute_kw(
                get_db_name(),
                self.owner.id,
                self.owner.login,
                "customer.dossier",
                method,
                [dossier.ids] if dossier else [],
                kwargs,
            )
        except Fault as fault:
            return fault.faultString

    # What is told --------------------------------------------------------------

    def expect(self, *expected):
        """Exactly these lines came, each once."""
        lines = self.noted()
        found = [(line.dossier_number, line.what, line.channel) for line in lines]
        self.assertCountEqual(found, expected)
        self.assertLessEqual(lines.user_id, self.owner)
        self.forget()

    @mute_logger(*REFUSALS)
    def test_granted_and_denied_by_each_door(self):
        """Also what a read-only cursor reads, and what is rolled back."""
        # S2-43 S2-47 S4-21
        doors = ((self.web, "web"), (self.json2, "json2"), (self.xmlrpc, "xmlrpc"))
        number, closed = self.open.number, self.closed.number
        for readonly in (True, False):
            self.set_registry_readonly_mode(readonly)
            for call, channel in doors:
                with self.subTest(channel, readonly=readonly), committing():
                    form = "form" if channel == "web" else "api"
                    self.assertIn(
                        "Wait", str(call("read", self.open, fields=["strategy"]))
                    )
                    self.expect((number, form, channel))
                    found = call(
                        "search_read",
                        None,
                        domain=[["id", "=", self.open.id]],
                        fields=["strategy"],
                    )
                    self.assertIn("Wait", str(found))
                    self.expect((number, form, channel))
                    call("web_read", self.open, specification={"number": {}})
                    self.expect()
                    refused = call("read", self.closed, fields=["strategy"])
                    self.assertNotIn("Hide", str(refused))
                    self.expect((closed, "denied", channel))
                    call("write", self.closed, vals={"strategy": "Mine"})
                    self.expect((closed, "denied", channel))
                    call(
                        "search_count",
                        None,
                        domain=[["strategy", "=like", "W%"]],
                    )
                    self.expect((False, "search", channel))

    @mute_logger(*REFUSALS)
    def test_a_request_that_fails_has_looked_all_the_same(self):
        with committing():
            answer = self.web(
                "web_save", self.open, vals={"number": "9"}, specification={}
            )
            self.assertIn("error", answer)
            self.web("read", self.open | self.closed, fields=["strategy"])
        whats = {(line.dossier_number, line.what) for line in self.noted()}
        self.assertIn((self.closed.number, "denied"), whats)

    def test_record_that_cannot_be_written_fails_the_request(self):
        """Nobody looks unseen: no answer without a line."""
        # S2-43
        self.env.cr.execute("ALTER TABLE customer_access_entry RENAME TO gone")
        with committing(), mute_logger("odoo.http", "odoo.sql_db"):
            answer = self.web("read", self.open, fields=["strategy"])
        self.env.cr.execute("ALTER TABLE gone RENAME TO customer_access_entry")
        self.assertIn("error", answer)
        self.assertNotIn("Wait", str(answer))

    def test_file_and_export(self):
        # S2-50 S4-21
        with committing():
            page = self.url_open(f"/web/content/{self.file.id}")
            self.assertEqual(page.content, b"offer")
            self.expect((self.open.number, "file", "web"))
            self.owner.group_ids += self.env.ref("base.group_allow_export")
            self.owner.group_ids += self.env.ref(
                "customer_archive.group_archive_manager"
            )
            self.forget()
            fields = [{"name": "strategy", "label": "Strategy", "type": "text"}]
            options = {
                "model": "customer.dossier",
                "ids": self.open.ids,
                "fields": fields,
                "domain": [],
                "groupby": [],
                "import_compat": False,
            }
            page = self.url_open(
                "/web/export/csv",
                data={
                    "data": json.dumps(options),
                    "csrf_token": http.Request.csrf_token(self),
                },
            )
            self.assertIn(b"Wait", page.content)
            self.expect((self.open.number, "export", "web"))
