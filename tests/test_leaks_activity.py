"""Activities, dialogs, history and what came in: open as far as the dossier is."""

from security_common import HIDDEN, SecurityCommon

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.customer_archive.tests.common import HISTORY, ITEMS

TODO = "mail.mail_activity_data_todo"
LOGS = (
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_model",
    "odoo.models.unlink",
    "odoo.sql_db",
)


@tagged("post_install", "-at_install", "customer_archive_security")
class TestLeaksActivity(SecurityCommon):
    @mute_logger(*LOGS)
    def _activities(self, *records):
        domain = [
            ("res_model", "=", records[0]._name),
            ("res_id", "in", [record.id for record in records]),
        ]
        return self.env["mail.activity"].with_context(active_test=False).search(domain)

    def _activity_vals(self, record, role):
        return {
            "res_model_id": self.env["ir.model"]._get_id(record._name),
            "res_id": record.id,
            "user_id": self.users[role].id,
            "activity_type_id": self.env.ref(TODO).id,
        }

    # Activities -------------------------------------------------------------

    def test_nothing_is_scheduled_on_a_hidden_dossier(self):
        """Row 15: not on it, not on its request, not by carrying one there."""
        hidden, request = (
            self.dossiers[HIDDEN],
            self.around["customer.approval.decision"].approval_id,
        )
        before = self._activities(hidden) | self._activities(request)
        for role in ("portal", "employee", "settings", "owner", "leader"):
            own = self._call(
                role,
                "mail.activity",
                "create",
                [self._activity_vals(self.users["employee"].partner_id, role)],
            )
            for record in (hidden, request):
                vals = self._activity_vals(record, role)
                self._call(role, "mail.activity", "create", [vals])
                self._call(role, record._name, "activity_schedule", record.ids, TODO)
                if isinstance(own, list):
                    self._call(role, "mail.activity", "write", own, vals)
                with self.subTest(role=role, model=record._name):
                    after = self._activities(hidden) | self._activities(request)
                    self.assertEqual(after, before)

    def test_nobody_is_assigned_what_he_may_not_read(self):
        """Row 15: whoever is assigned an activity reads it."""
        dossier = self.dossiers["own"]
        colleagues = ("employee", "other_leader", "settings", "colleague")
        for role in colleagues:
            vals = self._activity_vals(dossier, role)
            user_id = vals["user_id"]
            [own] = self._call(
                "owner",
                dossier._name,
                "activity_schedule",
                dossier.ids,
                TODO,
                user_id=self.users["owner"].id,
            )
            [other] = self._call(
                "owner",
                "mail.activity",
                "create",
                [self._activity_vals(dossier.partner_id, role)],
            )
            for call in (
                ("mail.activity", "create", [vals]),
                ("mail.activity", "web_save", [], vals, {}),
                (dossier._name, "activity_schedule", dossier.ids, TODO, None, "x", "x"),
                ("mail.activity", "write", [own], {"user_id": user_id}),
                (
                    "mail.activity",
                    "write",
                    [other],
                    {"res_model_id": vals["res_model_id"], "res_id": dossier.id},
                ),
                (
                    dossier._name,
                    "activity_reschedule",
                    dossier.ids,
                    [TODO],
                    None,
                    None,
                    user_id,
                    False,
                ),
                (dossier._name, "write", dossier.ids, {"activity_ids": [[0, 0, vals]]}),
                (
                    dossier._name,
                    "write",
                    dossier.ids,
                    {"activity_ids": [[1, own, {"user_id": user_id}]]},
                ),
            ):
                kwargs = {"user_id": user_id} if call[1] == "activity_schedule" else {}
                answer = self._call("owner", *call, **kwargs)
                with self.subTest(role=role, call=call[:2], answer=answer):
                    assigned = self._activities(dossier).user_id
                    self.assertNotIn(self.users[role], assigned)

    def test_assignment_mails_nobody(self):
        """Row 16: no message, no mail, no follower comes of it."""
        dossier = self.dossiers["own"]
        self._call(
            "manager",
            dossier._name,
            "activity_schedule",
            dossier.ids,
            TODO,
            user_id=self.users["owner"].id,
        )
        activity = self._activities(dossier)
        self.assertEqual(activity.user_id, self.users["owner"])
        self._call(
            "owner", "mail.activity", "action_feedback", activity.ids, "zqfeedback"
        )
        for model, column in (
            ("mail.message", "model"),
            ("mail.followers", "res_model"),
        ):
            found = self.env[model].search([(column, "=", dossier._name)])
            self.assertFalse(found, model)
        self.assertFalse(
            self.env["mail.message"].search([("body", "ilike", "zqfeedback")])
        )

    def test_activity_after_the_access_ended(self):
        """Row 15: what is left on the desk of somebody who lost the dossier."""
        dossier = self.dossiers["team"]
        [id_] = self._call(
            "manager",
            dossier._name,
            "activity_schedule",
            dossier.ids,
            TODO,
            user_id=self.users["leader"].id,
            note="zqnote",
            summary="zqsummary",
        )
        dossier.team_id = self.teams["south"]
        for method, args in (
            ("read", [[id_], ["note", "summary", "res_name"]]),
            ("web_read", [[id_], {"note": {}, "summary": {}, "display_name": {}}]),
            ("search_read", [[["id", "=", id_]], ["note"]]),
            ("search_count", [[["note", "ilike", "zqnote"]]]),
            ("activity_format", [[id_]]),
            ("export_data", [[id_], ["note", "display_name"]]),
            ("get_activity_data", ["customer.dossier", []]),
            ("formatted_read_group", [[["id", "=", id_]], ["summary"], ["__count"]]),
        ):
            answer = self._call("leader", "mail.activity", method, *args)
            with self.subTest(method=method):
                self.assertNotRegex(str(answer), "zqnote|zqsummary")
                self.assertNotEqual(answer, 1)
        [seen] = self._call("other_leader", "mail.activity", "read", [id_], ["note"])
        self.assertIn("zqnote", seen["note"])

    def test_other_activities_are_as_they_were(self):
        """Who is assigned something on a contact goes on seeing it."""
        contact = self.customers["south"]
        vals = self._activity_vals(contact, "employee")
        [id_] = self._call("manager", "mail.activity", "create", [vals])
        found = self._call("employee", "mail.activity", "search", [["id", "=", id_]])
        self.assertEqual(found, [id_])

    def test_major_fact_is_told_across_companies(self):
        """S1-14: by who works in both companies, to an archivist of one."""
        manager = self.users["manager"]
        manager.company_ids += self.companies["abroad"]
        dossier = self.dossiers[HIDDEN]
        dossier.keeper_id = self.users["keeper"]
        vals = {"dossier_id": dossier.id, "information": "x", "is_major": True}
        answer = self._call(
            "manager",
            "customer.fact",
            "create",
            [vals],
            context={"allowed_company_ids": manager.company_ids.ids},
        )
        self.assertIsInstance(answer, list)
        self.assertIn(self.users["keeper"], self._activities(dossier).user_id)

    # Dialogs ------------------------------------------------------------------

    def test_dialogs_of_others_are_closed(self):
        """Row 47: Odoo itself keeps no dialog of one user from another."""
        request = self.around["customer.approval.decision"].approval_id
        dialogs = {
            "customer.approval.refuse": {
                "approval_ids": [[6, 0, request.ids]],
                "reason": "zqsecret",
            },
            "customer.strike.out": {
                "res_model": "customer.fact",
                "res_ids": [self.targets.fact],
                "reason": "zqsecret",
            },
            "customer.form.import": {"dossier_res_id": self.targets.dossier},
        }
        for model, vals in dialogs.items():
            ids = self._call("manager", model, "create", [vals])
            self.assertIsInstance(ids, list)
            [read] = self._call("manager", model, "read", ids)
            if "reason" in vals:
                self.assertEqual(read["reason"], "zqsecret")
            names = [name for name in vals if name in self.env[model]._fields]
            for role in ("owner", "leader", "keeper", "inactive", "settings"):
                for method, args in (
                    ("read", [ids, names]),
                    ("web_read", [ids, {name: {} for name in names}]),
                    ("search_read", [[["id", "in", ids]], names]),
                    ("export_data", [ids, names]),
                    ("write", [ids, vals]),
                    ("unlink", [ids]),
                    ("copy", [ids]),
                    ("copy_data", [ids]),
                    ("action_confirm", [ids]),
                    ("action_check", [ids]),
                    ("action_apply", [ids]),
                ):
                    if not hasattr(self.env[model], method):
                        continue
                    answer = self._call(role, model, method, *args)
                    with self.subTest(role=role, model=model, method=method):
                        self.assertNotIn("zqsecret", str(answer))
                        # an export is refused before, in other words
                        self.assertTrue(isinstance(answer, UserError) or not answer)
            self.assertTrue(self.env[model].browse(ids).exists())
        self.assertTrue(self.items["customer.fact"][HIDDEN].active)

    def test_striking_out_needs_the_lock(self):
        """S2-29: neither entries of a hidden dossier nor what is no entry at all."""
        partner = self.customers["own"]
        cases = [(name, self.items[name][HIDDEN]) for name in ITEMS]
        cases += [
            (HISTORY, self.items[HISTORY]["own"]),
            ("customer.dossier", self.dossiers["own"]),
            ("res.partner", partner),
            ("res.users", self.users["employee"]),
            ("no.such.model", partner),
        ]
        for role in ("owner", "leader", "other_leader", "keeper"):
            for model, record in cases:
                if role in ("other_leader", "keeper") and model in ITEMS:
                    continue  # theirs
                vals = {"res_model": model, "res_ids": record.ids, "reason": "x"}
                ids = self._call(role, "customer.strike.out", "create", [vals])
                answer = self._call(role, "customer.strike.out", "action_confirm", ids)
                with self.subTest(role=role, model=model, answer=answer):
                    if "active" in record._fields:
                        self.assertTrue(record.active)
                    if isinstance(answer, Exception):
                        self.assertIsInstance(answer, UserError)
        for garbage in ("x", {"a": 1}, [None], ["1"], [[1]], [10**30], 5, True):
            vals = {"res_model": "customer.fact", "res_ids": garbage, "reason": "x"}
            ids = self._call("owner", "customer.strike.out", "create", [vals])
            answer = self._call("owner", "customer.strike.out", "action_confirm", ids)
            with self.subTest(garbage=garbage):
                if isinstance(answer, Exception):
                    self.assertIsInstance(answer, UserError, repr(answer))

    # Overlaps and history -----------------------------------------------------

    def _warn(self, role, **values):
        spec = {"overlap_warning": {}}
        answer = self._call(
            role, "customer.dossier", "onchange", [], values, list(values), spec
        )
        return (
            answer["value"].get("overlap_warning")
            if isinstance(answer, dict)
            else answer
        )

    def test_overlap_tells_number_customer_and_keeper_alone(self):
        """S4-27: of hidden dossiers too; to those who open some, in their company."""
        hidden = self.dossiers[HIDDEN]
        hidden.keeper_id = self.users["keeper"]
        twin = self.env["res.partner"].create({"name": hidden.partner_id.name})
        line = f"{hidden.number} {hidden.partner_id.name} (Keeper)"
        for role in ("owner", "leader"):
            told = self._warn(role, partner_id=twin.id)
            self.assertIn(line, told.splitlines())
            self.assertNotIn("zq", told)
        for role in ("portal", "employee", "settings", "system"):
            told = self._warn(role, partner_id=twin.id)
            self.assertIsInstance(told, AccessError, role)
        for company in self.companies.values():
            told = self._warn(
                "foreign_manager", partner_id=twin.id, company_id=company.id
            )
            self.assertNotIn(hidden.number, str(told))

    def test_overlap_is_of_contacts_not_of_content(self):
        """What is like what, is worked out from names, numbers and addresses."""
        keys = ("name_key", "phone_key", "domain_key")
        depends = self.env.registry.field_depends
        dossiers = self.env["customer.dossier"]
        paths = {p for key in keys for p in depends[dossiers._fields[key]]}
        open_paths = {"partner_name", "partner_id"}
        for path in paths:
            self.assertIn(path.split(".")[0], open_paths, path)
        hidden = self.dossiers[HIDDEN]
        content = self.secrets("customer.dossier", HIDDEN)
        for value in content.values():
            twin = self.env["res.partner"].create(
                {"name": "Nothing Alike 1", "phone": str(value), "vat": str(value)}
            )
            told = self._warn("owner", partner_id=twin.id)
            self.assertNotIn(hidden.number, str(told))

    def test_history_closes_with_the_dossier(self):
        """S2-20, S2-29: also to who wrote it himself."""
        dossier = self.dossiers["own"]
        self._call("owner", dossier._name, "write", dossier.ids, {"strategy": "zqmine"})
        domain = [["new_value", "=", "zqmine"]]
        self.assertEqual(self._call("owner", HISTORY, "search_count", domain), 1)
        fact = {"dossier_id": dossier.id, "information": "zqmine"}
        [fact] = self._call("owner", "customer.fact", "create", [fact])
        dossier.user_id = self.users["colleague"]
        self.assertEqual(self._call("owner", HISTORY, "search_count", domain), 0)
        self.assertEqual(self._call("colleague", HISTORY, "search_count", domain), 1)
        for model, id_ in (
            ("customer.fact", fact),
            (HISTORY, self.items[HISTORY]["own"].id),
        ):
            answer = self._call("owner", model, "read", [id_], ["create_date"])
            self.assertIsInstance(answer, AccessError)

    def test_nobody_writes_history(self):
        """S2-29: neither archivist nor manager, by none of the ways to write."""
        change = self.items[HISTORY]["own"]
        dossier = self.dossiers["own"]
        vals = {"old_value": "zqforged"}
        new = {
            **vals,
            "dossier_id": dossier.id,
            "res_model": "customer.dossier",
            "res_id": dossier.id,
            "field_name": "strategy",
        }
        for role in ("owner", "leader", "manager", "keeper", "system"):
            for model, method, args in (
                (HISTORY, "write", [change.ids, vals]),
                (HISTORY, "web_save", [change.ids, vals, {}]),
                (HISTORY, "create", [[new]]),
                (HISTORY, "unlink", [change.ids]),
                (
                    HISTORY,
                    "load",
                    [[".id", "old_value"], [[str(change.id), "zqforged"]]],
                ),
                (
                    "customer.dossier",
                    "write",
                    [dossier.ids, {"change_ids": [[1, change.id, vals]]}],
                ),
                (
                    "customer.dossier",
                    "write",
                    [dossier.ids, {"change_ids": [[0, 0, new]]}],
                ),
                (
                    "customer.dossier",
                    "write",
                    [dossier.ids, {"change_ids": [[2, change.id]]}],
                ),
                ("customer.dossier", "write", [dossier.ids, {"change_ids": [[5]]}]),
            ):
                self._call(role, model, method, *args)
                self.env.invalidate_all()
                with self.subTest(role=role, method=method, args=args):
                    self.assertTrue(change.exists())
                    self.assertEqual(change.old_value, "zqown-old_value")
                    self.assertFalse(
                        self.env[HISTORY].search([("old_value", "=", "zqforged")])
                    )

    # What came in -------------------------------------------------------------

    def test_what_came_in_is_its_writer_s_and_the_archivists(self):
        """S3-4: a colleague reads none of it, and the writer changes nothing."""
        vals = {"name": "zqcall", "text": "zqcall", "dossier_id": self.targets.dossier}
        ids = self._call("owner", "customer.intake", "create", [vals])
        spec = {"text": {}, "dossier_id": {"fields": {"display_name": {}}}}
        [seen] = self._call("owner", "customer.intake", "web_read", ids, spec)
        hidden = self.dossiers[HIDDEN]
        stub = f"{hidden.number} {hidden.partner_id.name}"
        self.assertEqual(seen["dossier_id"]["display_name"], stub)
        spec = {"dossier_id": {"fields": {"strategy": {}}}}
        answer = self._call("owner", "customer.intake", "web_read", ids, spec)
        self.assertNotIn("zqsouth", str(answer))
        domain = [["dossier_id.strategy", "like", "zqsouth"]]
        self.assertEqual(
            self._call("owner", "customer.intake", "search_count", domain), 0
        )
        for method, args in (
            ("write", [ids, {"text": "x"}]),
            ("unlink", [ids]),
            ("action_file_fact", [ids]),
            ("action_discard", [ids]),
            ("action_reopen", [ids]),
        ):
            with self.subTest(method=method):
                answer = self._call("owner", "customer.intake", method, *args)
                self.assertIsInstance(answer, AccessError)
        for role in (
            "leader",
            "other_leader",
            "colleague",
            "employee",
            "portal",
            "settings",
        ):
            for method, args in (
                ("read", [ids, ["text"]]),
                ("search_count", [[["text", "=", "zqcall"]]]),
                ("message_post", [ids]),
                ("message_subscribe", [ids, self.users[role].partner_id.ids]),
                ("action_file_fact", [ids]),
            ):
                answer = self._call(role, "customer.intake", method, *args)
                with self.subTest(role=role, method=method):
                    self.assertTrue(
                        answer == 0 or isinstance(answer, AccessError), answer
                    )
