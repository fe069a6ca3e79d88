from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..hooks import uninstall_hook
from .security_common import SecurityCase

SUPERVISORS = {"manager", "director", "executive", "keeper", "service", "auditor"}


@tagged("post_install", "-at_install")
class TestUndertaking(SecurityCase):
    """A person confirms the rules, once for each version (S1-20, S3-13)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.undertakings = cls.env["customer.undertaking"]
        cls.current = cls.undertakings._get_current()

    def as_role(self, role):
        return self.undertakings.with_user(self.users[role])

    def kept(self, undertaking):
        """What these people confirmed of a version."""
        people = self.env["res.users"].concat(*self.users.values())
        return undertaking.confirmation_ids.filtered(lambda c: c.user_id in people)

    def publish(self):
        draft = self.undertakings.with_user(self.users["settings"]).create(
            {"name": "Undertaking", "text": "<p>More</p>"}
        )
        draft.action_publish()
        return draft.sudo()

    def test_shipped_text(self):
        # S1-20 S2-8 S2-38 S3-13
        self.assertEqual(self.current.version, 1)
        text = self.current.with_context(lang="en_US").text
        for words in (
            "public places",
            "prices",
            "not to copy",
            "give, sell, carry",
            "called to account",
        ):
            self.assertIn(words, text)

    def test_first_opening_asks_and_later_ones_do_not(self):
        # S1-20
        for role in ("owner", "keeper", "auditor"):
            mine = self.as_role(role)
            opened = mine.action_open_archive()
            self.assertEqual(opened["res_model"], "customer.undertaking")
            self.assertEqual(opened["res_id"], self.current.id)
            entered = mine.browse(opened["res_id"]).action_confirm()
            self.assertNotEqual(entered.get("res_model"), "customer.undertaking")
            self.assertEqual(mine.action_open_archive(), entered)

    def test_archive_opens_at_the_first_menu_one_sees(self):
        for role in ("owner", "service", "auditor", "settings"):
            mine = self.as_role(role)
            mine._confirm()
            opened = mine.action_open_archive()
            action = self.env[opened["type"]].browse(opened["id"])
            menus = self.env["ir.ui.menu"].search(
                [("action", "=", f"{action._name},{action.id}")]
            )
            self.assertTrue(menus, role)

    def test_root_menu_leads_here(self):
        menu = self.env.ref("customer_archive.customer_archive_menu")
        action = self.env.ref(
            "customer_archive_security.customer_undertaking_action_open"
        )
        self.assertEqual(menu.action, action)
        opened = action.with_user(self.users["owner"]).run()
        self.assertEqual(opened["res_id"], self.current.id)

    def test_menu_is_given_back_when_the_addon_goes(self):
        uninstall_hook(self.env)
        menu = self.env.ref("customer_archive.customer_archive_menu")
        self.assertFalse(menu.action)
        self.assertFalse(self.tiers["A"].clearance_group_id)

    def test_time_version_and_person_are_kept(self):
        # S1-20 S3-13
        self.as_role("owner")._confirm()
        self.as_role("owner")._confirm()
        kept = self.kept(self.current)
        self.assertEqual((kept.user_id, kept.version), (self.users["owner"], 1))
        self.assertTrue(kept.date)
        self.assertTrue(self.undertakings._has_confirmed(self.users["owner"]))
        self.assertFalse(self.undertakings._has_confirmed(self.users["leader"]))

    def test_nobody_changes_what_was_confirmed(self):
        self.as_role("owner")._confirm()
        kept = self.kept(self.current)
        for change in (
            lambda: kept.sudo().write({"version": 2}),
            lambda: kept.sudo().unlink(),
            lambda: self.current.write({"text": "<p>Less</p>"}),
            lambda: self.current.unlink(),
        ):
            with self.assertRaises(UserError):
                change()
        for user in self.users.values():
            for operation in ("write", "create", "unlink"):
                self.assertFalse(kept.with_user(user).has_access(operation))

    def test_a_new_version_asks_again(self):
        # S3-13
        self.as_role("owner")._confirm()
        first = self.current
        new = self.publish()
        self.assertEqual(new.version, 2)
        self.assertFalse(self.undertakings._has_confirmed(self.users["owner"]))
        with self.assertRaises(UserError):
            first.with_user(self.users["owner"]).action_confirm()
        opened = self.as_role("owner").action_open_archive()
        self.assertEqual(opened["res_id"], new.id)
        new.with_user(self.users["owner"]).action_confirm()
        self.assertEqual(len(self.kept(first) | self.kept(new)), 2)

    def test_drafts_are_the_administrators(self):
        draft = self.current.with_user(self.users["settings"]).copy()
        self.assertFalse(draft.version)
        for role, user in self.users.items():
            is_read = draft.with_user(user).has_access("read")
            self.assertEqual(is_read, role == "settings", role)
        with self.assertRaises(AccessError):
            draft.with_user(self.users["manager"]).action_publish()

    def test_strict_closes_until_confirmed(self):
        # S1-20
        dossier = self.make("B")
        self.lend(dossier, "employee")
        policies = self.env["customer.archive.policy"]
        company = [("company_id", "=", self.env.company.id)]
        policy = policies.search(company) or policies.create({})
        self.assertTrue(self.sees("owner", dossier))
        policy.is_undertaking_strict = True
        for role in ("owner", "leader", "manager", "keeper", "service"):
            self.assertFalse(self.sees(role, dossier), role)
            self.as_role(role)._confirm()
            self.assertTrue(self.sees(role, dossier), role)
        self.publish()
        self.assertFalse(self.sees("owner", dossier))
        policy.is_undertaking_strict = False
        self.assertTrue(self.sees("owner", dossier))

    def test_rule_costs_nothing(self):
        dossiers = self.env["customer.dossier"].with_user(self.users["owner"])
        dossiers._search_is_undertaken("in", [True])
        with self.assertQueryCount(0):
            domain = dossiers._search_is_undertaken("in", [True])
        self.assertTrue(domain.is_true())

    def test_who_has_confirmed(self):
        self.as_role("owner")._confirm()
        for role in SUPERVISORS:
            users = self.env["res.users"].with_user(self.users[role])
            action = users.action_open_archive_undertakings()
            everybody = users.search(action["domain"])
            confirmed = [("is_archive_undertaken", "=", True)]
            some = everybody.filtered_domain(confirmed)
            self.assertEqual(some & self.users["owner"], self.users["owner"], role)
            self.assertTrue(some.filtered("archive_undertaking_date"))
            searched = users.search([*action["domain"], *confirmed])
            self.assertEqual(searched, some)
            self.assertIn(self.users["leader"], everybody - some)
        with self.assertRaises(AccessError):
            self.users["leader"].with_user(self.users["owner"]).read(
                ["is_archive_undertaken"]
            )
