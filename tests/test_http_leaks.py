"""The table of calls again, from outside: web client, /json/2 and XML-RPC."""

import json
from xmlrpc.client import Fault

from security_cases import (
    around_cases,
    forged_cases,
    partner_cases,
    read_cases,
    search_cases,
)
from security_common import HIDDEN, SecurityCommon

from odoo import http
from odoo.fields import Datetime
from odoo.service.model import get_public_method
from odoo.tests import HttpCase, get_db_name, tagged
from odoo.tools import mute_logger

ROLES = ("portal", "employee", "owner")
DOORS = ("web", "json2", "xmlrpc")
REFUSALS = (
    "odoo.http",
    "odoo.sql_db",
    "odoo.domains",
    "odoo.models.unlink",
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_model",
    "odoo.addons.rpc.controllers.xmlrpc",
    "odoo.addons.base.models.res_users",
)
# Pages and files a browser may ask for by address.
ADDRESSES = (
    "/web/content/{file}",
    "/web/content/customer.dossier/{dossier}/strategy",
    "/web/image/customer.key.person/{person}/family",
    "/json/1/customers/{partner}",
    "/json/1/m-customer.dossier/{dossier}",
    "/json/1/m-customer.dossier",
    "/odoo/m-customer.dossier/{dossier}",
    "/web/binary/company_logo?dossier={dossier}",
)
# Routes of the web client beside the calls of methods.
ROUTES = (
    (
        "/web/action/load_breadcrumbs",
        {"actions": [{"model": "customer.dossier", "resId": "{dossier}"}]},
    ),
    (
        "/web/domain/validate",
        {
            "model": "res.partner",
            "domain": [["dossier_id.strategy", "=", "zqsouth-strategy"]],
        },
    ),
    (
        "/mail/thread/messages",
        {"thread_model": "customer.dossier", "thread_id": "{dossier}"},
    ),
    (
        "/mail/data",
        {
            "fetch_params": [
                [
                    "mail.thread",
                    {
                        "thread_model": "customer.dossier",
                        "thread_id": "{dossier}",
                        "request_list": ["attachments", "followers", "activities"],
                    },
                ]
            ]
        },
    ),
)
# A new record has a new id each time; numbers are no keys in XML-RPC.
UNTOLD = ("create", "get_activity_data")
EXPORT = {
    "model": "res.partner",
    "fields": [{"name": "dossier_id/strategy", "label": "Strategy", "type": "text"}],
    "domain": [],
    "groupby": [],
    "import_compat": False,
}


@tagged("post_install", "-at_install", "customer_archive_security")
class TestHttpLeaks(SecurityCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # rights are not what is tested here: the export's own check comes first
        cls.users["owner"].group_ids += cls.env.ref("base.group_allow_export")
        cls.keys = {role: cls._make_key(cls.users[role]) for role in cls._callers()}

    @staticmethod
    def _callers():
        return (*ROLES, "manager", "inactive")

    @classmethod
    def _make_key(cls, user):
        keys = cls.env["res.users.apikeys"].with_user(user).sudo()
        tomorrow = Datetime.add(Datetime.now(), days=1)
        return keys._generate("rpc", "test", tomorrow)

    # The three doors ------------------------------------------------------

    def _by_web(self, _role, case):
        args = [] if self._is_model_method(case) else [list(case.ids)]
        params = {
            "model": case.model,
            "method": case.method,
            "args": args,
            "kwargs": {**case.kwargs, "context": case.context},
        }
        return self._post(f"/web/dataset/call_kw/{case.model}/{case.method}", params)

    def _post(self, route, params):
        answer = self.url_open(
            route,
            json=self.build_rpc_payload(params),
            headers={"Accept-Language": "en"},
        ).json()
        if "error" in answer:
            return answer["error"]["data"]["message"]
        return answer.get("result")

    def _by_json2(self, role, case):
        body = {**case.kwargs, "context": case.context}
        if not self._is_model_method(case):
            body["ids"] = list(case.ids)
        response = self.url_open(
            f"/json/2/{case.model}/{case.method}",
            json=body,
            headers={"Authorization": f"Bearer {self.keys[role]}"},
        )
        answer = response.json()
        return answer["message"] if response.status_code >= 400 else answer

    def _by_xmlrpc(self, role, case):
        user = self.users[role]
        args = [] if self._is_model_method(case) else [list(case.ids)]
        kwargs = {**case.kwargs, "context": case.context}
        try:
            return self.xmlrpc_object.execute_kw(
                get_db_name(),
                user.id,
                user.login,
                case.model,
                case.method,
                args,
                kwargs,
            )
        except Fault as fault:
            return fault.faultString.strip().splitlines()[-1]

    def _is_model_method(self, case):
        method = get_public_method(self.env[case.model], case.method)
        return getattr(method, "_api_model", False)

    # The runner -----------------------------------------------------------

    def _cases(self):
        yield from read_cases(self.targets)
        yield from partner_cases(self.targets)
        yield from forged_cases(self.targets)
        yield from around_cases(self.targets)
        yield from list(search_cases(self.targets))[::12]

    def _ask_all(self, role, door):
        self.authenticate(self.users[role].login, self.users[role].login)
        call = getattr(self, f"_by_{door}")
        answers = []
        for case in self._cases():
            savepoint = self.env.cr.savepoint()
            answers.append(self.dump(call(role, case)))
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)
        return answers

    def _ask_in_both_worlds(self, role, door):
        with mute_logger(*REFUSALS):
            one = self._ask_all(role, door)
            self.change_world("other")
            return one, self._ask_all(role, door)

    def _test_door(self, door):
        for role in ROLES:
            self.change_world(HIDDEN)
            answers = self._ask_in_both_worlds(role, door)
            for case, one, two in zip(self._cases(), *answers, strict=True):
                with self.subTest(role=role, case=str(case)):
                    self.assertEqual(one, two)
                    if "zqsouth" not in str(case):
                        self.assertNotIn("zqsouth", one)

    def test_web_client(self):
        """S2-20, S4-21: /web/dataset/call_kw."""
        self._test_door("web")

    def test_json2(self):
        """S2-20, S4-21: /json/2 with the user's own key."""
        self._test_door("json2")

    def test_xmlrpc(self):
        """S2-20, S4-21: XML-RPC with the user's password."""
        self._test_door("xmlrpc")

    def test_manager_gets_answers_by_each_door(self):
        """The same calls find what is there when a manager makes them."""
        for door in DOORS:
            self.change_world(HIDDEN)
            answers = self._ask_in_both_worlds("manager", door)
            blind = [
                str(case)
                for case, one, two in zip(self._cases(), *answers, strict=True)
                if (one == two) != case.blind and case.method not in UNTOLD
            ]
            self.assertFalse(blind, door)

    # Addresses and other routes -------------------------------------------

    def _visit_all(self):
        for address in ADDRESSES:
            page = self.url_open(address.format(**vars(self.targets)))
            yield address, page.status_code, page.text
        for route, params in ROUTES:
            text = json.dumps(params)
            for name in ("dossier", "partner"):
                text = text.replace(f'"{{{name}}}"', str(getattr(self.targets, name)))
            yield route, 200, self.dump(self._post(route, json.loads(text)))
        form = {
            "data": json.dumps({**EXPORT, "ids": [self.targets.partner]}),
            "csrf_token": http.Request.csrf_token(self),
        }
        page = self.url_open("/web/export/csv", data=form)
        yield "/web/export/csv", page.status_code, page.text

    @mute_logger(*REFUSALS)
    def test_addresses_and_routes(self):
        """Rows 19, 22, 28: files, pages and routes that take an id."""
        for role in (None, *ROLES):
            login = role and self.users[role].login
            self.authenticate(login, login)
            for address, _status, text in self._visit_all():
                with self.subTest(role=role, address=address):
                    self.assertNotIn("zqsouth", text)

    def test_addresses_and_routes_show_a_manager_what_they_have(self):
        login = self.users["manager"].login
        self.authenticate(login, login)
        with mute_logger(*REFUSALS):
            shown = {where for where, _code, text in self._visit_all() if "zq" in text}
        self.assertLessEqual({"/web/content/{file}", "/web/export/csv"}, shown)

    # Sessions that end ----------------------------------------------------

    @mute_logger(*REFUSALS)
    def test_deactivated_user_is_out_at_once(self):
        """S3-17: of somebody who left, session, key and password open nothing."""
        role, case = "inactive", next(read_cases(self.targets))
        self.authenticate(self.users[role].login, self.users[role].login)
        for door in DOORS:
            answer = self.dump(getattr(self, f"_by_{door}")(role, case))
            self.assertIn("zqsouth", answer, door)
        self.users[role].active = False
        self.env.flush_all()
        for door in DOORS:
            answer = self.dump(getattr(self, f"_by_{door}")(role, case))
            self.assertNotIn("zqsouth", answer, door)

    @mute_logger(*REFUSALS)
    def test_refusals_name_nobody_in_debug_mode(self):
        """Row 3: debug mode, open to every employee, tells no more."""
        login = self.users["owner"].login
        self.authenticate(login, login, session_extra={"debug": "1"})
        around = [records[0] for records in self.around.values()]
        request = self.around["customer.approval.decision"].approval_id
        for record in (*self._hidden_records(), *around, request):
            model = record._name
            for method, args in (("read", [["create_date"]]), ("unlink", [])):
                params = {
                    "model": model,
                    "method": method,
                    "args": [[record.id], *args],
                    "kwargs": {},
                }
                message = self.dump(self._post("/web/dataset/call_kw", params))
                with self.subTest(model=model, method=method):
                    self.assertNotRegex(message, "Customer south|A Person|zqsouth")
                    self.assertNotIn(self.dossiers[HIDDEN].number, message)
