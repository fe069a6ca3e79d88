from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .test_visit_plan import APRIL, PlanCommon

RULES = "odoo.addons.base.models.ir_rule"
ACCESS = "odoo.addons.base.models.ir_model"
ALL = {"read", "write", "unlink"}
# What each may do with the plan of the seller, and with its lines.
MATRIX = {
    "seller": (ALL, {"read", "write"}),
    "colleague": (set(), set()),
    "boss": (ALL, {"read", "write"}),
    "other_boss": (set(), set()),
    "manager": (ALL, {"read", "write"}),
    "keeper": ({"read"}, {"read"}),
    "stranger": (set(), set()),
    "admin": (set(), set()),
}


@tagged(
    "post_install", "-at_install", "customer_visit_plan", "customer_archive_security"
)
class TestVisitPlanAccess(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_boss = cls._create_user("other_boss", "supervisor")
        cls.admin = cls._create_user("admin", "admin")
        cls.stranger = new_test_user(cls.env, "rhythm_stranger")
        cls.env["crm.team"].create({"name": "Others", "user_id": cls.other_boss.id})
        cls._set_due(*[date(2026, 4, 14)] * 3)
        cls.plan = cls._new_plan().sudo()
        cls.lines = cls.plan._get_lines()

    @mute_logger(RULES, ACCESS)
    def test_who_may_do_what(self):
        """The plan by its own rules, the lines by the lock of their dossiers."""
        for name, (of_plan, of_lines) in MATRIX.items():
            user = getattr(self, name)
            for records, allowed in ((self.plan, of_plan), (self.lines, of_lines)):
                records = records.with_user(user)
                for operation in sorted(ALL):
                    with self.subTest(who=name, on=records._name, op=operation):
                        self.env.invalidate_all()
                        self.assertEqual(
                            records.has_access(operation), operation in allowed
                        )
                with self.subTest(who=name, on=records._name, op="search"):
                    if "read" not in allowed and not records.browse().has_access(
                        "read"
                    ):
                        with self.assertRaises(AccessError):
                            records.search([])
                    else:
                        found = records.search([("id", "in", records.ids)])
                        self.assertEqual(bool(found), "read" in allowed)
                        groups = records._read_group(
                            [("id", "in", records.ids)], [], ["__count"]
                        )
                        self.assertEqual(bool(groups[0][0]), "read" in allowed)

    @mute_logger(RULES, ACCESS)
    def test_nobody_plans_for_somebody_else(self):
        values = {"user_id": self.seller.id, "month": date(2026, 6, 1)}
        for name in ("colleague", "other_boss", "keeper", "stranger"):
            plans = self.env["customer.visit.plan"].with_user(getattr(self, name))
            with self.subTest(who=name), self.assertRaises(AccessError):
                plans.create(values)
        plan = self.env["customer.visit.plan"].with_user(self.boss).create(values)
        self.assertEqual(plan.user_id, self.seller)

    @mute_logger(RULES, ACCESS)
    def test_lines_on_dossiers_of_others(self):
        """Neither into another's plan, nor a customer one doesn't see."""
        theirs = self._file("A", user_id=self.colleague.id)
        own = self._new_plan(self.colleague)
        lines = self.env["customer.visit.plan.line"]
        for user, plan, dossier in (
            (self.colleague, self.plan, theirs),
            (self.colleague, own, self.dossiers[0]),
            (self.stranger, self.plan, theirs),
            (self.keeper, self.plan, theirs),
        ):
            with self.assertRaises(AccessError):
                lines.with_user(user).create(
                    {
                        "plan_id": plan.id,
                        "dossier_id": dossier.id,
                        "objective": "Look",
                        "date": APRIL,
                    }
                )

    def test_overview_shows_each_reader_his_own(self):
        """A customer that is closed to a reader is in no text and no number."""
        hidden = self.lines[0].dossier_id
        hidden.partner_id.name = "Hush & Company"
        self.plan.sudo(False).with_user(self.seller).action_submit()
        hidden.team_id = self.env["crm.team"].create({"name": "Elsewhere"})
        by_boss, by_manager, by_seller = (
            self.plan.with_user(user) for user in (self.boss, self.manager, self.seller)
        )
        # whoever reads first leaves nothing in the cache for the others
        for plan, is_shown in (
            (by_manager, True),
            (by_boss, False),
            (by_seller, True),
            (by_boss, False),
        ):
            self.assertEqual("Hush &amp; Company" in plan.overview, is_shown)
            self.assertEqual(plan.line_count, 3 if is_shown else 2)
        self.assertEqual(len(by_boss._get_lines()), 2)

    @mute_logger(RULES, ACCESS)
    def test_name_of_a_line_tells_nothing(self):
        """Odoo hands names out by id."""
        line = self.lines[0]
        name = line.with_user(self.colleague).sudo().display_name
        self.assertEqual(name, self.env["ir.model"]._get(line._name).name)
        for user in (self.colleague, self.other_boss, self.stranger):
            with self.assertRaises(AccessError):
                line.with_user(user).read(["objective"])
        self.assertNotIn(line.partner_id.name, self.plan.display_name)

    @mute_logger(RULES, ACCESS)
    def test_decisions_are_the_superior_s(self):
        plan = self.plan.sudo(False)
        plan.with_user(self.seller).action_submit()
        line = self.lines[0].sudo(False)
        for user in (self.seller, self.keeper):
            with self.assertRaises(UserError):
                line.with_user(user).action_approve()
            with self.assertRaises(UserError):
                plan.with_user(user).action_approve()
        for user in (self.colleague, self.other_boss, self.stranger):
            with self.assertRaises(AccessError):
                line.with_user(user).action_approve()
            with self.assertRaises(AccessError):
                plan.with_user(user).action_approve()
        self.assertEqual(set(self.lines.mapped("state")), {"proposed"})

    @mute_logger(RULES, ACCESS)
    def test_dialog_ends_only_what_is_ones_own(self):
        dialogs = self.env["customer.visit.reason"].with_user(self.colleague)
        dialog = dialogs.create(
            {
                "res_model": "customer.visit.plan.line",
                "res_ids": self.lines.ids,
                "reason": "mischief",
            }
        )
        with self.assertRaises(AccessError):
            dialog.action_confirm()

    def test_other_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.manager.company_ids |= company
        plans = self.env["customer.visit.plan"].with_user(self.manager)
        by_company = plans.with_context(allowed_company_ids=company.ids)
        self.assertFalse(by_company.search([("id", "=", self.plan.id)]))

    def test_reminder_names_no_customer(self):
        self.plan._raise_reminders(APRIL)
        activity = self.plan.activity_ids
        texts = (activity.summary, activity.note, activity.res_name)
        for line in self.lines:
            self.assertNotIn(line.partner_id.name, str(texts))
