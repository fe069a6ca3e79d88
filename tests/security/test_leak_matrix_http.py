"""A sample of the matrix from outside, by each door, with both kinds of cursor."""

import json
from xmlrpc.client import Fault

from security.matrix_oracle import DOORS, is_refused, may_read
from security.matrix_world import MatrixWorld, token

from odoo import http
from odoo.fields import Datetime
from odoo.tests import HttpCase, get_db_name, tagged
from odoo.tools import mute_logger

from odoo.addons.customer_archive_security.tests.access_log_common import committing

ROLES = (
    "portal",
    "employee",
    "system",
    "owner",
    "leader",
    "manager",
    "director",
    "service",
    "auditor",
    "foreign_director",
    "borrower_live",
    "borrower_expired",
    "borrower_revoked",
)
GRADES = (
    ("A", "internal", "home"),
    ("A", "confidential", "abroad"),
    ("B", "secret", "home"),
    ("C", "public", "home"),
)
MODELS = ("customer.dossier", "customer.key.person", "customer.visit")
# Doors by which content leaves: who reads may be kept from those.
TAKEN_OUT = ("report", "export", "content")
REFUSALS = (
    "odoo.http",
    "odoo.sql_db",
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_model",
    "odoo.addons.rpc.controllers.xmlrpc",
    "odoo.addons.web.controllers.report",
    "odoo.addons.web.controllers.export",
)


@tagged("post_install", "-at_install", "customer_archive_security")
class TestLeakMatrixHttp(MatrixWorld, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sample = [
            next(
                c
                for c in cls.cases
                if (c.tier, c.secrecy, c.company) == grade and c.team == "north"
            )
            for grade in GRADES
        ]
        files = cls.env["ir.attachment"].create(
            [
                {
                    "name": "file.txt",
                    "raw": token(case).encode(),
                    "res_model": "customer.dossier",
                    "res_id": cls.dossiers[case].id,
                }
                for case in cls.sample
            ]
        )
        cls.files = dict(zip(cls.sample, files.ids, strict=True))
        export = cls.env.ref("base.group_allow_export")
        cls.keys = {}
        for role in ROLES:
            user = cls.users[role]
            if role != "portal":
                user.group_ids += export  # not what is asked here
            keys = cls.env["res.users.apikeys"].with_user(user).sudo()
            tomorrow = Datetime.add(Datetime.now(), days=1)
            cls.keys[role] = keys._generate("rpc", "test", tomorrow)
        cls.env.flush_all()

    # Doors ---------------------------------------------------------------

    def _columns(self, model_name):
        """Three columns of the model, the first one of content."""
        names = self._get_texts(self.env[model_name], self.sample[0])
        return sorted(names, key=lambda name: name != "strategy")[:3]

    def _by_web(self, _role, model_name, record_id):
        params = {
            "model": model_name,
            "method": "web_read",
            "args": [[record_id]],
            "kwargs": {
                "specification": {name: {} for name in self._columns(model_name)}
            },
        }
        url = f"/web/dataset/call_kw/{model_name}/web_read"
        return self.url_open(url, json=self.build_rpc_payload(params)).text

    def _by_json2(self, role, model_name, record_id):
        return self.url_open(
            f"/json/2/{model_name}/read",
            json={"ids": [record_id], "fields": self._columns(model_name)},
            headers={"Authorization": f"Bearer {self.keys[role]}"},
        ).text

    def _by_xmlrpc(self, role, model_name, record_id):
        user = self.users[role]
        try:
            return self.xmlrpc_object.execute_kw(
                get_db_name(),
                user.id,
                self.keys[role],
                model_name,
                "search_read",
                [[["id", "=", record_id]], self._columns(model_name)],
            )
        except Fault as fault:
            return fault.faultString

    def _by_report(self, _role, _model_name, record_id):
        url = f"/report/pdf/customer_archive.customer_record/{record_id}"
        page = self.url_open(url)
        opened = page.status_code == 200 and page.content.startswith(b"%PDF")
        # what is drawn is compressed
        return token(self._case_of(record_id)) if opened else page.text

    def _by_export(self, _role, model_name, record_id):
        asked = {
            "model": model_name,
            "fields": [
                {"name": name, "label": name, "type": "char"}
                for name in self._columns(model_name)
            ],
            "ids": [record_id],
            "domain": [],
            "groupby": [],
            "import_compat": False,
        }
        form = {"data": json.dumps(asked), "csrf_token": http.Request.csrf_token(self)}
        return self.url_open("/web/export/csv", data=form).text

    def _by_content(self, _role, _model_name, record_id):
        return self.url_open(
            f"/web/content/{self.files[self._case_of(record_id)]}"
        ).text

    def _case_of(self, dossier_id):
        return next(c for c in self.sample if self.dossiers[c].id == dossier_id)

    # Who looked ------------------------------------------------------------

    def _read_lines(self, role):
        """How often the record has each look of that person."""
        self.env.cr.execute(
            "SELECT dossier_res_id, what, channel, sum(count) FROM customer_access_log"
            " WHERE user_id = %s GROUP BY dossier_res_id, what, channel",
            [self.users[role].id],
        )
        return {tuple(line): times for *line, times in self.env.cr.fetchall()}

    def _assert_noted(self, role, door, case, before, is_open):
        """The look, or the refusal, came into the record, and no other."""
        lines = self._read_lines(role)
        new = {line for line, times in lines.items() if times > before.get(line, 0)}
        channel, kind = DOORS[door]
        dossier_id = self.dossiers[case].id
        if is_open:
            self.assertIn((dossier_id, kind, channel), new)
        elif is_refused(role, case, door):
            self.assertIn((dossier_id, "denied", channel), new)
        foreign = {line for line in new if line[0] not in (0, dossier_id)}
        self.assertFalse(foreign, "looked at no other")

    # The runner ------------------------------------------------------------

    def _doors(self):
        for door in ("web", "json2", "xmlrpc"):
            for model_name in MODELS:
                yield door, model_name
        for door in TAKEN_OUT:
            yield door, "customer.dossier"

    @mute_logger(*REFUSALS)
    def _probe(self):
        """Each role at each door; names of the doors that opened."""
        opened = set()
        for role in ROLES:
            self.authenticate(self.users[role].login, self.users[role].login)
            for door, model_name in self._doors():
                for case in self.sample:
                    record_id = self.rows[model_name][case]
                    before = self._read_lines(role)
                    with committing():
                        answer = getattr(self, f"_by_{door}")(
                            role, model_name, record_id
                        )
                    found = self.find_tokens(answer)
                    if found:
                        opened.add((door, model_name))
                    expected = {case.number} if may_read(role, case) else set()
                    with self.subTest(
                        role=role, door=door, model=model_name, case=case
                    ):
                        self.assertFalse(found - expected)
                        self._assert_noted(role, door, case, before, bool(found))
                        if door not in TAKEN_OUT:
                            self.assertEqual(found, expected, answer)
        return opened

    def test_with_cursors_that_only_read(self):
        """S2-20, S4-21: web client, /json/2, XML-RPC, reports, files, exports."""
        self.assertEqual(self._probe(), set(self._doors()))

    def test_with_cursors_that_write(self):
        # S2-20 S2-43 S4-21
        self.set_registry_readonly_mode(False)
        self.addCleanup(self.set_registry_readonly_mode, True)
        self.assertEqual(self._probe(), set(self._doors()))
