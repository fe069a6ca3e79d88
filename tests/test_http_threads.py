"""The client's routes for threads, on records that keep none: no content, no crash."""

from security_common import SecurityCommon

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

DENIED = ("portal", "employee", "settings", "owner", "leader")
ALLOWED = ("manager", "other_leader")
ASKED_FOR = ("activities", "attachments", "followers", "scheduledMessages")
TOLD = ("odoo.exceptions.UserError", "werkzeug.exceptions.NotFound")


@tagged("post_install", "-at_install", "customer_archive_security")
class TestHttpThreads(SecurityCommon, HttpCase):
    def _post(self, route, params):
        """Name of the error, or None, and all that came back."""
        answer = self.url_open(route, json=self.build_rpc_payload(params)).json()
        if "error" in answer:
            return answer["error"]["data"]["name"], self.dump(answer["error"])
        return None, self.dump(answer.get("result"))

    def _thread_routes(self, model, res_id):
        thread = {"thread_model": model, "thread_id": res_id}
        for asked in ([*ASKED_FOR, "suggestedRecipients"], [], ["contact_fields"]):
            request = ["mail.thread", {**thread, "request_list": asked}]
            yield "/mail/data", {"fetch_params": [request]}
        yield "/mail/thread/messages", thread
        yield "/mail/thread/recipients", thread
        yield "/mail/thread/recipients/fields", {"thread_model": model}
        yield "/mail/thread/recipients/get_suggested_recipients", thread
        follow = {
            "res_model": model,
            "res_id": res_id,
            "partner_ids": self.users["employee"].partner_id.ids,
        }
        yield "/mail/thread/subscribe", follow
        yield "/mail/thread/unsubscribe", follow
        post = {"body": "Hello", "partner_ids": self.users["owner"].partner_id.ids}
        yield "/mail/message/post", {**thread, "post_data": post}

    def _visit(self, role, routes):
        login = self.users[role].login
        self.authenticate(login, login)
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
            for route, params in routes:
                yield (route, *self._post(route, params))

    def test_records_without_a_thread(self):
        """Rows 10 to 18: nobody is told anything, and nothing breaks."""
        records = {
            "customer.dossier": self.targets.dossier,
            "customer.approval": self.targets.approval,
        }
        for role in (*DENIED, *ALLOWED):
            for model, res_id in records.items():
                routes = self._thread_routes(model, res_id)
                for route, error, answer in self._visit(role, routes):
                    with self.subTest(role=role, model=model, route=route):
                        if error != "odoo.exceptions.AccessError":
                            self.assertIn(error, (None, *TOLD), answer)
                        if role in DENIED:
                            self.assertNotIn("zqsouth", answer)
        self.env.invalidate_all()
        domain = [
            ("res_model", "in", list(records)),
            ("res_id", "in", list(records.values())),
        ]
        self.assertFalse(self.env["mail.followers"].search(domain))
        domain = [
            ("model", "in", list(records)),
            ("res_id", "in", list(records.values())),
        ]
        self.assertFalse(self.env["mail.message"].search(domain))

    def test_activities_are_shown_to_those_who_read_the_dossier(self):
        routes = list(self._thread_routes("customer.dossier", self.targets.dossier))[:1]
        for role in ALLOWED:
            [(_route, error, answer)] = self._visit(role, routes)
            self.assertFalse(error, answer)
            self.assertIn("zqsouth-note", answer)

    def test_thread_of_what_came_in(self):
        """S3-4: mail to the archive, its followers and files, are the archivists'."""
        routes = list(self._thread_routes("customer.intake", self.targets.intake))
        for role in (*DENIED, "other_leader"):
            for route, _error, answer in self._visit(role, routes):
                with self.subTest(role=role, route=route):
                    self.assertNotIn("zqsouth", answer)
        shown = [
            route
            for route, _error, answer in self._visit("manager", routes)
            if "zqsouth" in answer
        ]
        self.assertLessEqual({"/mail/data", "/mail/thread/messages"}, set(shown))

    def test_message_by_its_id(self):
        """Rows 10, 20: reactions, edits, files and tokens of a message of others."""
        message, file = self.targets.message, self.targets.intake_file
        for role in (None, *DENIED, "other_leader"):
            login = role and self.users[role].login
            self.authenticate(login, login)
            with mute_logger("odoo.http"):
                answers = [
                    self._post(
                        "/mail/message/reaction",
                        {"message_id": message, "content": "+", "action": "add"},
                    ),
                    self._post(
                        "/mail/message/update_content",
                        {"message_id": message, "update_data": {"body": "x"}},
                    ),
                    self._post("/mail/attachment/delete", {"attachment_id": file}),
                    (None, self.url_open(f"/web/content/{file}").text),
                    (None, self.url_open(f"/mail/message/{message}").text),
                ]
            for _error, answer in answers:
                with self.subTest(role=role):
                    self.assertNotIn("zqsouth", answer)
        self.env.invalidate_all()
        self.assertTrue(self.around["ir.attachment"][1].exists())
        self.assertIn("zqsouth", self.around["mail.message"].body)
