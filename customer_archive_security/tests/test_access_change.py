from psycopg2 import DatabaseError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .security_common import SecurityCase


@tagged("post_install", "-at_install")
class TestAccessChange(SecurityCase):
    """S2-20: whoever changes who sees what leaves a line, and the auditor is told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # in one test all is one transaction
        cls.system = cls.users["system"]
        cls.changes = cls.env["customer.access.change"]
        cls.start = cls.changes.search([("id", ">", 0)], limit=1).id
        cls.rule = cls.env.ref(
            "customer_archive_security.customer_dossier_clearance_rule"
        )

    def _find(self, kind):
        self.env.invalidate_all()
        return self.changes.search([("id", ">", self.start), ("kind", "=", kind)])

    def _announced(self):
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "customer.access.change"),
                ("user_id", "=", self.users["auditor"].id),
                ("res_id", ">", self.start),
            ]
        )

    def _forget_announcement(self):
        self.env.cr.precommit.data.clear()

    def test_a_changed_rule_is_logged_and_announced(self):
        # S2-20
        self._forget_announcement()
        self.rule.with_user(self.system).domain_force = "[(1, '=', 1)]"
        change = self._find("rule")
        self.assertEqual(change.user_id, self.system)
        self.assertIn("is_cleared", change.before)
        self.assertIn("(1, '=', 1)", change.after)
        self.assertFalse(change.is_of_addon)
        self.assertEqual(self._announced().res_id, change.id)

    def test_new_and_deleted_rules(self):
        vals = {
            "name": "All",
            "model_id": self.env["ir.model"]._get_id("customer.key.person"),
            "domain_force": "[(1, '=', 1)]",
        }
        rule = self.env["ir.rule"].with_user(self.system).create(vals)
        self.assertFalse(self._find("rule").before)
        rule.unlink()
        self.assertFalse(self._find("rule")[0].after)

    def test_rights(self):
        line = self.env["ir.model.access"].create(
            {
                "name": "everybody",
                "model_id": self.env["ir.model"]._get_id("customer.dossier"),
                "group_id": self.env.ref("base.group_user").id,
                "perm_read": True,
            }
        )
        self.assertIn("read", self._find("access").after)
        line.active = False
        self.assertEqual(len(self._find("access")), 2)

    def test_what_does_not_concern_the_archive_is_not_logged(self):
        rule = self.env["ir.rule"].search(
            [("model_id.model", "=", "res.partner")], limit=1
        )
        rule.name = "Other"
        group = self.env["res.groups"].create({"name": "Canteen"})
        self.system.group_ids += group
        self.rule.name = self.rule.name  # nothing changed
        self.assertFalse(self.changes.search([("id", ">", self.start)]))

    def test_every_way_into_a_group(self):
        """S2-20: from the person, from the group, by a group that implies it."""
        clearance = self.env.ref("customer_archive_security.group_clearance_a")
        employee = self.users["employee"]
        broad = self.env["res.groups"].create({"name": "Canteen"})
        employee.group_ids += broad
        ways = (
            (lambda: employee.write({"group_ids": [Command.link(clearance.id)]})),
            (lambda: employee.write({"group_ids": [Command.unlink(clearance.id)]})),
            (lambda: clearance.write({"user_ids": [Command.link(employee.id)]})),
            (lambda: clearance.write({"user_ids": [Command.unlink(employee.id)]})),
            (lambda: broad.write({"implied_ids": [Command.link(clearance.id)]})),
            (lambda: broad.write({"implied_ids": [Command.unlink(clearance.id)]})),
        )
        for number, way in enumerate(ways):
            way()
            with self.subTest(way=number):
                change = self._find("member")[0]
                self.assertEqual(
                    change.subject, clearance.with_context(lang=None).full_name
                )
                gone, come = ("", employee.login)[:: -1 if number % 2 else 1]
                self.assertEqual(
                    (change.before or "", change.after or ""), (gone, come)
                )
                self.assertEqual(len(self._find("member")), number + 1)

    def test_a_new_user_with_a_clearance(self):
        new_test_user(
            self.env,
            "cleared",
            "base.group_user,customer_archive.group_archive_manager",
        )
        subjects = self._find("member").mapped("subject")
        self.assertTrue(any("A Customers" in subject for subject in subjects), subjects)
        self.assertEqual(set(self._find("member").mapped("after")), {"cleared"})

    def test_clearance_of_tiers_and_grades(self):
        # S0-25 S1-19
        settings = self.users["settings"]
        self.tiers["A"].with_user(settings).owner_may_read = True
        self.secrecy["secret"].with_user(settings).clearance_group_id = False
        changes = self._find("clearance")
        self.assertEqual(len(changes), 2)
        self.assertEqual(changes.user_id, settings)
        self.assertIn("Secret", changes[0].before)

    def test_a_group_that_opens_the_archive_since_a_moment_ago(self):
        """By a tier that names it, by its place, or by a group it implies."""
        # S1-19 S2-20
        for name in ("tier", "place", "implied"):
            group = self.env["res.groups"].create({"name": f"Group by {name}"})
            self.users["employee"].group_ids = [Command.link(group.id)]
            self.users["employee"].group_ids = [Command.unlink(group.id)]
            self.assertFalse(self._find("member").filtered("after"), "opens nothing")
            if name == "tier":
                self.tiers["B"].clearance_group_id = group
            elif name == "place":
                director = "customer_archive_security.group_archive_director"
                group.privilege_id = self.env.ref(director).privilege_id
            else:
                manager = self.env.ref("customer_archive.group_archive_manager")
                group.implied_ids = [Command.link(manager.id)]
            self.users["employee"].group_ids = [Command.link(group.id)]
            self.assertIn("security_employee", self._find("member")[0].after, name)
            self.users["employee"].group_ids = [Command.unlink(group.id)]
            self.assertIn("security_employee", self._find("member")[0].before, name)
            self.start = self.changes.search([("id", ">", 0)], limit=1).id

    def test_announced_once_in_a_transaction(self):
        self._forget_announcement()
        for number in range(3):
            self.rule.domain_force = f"[('id', '>', {number})]"
        self.assertEqual(len(self._find("rule")), 3)
        self.assertEqual(len(self._announced()), 1)

    def test_nobody_changes_a_line(self):
        # S2-43
        self.rule.domain_force = "[(1, '=', 1)]"
        change = self._find("rule")
        for role in ("auditor", "settings", "system"):
            mine = change.with_user(self.users[role])
            with self.assertRaises(UserError):
                mine.write({"after": "x"})
            with self.assertRaises(UserError):
                mine.unlink()
            with self.assertRaises(AccessError):
                mine.create({"kind": "rule", "subject": "x"})
        with self.assertRaises(UserError):
            change.sudo().write({"after": "x"})
        with self.assertRaises(UserError):
            change.sudo().unlink()
        for command in (
            "UPDATE customer_access_change SET after = 'x'",
            "DELETE FROM customer_access_change",
            "TRUNCATE customer_access_change CASCADE",
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(DatabaseError),
                self.env.cr.savepoint(flush=False),
            ):
                self.env.cr.execute(command)

    def test_who_reads_the_lines(self):
        # S2-14
        self.rule.domain_force = "[(1, '=', 1)]"
        change = self._find("rule")
        readers = {
            role
            for role, user in self.users.items()
            if change.with_user(user).has_access("read")
        }
        self.assertEqual(readers, {"auditor", "settings"})
