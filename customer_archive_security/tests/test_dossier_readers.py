from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .access_log_common import AccessLogCase


@tagged("post_install", "-at_install")
class TestDossierReaders(AccessLogCase):
    def seen_by(self, dossier, asked_by="manager"):
        """Lines of the dialog: ``{role: line}``, of the people of this test."""
        dossiers = self.as_role(asked_by, dossier).with_context(lang="en_US")
        action = dossiers.action_view_readers()
        readers = self.env[action["res_model"]].browse(action["res_id"])
        roles = {user: role for role, user in self.users.items()}
        self.assertEqual(readers.user_count, len(readers.line_ids))
        return {
            roles[line.user_id]: line
            for line in readers.line_ids
            if line.user_id in roles
        }

    def test_who_and_through_what(self):
        # S1-19 S2-14 S2-47
        dossier = self.make("A", "secret", keeper_id=self.users["keeper"].id)
        loan = self.lend(dossier, "owner")
        lines = self.seen_by(dossier)
        self.assertEqual(
            set(lines),
            {role for role in self.users if self.sees(role, dossier)},
        )
        self.assertIn("Loan", lines["owner"].ways)
        self.assertIn("Account owner", lines["owner"].ways)
        self.assertEqual(lines["owner"].date_end, loan.date_end)
        self.assertIn("without clearance", lines["owner"].clearance)
        self.assertEqual(lines["keeper"].ways, "Archivist")
        self.assertEqual(lines["service"].ways, "Customer service")
        self.assertIn("Manager", lines["director"].ways)
        self.assertNotIn("without clearance", lines["director"].clearance)
        self.assertFalse(lines["service"].may_write)
        self.assertTrue(lines["manager"].may_write)

    def test_a_rule_of_the_administrator_is_named_as_he_named_it(self):
        dossier = self.make("B", user_id=False, team_id=False)
        self.assertNotIn("leader", self.seen_by(dossier))
        self.env["ir.rule"].create(
            {
                "name": "Project Phoenix",
                "model_id": self.env["ir.model"]._get_id("customer.dossier"),
                "groups": self.env.ref("customer_archive.group_archive_supervisor").ids,
                "domain_force": f"[('id', '=', {dossier.id})]",
            }
        )
        self.assertEqual(self.seen_by(dossier)["leader"].ways, "Project Phoenix")

    def test_asked_by_whom(self):
        dossier = self.make("B")
        self.forget()
        for role in ("manager", "keeper"):
            self.assertTrue(self.seen_by(dossier, role))
        with self.assertRaises(AccessError):
            self.seen_by(dossier, "owner")
        # the auditor reads no dossier; he comes from a line of the record
        with self.assertRaises(AccessError):
            self.seen_by(dossier, "auditor")
        self.as_role("owner", dossier).read(["strategy"])
        line = self.noted().filtered(lambda line: line.what == "form")
        action = self.as_role("auditor", line).action_view_readers()
        readers = self.env[action["res_model"]].browse(action["res_id"])
        self.assertIn(self.users["owner"], readers.line_ids.user_id)
        mine = readers.with_user(self.users["auditor"])
        self.assertTrue(mine.line_ids.mapped("ways"))
        with self.assertRaises(AccessError):
            readers.with_user(self.users["manager"]).read(["name"])
        with self.assertRaises(AccessError):
            readers.with_user(self.users["auditor"]).create({"dossier_res_id": 1})

    def test_asking_leaves_no_line(self):
        dossier = self.make("B")
        self.forget()
        self.seen_by(dossier)
        self.assertFalse(self.noted())

    def test_archivist_sees_who_looked_at_what_he_keeps(self):
        # S0-27 S2-43
        kept = self.make("B", keeper_id=self.users["keeper"].id)
        other = self.make("B")
        self.as_role("owner", kept | other).read(["strategy"])
        lines = self.noted()
        self.assertEqual(len(lines), 2)
        log = self.as_role("keeper", self.log)
        found = log.search([("id", "in", lines.ids)])
        self.assertEqual(found.mapped("dossier_number"), [kept.number])
        self.assertEqual(
            self.as_role("keeper", lines)._filtered_access("read").ids, found.ids
        )
        action = self.as_role("keeper", kept).action_view_access_log()
        self.assertEqual(log.search(action["domain"]), found)

    def test_as_many_queries_a_person(self):
        """Whoever is asked for costs the same few queries, however many there are."""
        dossier = self.make("B")
        readers = self.env["customer.dossier.readers"]
        counts = []
        for number in (5, 10):
            for place in range(number):
                new_test_user(
                    self.env,
                    f"reader_{number}_{place}",
                    groups="customer_archive.group_archive_manager",
                )
            self.env.flush_all()
            self.env.invalidate_all()
            self.env.registry.clear_all_caches()
            before = self.env.cr.sql_log_count
            people = len(list(readers._prepare_lines(dossier.sudo())))
            counts.append((self.env.cr.sql_log_count - before) / people)
        self.assertLess(counts[1], counts[0] * 1.2)
        self.assertLess(counts[1], 15)
