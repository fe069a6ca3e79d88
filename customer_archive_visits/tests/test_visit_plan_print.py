from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.customer_archive.tests.test_prints import read_pages, squash

from .test_visit_plan import PlanCommon

REPORT = "customer_archive_visits.visit_plan"


@tagged("post_install", "-at_install", "customer_visit_plan")
class TestVisitPlanPrint(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["res.lang"]._activate_lang("zh_CN")
        (cls.seller | cls.boss | cls.keeper | cls.colleague).lang = "en_US"
        for number, dossier in enumerate(cls.dossiers):
            dossier.partner_id.name = f"Works {number} Ltd"

    def _print(self, plans, user):
        report = self.env["ir.actions.report"].with_user(user)
        report = report.with_context(lang=user.lang)
        content, _kind = report._render_qweb_pdf(REPORT, plans.ids)
        return read_pages(content)

    def test_month_on_paper(self):
        # S1-28
        self._set_due(*[date(2026, 4, day) for day in (13, 14, 22)])
        plan = self._new_plan(note="Fair in the third week")
        line = self._lines(plan)[0].with_user(self.seller)
        line.objective = "Agree on the frame contract"
        self._drop(self._lines(plan)[1].with_user(self.seller), "Closed for repairs")
        (page,) = self._print(plan, self.seller)
        for text in (
            "Seller",
            "2026-04",
            "Works 0 Ltd",
            "Eastport",
            "Person executive",
            "Maintain the Customer",
            "Agree on the frame contract",
            "Closed for repairs",
            "Due and Left Out",
            "Works 2 Ltd",
            "Fair in the third week",
        ):
            self.assertIn(squash(text), page)
        self.assertNotIn(squash("Works 5 Ltd"), page)

    def test_words_are_the_readers(self):
        # S1-28
        self._set_due(date(2026, 4, 13))
        plan = self._new_plan()
        self.seller.lang = "zh_CN"
        (page,) = self._print(plan, self.seller)
        for text in ("拜访计划书", "业务员", "客户维护", "拜访目标", "每2个月"):
            self.assertIn(text, page)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_only_what_is_open_to_the_reader(self):
        hidden, _shown = self._set_due(date(2026, 4, 13), date(2026, 4, 14))
        plan = self._new_plan()
        hidden.team_id = self.env["crm.team"].create({"name": "Elsewhere"})
        (page,) = self._print(plan, self.boss)
        self.assertNotIn(squash("Works 0 Ltd"), page)
        self.assertIn(squash("Works 1 Ltd"), page)
        (page,) = self._print(plan, self.keeper)
        self.assertIn(squash("Works 0 Ltd"), page)
        with self.assertRaises(AccessError):
            self._print(plan, self.colleague)
        with self.assertRaises(UserError):
            self._print(plan.browse(), self.seller)

    def test_each_plan_is_a_sheet(self):
        plans = self._new_plan() | self._new_plan(month=date(2026, 5, 1))
        self.assertEqual(len(self._print(plans, self.seller)), 2)
