from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_account_plan import PlanCommon

PLAN, ACTION = "customer.account.plan", "customer.account.plan.action"
CONTACT, LINE = "customer.contact.plan", "customer.contact.plan.line"
REPORT = "customer.market.report"
TEXTS = {
    PLAN: "rival_status",
    ACTION: "target",
    CONTACT: "objective",
    LINE: "planned_count",
}
WRITERS = ("seller", "leader", "manager", "keeper")
OTHERS = ("heir", "mate", "stranger", "settings", "system")


@tagged("post_install", "-at_install", "customer_plan")
class TestPlanAccess(PlanCommon):
    """Plans are as open as their dossier, for each role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.settings = cls._new_user("settings", "admin")
        cls.system = cls._new_user("system")
        cls.system.group_ids += cls.env.ref("base.group_system")
        plan = cls._write_plan()
        contact = cls.env[CONTACT].create({"dossier_id": cls.dossier.id})
        records = plan, plan.action_ids, contact, contact.line_ids[0]
        cls.records = {record._name: record.sudo() for record in records}
        cls.other = cls._new_dossier("Of the Heir", cls.heir)
        cls.env.flush_all()

    def _as(self, role, name):
        self.env.invalidate_all()
        return self.records[name].sudo(False).with_user(getattr(self, role))

    def _vals(self, name, dossier):
        plan, contact = self.records[PLAN], self.records[CONTACT]
        return {
            PLAN: {"dossier_id": dossier.id, "year": 2044},
            ACTION: {"plan_id": plan.id, "name": "x", "date": self.day},
            CONTACT: {"dossier_id": dossier.id, "year": 2044},
            LINE: {
                "plan_id": contact.id,
                "person_id": dossier.person_ids[0].id,
                "user_id": self.heir.id,
            },
        }[name]

    def test_who_may(self):
        # S1-24
        for role in WRITERS:
            for name, text in TEXTS.items():
                with self.subTest(role=role, model=name):
                    record = self._as(role, name)
                    self.assertEqual(record.search([("id", "=", record.id)]), record)
                    record.write({text: 7})
                    self.assertEqual(str(record.read([text])[0][text]), "7")

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_access")
    def test_others(self):
        # S1-24
        for role in OTHERS:
            for name, text in TEXTS.items():
                with self.subTest(role=role, model=name):
                    record = self._as(role, name)
                    for method, value in (
                        ("read", [text]),
                        ("write", {text: 7}),
                        ("create", self._vals(name, self.dossier)),
                    ):
                        with self.assertRaises(AccessError):
                            getattr(record, method)(value)
                    with self.assertRaises(AccessError):
                        record.unlink()
                    if record.has_access("read"):
                        self.assertFalse(record.search([("id", "=", record.id)]))
                    self.assertNotIn("20", record.display_name)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_access")
    def test_nothing_is_hung_on_plans_of_others(self):
        own = self._write_plan(self.heir, self.other)
        contact = self.env[CONTACT].with_user(self.heir)
        contact = contact.create({"dossier_id": self.other.id})
        for lines, name in ((own.action_ids, ACTION), (contact.line_ids, LINE)):
            hidden = self.records[name].plan_id
            with self.assertRaises(AccessError):
                lines.create(
                    {
                        **self._vals(name, self.other),
                        "plan_id": hidden.id,
                        "dossier_id": self.other.id,
                    }
                )
            with self.assertRaises(AccessError):
                lines[0].write({"plan_id": hidden.id})

    def test_what_others_decide_comes_by_no_other_way(self):
        # S1-24
        plans = self.env[PLAN].with_user(self.seller)
        vals = {"dossier_id": self.dossier.id, "year": 2045}
        for name, value in (
            ("state", "approved"),
            ("version", 2),
            ("previous_id", self.records[PLAN].id),
            ("approved_by_id", self.manager.id),
        ):
            with self.assertRaises(UserError):
                plans.with_context(**{f"default_{name}": value}).create(vals)
        hidden = self._write_plan(self.heir, self.other).action_ids
        hidden.result = "Hidden result"
        actions = self.env[ACTION].with_user(self.seller)
        vals = self._vals(ACTION, self.dossier)
        with self.assertRaises(UserError):
            actions.create({**vals, "previous_id": hidden.id})
        with self.assertRaises(UserError):
            actions.with_context(default_previous_id=hidden.id).create(vals)
        with self.assertRaises(UserError):
            self.records[ACTION].with_user(self.seller).write(
                {"previous_id": hidden.id}
            )
        reports = self.env[REPORT].with_user(self.seller)
        for name, value in (("user_id", self.heir.id), ("state", "received")):
            with self.assertRaises(UserError):
                reports.with_context(**{f"default_{name}": value}).create(
                    {"market": "x"}
                )

    def test_nothing_is_added_to_what_is_agreed(self):
        # S1-24
        agreed = self._approve(self._write_plan(year=2046))
        draft = self.records[PLAN].with_user(self.seller)
        vals = {"name": "x", "date": self.day}
        with self.assertRaises(UserError):
            agreed.action_ids = [Command.create(vals)]
        with self.assertRaises(UserError):
            draft.action_ids.plan_id = agreed
