from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.customer_archive.tests.test_prints import read_pages, squash

from .visit_common import VisitCommon

REPORT = "customer_archive_visits.visit_day"


@tagged("post_install", "-at_install", "customer_visit")
class TestVisitPrint(VisitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["res.lang"]._activate_lang("zh_CN")
        (cls.seller | cls.leader | cls.manager | cls.keeper).lang = "en_US"
        cls.noon = datetime.now().replace(hour=12, minute=0) - timedelta(days=2)

    def _make_at(self, hours, dossier=None, user=None, **vals):
        user = user or self.seller
        dossier = dossier or self.dossier
        visit = self._plan(
            user,
            dossier_id=dossier.id,
            date_start=self.noon + timedelta(hours=hours),
            appointment_person_id=dossier.person_ids[0].id,
            companion_ids=[Command.set(self.mate.ids)],
        )
        visit.action_confirm()
        visit.action_done()
        return self._report(visit, **vals)

    def _print(self, visits, user):
        report = self.env["ir.actions.report"].with_user(user)
        report = report.with_context(lang=user.lang)
        content, _kind = report._render_qweb_pdf(REPORT, visits.ids)
        return read_pages(content)

    def test_a_persons_day(self):
        # S1-43, S1-44, S1-45, S1-46
        other = self._new_dossier("Second Works")
        first = self._make_at(-3, summary="They want samples", plan_code="b")
        self._make_at(1, other, result="C")
        self._make_at(-24, summary="The day before")
        first.with_user(self.leader).action_reopen()
        first.handled_issues = "Invoice corrected"
        self.env["customer.visit.expense"].with_user(self.seller).create(
            [
                {"visit_id": first.id, "name": "Train", "amount": 7.25, "note": "2nd"},
                {"visit_id": first.id, "name": "Meal", "amount": 11},
            ]
        )
        self.env["customer.commitment"].with_user(self.seller).create(
            {"visit_id": first.id, "name": "Late delivery", "kind": "issue"}
        )
        (page,) = self._print(first, self.seller)
        for text in (
            "Seller",
            "Mate",
            "Secretive Works",
            "Yolanda Hush",
            "They want samples",
            "Second Works",
            "Train",
            "2nd",
            "7.25",
            "18.25",
            "Invoice corrected",
            "Late delivery",
            "☑b: Handle a Problem",
            "☑C: Visit Again",
        ):
            self.assertIn(squash(text), page)
        self.assertNotIn(squash("The day before"), page)

    def test_words_are_the_readers(self):
        # S1-43
        visit = self._make_at(0)
        self.seller.lang = "zh_CN"
        (page,) = self._print(visit, self.seller)
        for text in ("客户拜访日报表", "填表人", "面谈概要", "商谈计划", "合计"):
            self.assertIn(text, page)

    def test_each_day_of_each_person_is_a_sheet(self):
        visits = self._make_at(0) | self._make_at(-24)
        visits |= self._make_at(0, user=self.leader)
        self.assertEqual(len(self._print(visits, self.leader)), 3)

    def test_only_what_is_open_to_the_reader(self):
        mine, other = self._make_at(0), self._new_dossier("Hidden Works", self.heir)
        hidden = self._make_at(1, other, user=self.manager)
        by_manager = self._make_at(2, user=self.manager)
        with self.assertRaises(AccessError):
            self._print(mine | hidden, self.seller)
        (page,) = self._print(by_manager, self.seller)
        self.assertNotIn(squash("Hidden Works"), page)
        (page,) = self._print(by_manager, self.manager)
        self.assertIn(squash("Hidden Works"), page)
        for user in (self.stranger, self.mate):
            with self.assertRaises(AccessError):
                self._print(mine, user)

    def test_nothing_to_print(self):
        with self.assertRaises(UserError):
            self._print(self._plan(date_start=False), self.seller)
