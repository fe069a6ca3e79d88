"""A manager's month end in the browser, in Chinese: approved, read, compared."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .test_visit_tour import VisitTourCommon

CUSTOMERS = {  # tier, person, rank
    "苏州远航精密机械有限公司": ("A", "周志强", "executive"),
    "无锡恒达轴承有限公司": ("B", "吴敏", "director"),
    "昆山联创模具有限公司": ("C", "蒋涛", "manager"),
    "常州新科传动设备有限公司": ("A", "陈刚", "executive"),
    "南通江海重工有限公司": ("B", "沈燕", "director"),
}


@tagged("post_install", "-at_install")
class TestMonthTour(VisitTourCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dossiers = cls.env["customer.dossier"]
        for name, (tier, person, rank) in CUSTOMERS.items():
            cls.dossiers |= cls._file(name, tier, person, rank)
        cls._let_due(cls.dossiers)
        cls.approved, cls.refused, cls.dropped, missing, reported = cls.dossiers
        cls._plan_this_month(missing | reported)
        cls.made = cls._make_visit(missing)
        cls._report(cls._make_visit(reported))

    @classmethod
    def _plan_this_month(cls, dossiers):
        """Approved; of the lines two became visits."""
        plan = (
            cls.env["customer.visit.plan"]
            .with_user(cls.seller)
            .create({"month": fields.Date.context_today(cls.seller)})
        )
        others = plan._get_lines().filtered(
            lambda line: line.dossier_id not in dossiers
        )
        others._end_with_reason("下月拜访")
        plan.action_submit()
        plan.with_user(cls.supervisor).action_approve()

    @classmethod
    def _make_visit(cls, dossier):
        visit = dossier.visit_ids.with_user(cls.seller)
        visit.write(
            {
                "date_start": fields.Datetime.now() - timedelta(days=3),
                "state": "confirmed",
                "appointment_person_id": dossier.person_ids.id,
            }
        )
        visit.action_done()
        return visit

    @classmethod
    def _report(cls, visit):
        visit.write({"summary": "同意试用新品", "result": "B", "objective_met": "yes"})
        visit.action_submit_report()

    def _go(self, user, url, tour):
        name = f"customer_archive_visits_month_{tour}"
        self.start_tour(url, name, login=user.login)
        self.env.invalidate_all()

    def test_month_end(self):
        """S1-4, S1-28, S1-33: planned, approved line by line, read, compared."""
        self._go(self.seller, "/odoo/my-day", "plan")
        plans = self.env["customer.visit.plan"]
        plan = plans.search([("user_id", "=", self.seller.id)], limit=1)
        self.assertEqual(plan.state, "review")

        self._go(self.supervisor, "/odoo/my-day", "approve")
        self.assertEqual(plan.state, "approved")
        self.assertEqual(plan.approver_id, self.supervisor)
        lines = {line.dossier_id: line for line in plan._get_lines()}
        self.assertEqual(lines[self.dropped].state, "dropped")
        self.assertEqual(lines[self.dropped].drop_reason, "停产检修")
        self.assertEqual(lines[self.refused].state, "refused")
        self.assertEqual(lines[self.refused].drop_reason, "上周刚拜访过")
        self.assertFalse(self.refused.visit_ids | self.dropped.visit_ids)
        visit = lines[self.approved].visit_id
        self.assertEqual((visit.state, visit.user_id), ("planned", self.seller))

        self._go(self.supervisor, "/odoo/my-day", "reports")
        self._go(self.supervisor, "/odoo/customer-visits", "read")
        self._go(self.supervisor, "/odoo/coverage", "coverage")
        self._go(self.supervisor, "/odoo/plan-against-fact", "fact")


@tagged("post_install", "-at_install")
class TestMonthTourPhone(TestMonthTour):
    """The same month end on a phone."""

    browser_size = "390x844"
    touch_enabled = True
