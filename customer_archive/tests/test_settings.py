from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon

from .common import ARCHIVE

SECTIONS = (
    "opening",
    "keeping_current",
    "required_items",
    "approval_routes",
    "tiers",
    "evaluation_schemes",
    "customer_classes",
    "credit_grades",
    "overlap_check",
)


@tagged("post_install", "-at_install")
class TestSettings(BaseCommon):
    """One page for all that the policies leave to the company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(
            cls.env, "settings_admin", groups=f"{ARCHIVE}admin", lang="en_US"
        )
        policies = cls.env["customer.archive.policy"].with_user(cls.admin)
        cls.policy = policies.browse(policies.action_open()["res_id"])
        cls.tier = cls.env.ref("customer_archive.customer_tier_a")
        cls.route = cls.env.ref("customer_archive.customer_approval_route_dossier")

    def test_sections_in_the_order_of_the_policies(self):
        """Each has a name, so that an addon finds it; each number has its clause."""
        arch = etree.fromstring(self.policy.get_view(view_type="form")["arch"])
        names = [div.get("name") for div in arch.iter("div")]
        # an addon's own stand between them or behind
        self.assertEqual([name for name in names if name in SECTIONS], list(SECTIONS))
        settings = {setting.get("id"): setting for setting in arch.iter("setting")}
        fields = self.policy.fields_get(list(settings))
        for name, setting in settings.items():
            with self.subTest(name):
                self.assertEqual(setting.find("field").get("name"), name)
                self.assertEqual(setting.get("help"), fields[name]["help"])
                self.assertRegex(fields[name]["help"], r"\bS[0-4]-\d+")
        numbers = self.policy.fields_get(attributes=["type"])
        for name, number in numbers.items():
            if number["type"] == "integer" and name != "id":
                self.assertIn(name, settings)

    def test_tables_are_edited_in_place(self):
        """S0-18, S0-15, S1-7, S2-1: a change, a new line and a deleted one each."""
        kept, dropped = self.policy.item_ids[:2]
        grade = self.policy.credit_grade_ids[0]
        with Form(self.policy) as page:
            page.opening_days = 5
            with page.tier_ids.edit(0) as row:
                row.quota = 15
            with page.credit_grade_ids.new() as row:
                row.name = "S"
            with page.credit_grade_ids.edit(0) as row:
                row.active = False
            page.item_ids.remove(1)
            with page.item_ids.new() as row:
                row.kind = "capacity"
                row.capacity = "other"
        self.assertEqual(self.policy.opening_days, 5)
        self.assertEqual(self.tier.quota, 15)
        self.assertTrue(self.env["customer.credit.grade"].search([("name", "=", "S")]))
        self.assertFalse(grade.active)
        self.assertIn(grade, self.policy.credit_grade_ids)
        self.assertFalse(dropped.exists())
        self.assertTrue(kept.exists())
        self.assertIn("other", self.policy.item_ids.mapped("capacity"))
        # as the web client writes it
        self.policy.web_save({"item_ids": [[2, kept.id]]}, {"item_ids": {}})
        self.assertNotIn(kept.id, self.policy.item_ids.ids)

    def test_route_with_its_steps(self):
        """S2-1, S2-45: a step more on the way of a dossier."""
        group = self.env.ref(f"{ARCHIVE}keeper")
        step = {"name": "Signed", "kind": "group", "group_id": group.id}
        commands = [
            Command.update(self.route.id, {"step_ids": [Command.create(step)]}),
            Command.create(
                {
                    "name": "Special",
                    "res_model": "customer.dossier",
                    "step_ids": [Command.create({"name": "First"})],
                }
            ),
        ]
        self.policy.write({"route_ids": commands})
        self.assertIn("Signed", self.route.step_ids.mapped("name"))
        self.assertEqual(self.policy.route_ids[-1].step_ids.name, "First")

    def test_numbers_of_the_company_tables_of_all(self):
        """Another company has its own numbers and routes, and the same tiers."""
        abroad = self.env["res.company"].create({"name": "Abroad"})
        self.admin.company_ids += abroad
        policies = self.policy.with_company(abroad)
        other = policies.browse(policies.action_open()["res_id"])
        self.assertNotEqual(other, self.policy)
        self.assertEqual(other.company_id, abroad)
        other.opening_days = 3
        self.assertEqual(self.policy.opening_days, 7)
        self.assertEqual(other.tier_ids, self.policy.tier_ids)
        self.route.company_id = self.env.company
        self.env.invalidate_all()
        self.assertIn(self.route, self.policy.route_ids)
        self.assertNotIn(self.route, other.route_ids)
        self.admin.company_ids -= abroad
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            other.with_user(self.admin).with_context(
                allowed_company_ids=self.env.company.ids
            ).opening_days = 1

    def test_page_is_the_administrators(self):
        """S2-20: others read the numbers; tables are changed under their own rights."""
        seller = new_test_user(self.env, "settings_seller", groups=f"{ARCHIVE}user")
        page = self.policy.with_user(seller)
        self.assertEqual(page.opening_days, 7)
        change = [Command.update(self.tier.id, {"quota": 90})]
        for vals in ({"opening_days": 1}, {"tier_ids": change}):
            with self.assertRaises(AccessError):
                page.write(vals)
        with self.assertRaises(AccessError):
            page.action_open()
        self.assertEqual(self.tier.quota, 20)
