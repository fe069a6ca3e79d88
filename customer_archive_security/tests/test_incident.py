from datetime import timedelta

from odoo import api, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .security_common import SecurityCase

FEW = {"auditor", "executive"}


@tagged("post_install", "-at_install")
class TestIncident(SecurityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["handler"] = new_test_user(
            cls.env,
            "incident_handler",
            groups="base.group_user",
            company_id=cls.env.company.id,
            company_ids=[Command.set(cls.env.company.ids)],
        )

    def report(self, role="employee", about=("owner",), **vals):
        env = api.Environment(self.env.cr, self.users[role].id, {})
        people = self.env["res.users"].union(*(self.users[r] for r in about))
        return env["customer.incident.report"].create(
            {
                "kind": "leak",
                "name": "A list was mailed to a competitor",
                "description": "Seen on his screen",
                "person_ids": [Command.set(people.ids)],
                **vals,
            }
        )

    def get_incident(self, report):
        return report.sudo().incident_id.with_env(self.env)

    def readers(self, record):
        self.env.flush_all()
        self.env.invalidate_all()
        readers = set()
        for role, user in self.users.items():
            mine = record.with_user(user)
            allowed = mine.has_access("read")
            found = mine.has_access("read") and mine.search([("id", "=", record.id)])
            self.assertEqual(bool(found), allowed, role)
            if allowed:
                readers.add(role)
        return readers

    def test_anybody_reports_and_few_know(self):
        # S2-14 S2-48
        report = self.report()
        self.assertEqual(self.readers(report), {"employee"})
        self.assertEqual(report.progress, "new")
        incident = self.get_incident(report)
        self.assertEqual(self.readers(incident), FEW)
        self.assertTrue(report.number)
        self.assertEqual(incident.display_name, report.number)
        told = incident.activity_ids.user_id
        self.assertEqual(
            told & (self.users["auditor"] | self.users["executive"]),
            self.users["auditor"] | self.users["executive"],
        )

    def test_hidden_from_those_it_is_about(self):
        """Whatever their rank."""
        # S2-14 S2-48
        incident = self.get_incident(self.report(about=("auditor", "owner")))
        self.assertEqual(self.readers(incident), {"executive"})
        self.assertNotIn(self.users["auditor"], incident.activity_ids.user_id)
        incident = self.get_incident(self.report("auditor", about=("executive",)))
        self.assertEqual(self.readers(incident), {"auditor"})

    def test_handlers_named_look_into_it(self):
        # S4-20
        report = self.report()
        incident = self.get_incident(report)
        lead = incident.with_user(self.users["auditor"])
        with self.assertRaises(ValidationError):
            lead.handler_ids = self.users["owner"]
        lead.handler_ids = self.users["handler"]
        self.assertEqual(self.readers(incident), FEW | {"handler"})
        handler = incident.with_user(self.users["handler"])
        handler.action_investigate()
        self.env.invalidate_all()
        self.assertEqual(report.progress, "open")
        for vals in (
            {"person_ids": [Command.clear()]},
            {"handler_ids": [Command.link(self.users["employee"].id)]},
        ):
            with self.assertRaises(AccessError):
                handler.write(vals)
        with self.assertRaises(AccessError):
            handler.unlink()

    def test_report_is_kept_as_written_and_not_forged(self):
        # S2-48
        report = self.report(reporter_id=self.users["auditor"].id, number="X")
        self.assertEqual(report.reporter_id, self.users["employee"])
        self.assertNotEqual(report.number, "X")
        with self.assertRaises(UserError):
            report.write({"name": "Nothing"})
        with self.assertRaises(AccessError):
            report.unlink()
        with self.assertRaises(AccessError):
            report.incident_id.read(["name"])
        forged = report.with_context(
            default_reporter_id=self.users["auditor"].id,
            default_incident_id=report.incident_id.id,
        ).create({"name": "In his name"})
        self.assertEqual(forged.reporter_id, self.users["employee"])
        self.assertNotEqual(forged.incident_id, report.incident_id)

    def test_actions_and_closing(self):
        # S4-20 S2-59
        incident = self.get_incident(self.report()).with_user(self.users["executive"])
        incident.action_act()
        today = fields.Date.context_today(incident)
        incident.action_ids = [
            Command.create(
                {
                    "name": "Change the passwords",
                    "user_id": self.users["employee"].id,
                    "date_deadline": today + timedelta(days=3),
                }
            )
        ]
        action = incident.action_ids
        self.assertEqual(self.readers(action), FEW | {"employee"})
        self.assertEqual(
            action.sudo().activity_ids.mapped("date_deadline"),
            [today + timedelta(days=3)],
        )
        incident.write({"conclusion": "His fault", "sanction": "warning"})
        with self.assertRaises(UserError):
            incident.action_close()
        mine = action.with_user(self.users["employee"])
        for forbidden in ({"date_deadline": today}, {"user_id": self.env.uid}):
            with self.assertRaises(AccessError):
                mine.write(forbidden)
        with self.assertRaises(AccessError):
            mine.unlink()
        mine.sudo(False).activity_ids.action_feedback("Done yesterday")
        self.assertEqual(action.state, "done")
        self.assertEqual(action.result, "Done yesterday")
        incident.action_close()
        self.assertEqual(incident.closed_by_id, self.users["executive"])
        with self.assertRaises(UserError):
            incident.name = "Otherwise"

    def test_changes_are_on_record_for_the_same_few(self):
        """Who, when, which field, old and new; nobody changes a line."""
        # S2-29 S2-48 S4-20
        incident = self.get_incident(self.report())
        handler = self.users["handler"]
        self.assertFalse(incident.change_ids)
        lead = incident.with_user(self.users["executive"])
        lead.write({"kind": "loss", "handler_ids": handler.ids})
        lead.write({"kind": "loss"})
        incident.with_user(handler).damage = "A list"
        changes = incident.change_ids.sorted("id")
        self.assertEqual(
            [(c.create_uid, c.field_name, c.old_value, c.new_value) for c in changes],
            [
                (self.users["executive"], "kind", "leak", "loss"),
                (self.users["executive"], "handler_ids", "", handler.display_name),
                (handler, "damage", "", "A list"),
            ],
        )
        labels = dict(incident._fields["kind"]._description_selection(self.env))
        self.assertEqual(changes[0].old_text, labels["leak"])
        self.assertEqual(self.readers(changes[2]), {*FEW, "handler"})
        lead.person_ids = self.users["auditor"]
        self.assertEqual(self.readers(changes[2]), {"executive", "handler"})
        for call in (
            lambda line: line.write({"new_value": "Nothing"}),
            lambda line: line.unlink(),
        ):
            for line in (changes[0], changes[0].with_user(self.users["executive"])):
                with self.assertRaises(UserError):
                    call(line)

    def test_closed_with_a_conclusion_only(self):
        incident = self.get_incident(self.report()).with_user(self.users["executive"])
        with self.assertRaises(UserError):
            incident.write({"state": "closed"})

    def test_dossiers_are_opened_by_those_who_may_read_them(self):
        # S2-57 S4-20
        dossier = self.make("A")
        incident = self.get_incident(
            self.report(dossier_numbers=f"{dossier.number}, 999")
        )
        for role, found in (("executive", dossier), ("manager", dossier)):
            action = incident.with_user(self.users["executive"]).action_open_dossiers()
            dossiers = self.env["customer.dossier"].with_user(self.users[role])
            self.assertEqual(dossiers.search(action["domain"]), found)
        dossiers = self.env["customer.dossier"].with_user(self.users["owner"])
        self.assertFalse(dossiers.search(action["domain"]))

    def test_not_found_by_searching_from_colleagues(self):
        """No path of fields leads from users to an incident."""
        for name in ("res.users", "res.partner", "res.company"):
            for field in self.env[name]._fields.values():
                self.assertNotIn("incident", field.comodel_name or "")
