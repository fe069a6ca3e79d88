from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import format_date

from odoo.addons.customer_archive.tests.test_prints import read_pages, squash

from .test_account_plan import PlanCommon


@tagged("post_install", "-at_install", "customer_plan")
class TestPlanPrint(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["res.lang"]._activate_lang("zh_CN")
        (cls.seller | cls.leader | cls.manager | cls.keeper).lang = "en_US"

    def _print(self, name, records, user=None):
        user = user or self.seller
        report = self.env["ir.actions.report"].with_user(user)
        report = report.with_context(lang=user.lang)
        name = f"customer_archive_visits.{name}"
        content, _kind = report._render_qweb_pdf(name, records.ids)
        return read_pages(content)

    def assertTexts(self, page, *texts):
        for text in texts:
            self.assertIn(squash(text), page)

    def _assert_closed(self, name, records):
        for user in (self.heir, self.mate, self.stranger):
            with self.assertRaises(AccessError):
                self._print(name, records, user)
        with self.assertRaises(UserError):
            self._print(name, records.browse())

    def test_annex_6(self):
        # S1-41
        plan = (
            self.env["customer.contact.plan"]
            .with_user(self.seller)
            .create({"dossier_id": self.dossier.id, "objective": "Win the boss"})
        )
        plan.line_ids[0].write({"planned_count": 7, "next_date": "2031-05-17"})
        self.boss.partner_id.function = "Chief of Works"
        self.env["customer.interaction"].with_user(self.seller).create(
            {
                "dossier_id": self.dossier.id,
                "person_ids": [Command.set(self.boss.ids)],
                "summary": "Spoke",
            }
        )
        (page,) = self._print("annex_6", plan)
        self.assertTexts(
            page,
            "Secretive Works",
            "Win the boss",
            "Seller",
            "Xerxes Hush",
            "Yolanda Hush",
            "Chief of Works",
            "1 / 7",
            format_date(self.env, "2031-05-17", lang_code="en_US"),
        )
        self.seller.lang = "zh_CN"
        (page,) = self._print("annex_6", plan)
        self.assertTexts(
            page,
            "客户接触计划",
            "单位名称",
            "目标描述",
            "客户方的联系对象",
            "职务",
            "联系次数",
            "下一次联系日期",
        )
        self._assert_closed("annex_6", plan)

    def test_account_plan(self):
        # S1-23
        plan = self._write_plan(
            rival_strengths="Cheap", lifecycle="growth", our_swot="We are near"
        )
        self._approve(plan)
        text = "".join(self._print("account_plan", plan))
        self.assertTexts(
            text,
            "Account Plan 2030",
            "Grow",
            "Xerxes Hush",
            "Cheap",
            "Growth",
            "We are near",
            "Sell them the blue line",
            "Show samples",
            "Manager",
        )
        self.seller.lang = "zh_CN"
        text = "".join(self._print("account_plan", plan))
        self.assertTexts(
            text,
            "计划摘要",
            "客户概况",
            "竞争概况",
            "情况评估",
            "客户计划",
            "关系生命周期",
        )
        self._assert_closed("account_plan", plan)

    def test_maintenance_plan_of_a_customer(self):
        # S0-24
        tier = self.env.ref("customer_archive.customer_tier_a")
        tier.with_context(lang="en_US").measures = "Call them weekly"
        self.dossier.tier_id = tier
        self.env["customer.commitment"].with_user(self.seller).create(
            [
                {"dossier_id": self.dossier.id, "name": name, "date": self.day}
                for name in ("Send the blue sample", "Already kept")
            ]
        )[1].action_keep()
        plan = self._approve(
            self._write_plan(
                action_ids=[
                    Command.create(
                        {
                            "name": name,
                            "date": fields.Date.today() + timedelta(days=days),
                        }
                    )
                    for name, days in (("Show samples", 30), ("Far away", 300))
                ]
            )
        )
        self.assertEqual(plan.state, "approved")
        draft = self._write_plan(year=2031)
        draft.action_ids.name = "Only a draft"
        text = "".join(self._print("maintenance_plan", self.dossier))
        self.assertTexts(
            text,
            "Secretive Works",
            "Call them weekly",
            "Phone Call",
            "every 2 months",
            "Xerxes Hush",
            "Decision Maker",
            "Seller",
            "Send the blue sample",
            "Show samples",
        )
        for name in ("Already kept", "Far away", "Only a draft"):
            self.assertNotIn(squash(name), text)
        self.seller.lang = "zh_CN"
        text = "".join(self._print("maintenance_plan", self.dossier))
        self.assertTexts(text, "客户关系维护方案")
        self._assert_closed("maintenance_plan", self.dossier)

    def test_maintenance_plan_of_a_salesperson(self):
        # S0-24
        other = self._new_dossier("Second Works")
        theirs = self._new_dossier("Heirs Works", self.heir)
        dossiers = self.dossier | other | theirs
        pages = self._print("maintenance_plan", dossiers, self.manager)
        self.assertEqual(len(pages), 2 + 3)
        self.assertTexts(pages[0], "Seller", "Secretive Works", "Second Works")
        self.assertNotIn(squash("Heirs Works"), pages[0])
        self.assertTexts(pages[1], "Heirs Works")

    def test_many_sheets_cost_few_queries(self):
        dossiers = self.dossier
        for number in range(6):
            dossiers |= self._new_dossier(f"Works {number}")
        dossiers.write({"state": "filed"})

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._print("maintenance_plan", some, self.manager)
            return self.env.cr.sql_log_count - before

        count(dossiers[:2])
        self.assertLessEqual(count(dossiers), count(dossiers[:2]) + 3)
