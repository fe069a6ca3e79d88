"""A day in the browser, in Chinese: from first contact to the dossier in print."""

from odoo.tests import HttpCase, new_test_user, tagged

from .common import ARCHIVE, CONTACTS
from .test_prints import read_pages, squash


@tagged("post_install", "-at_install")
class TestDayTour(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        people = {"user": "王芳", "supervisor": "李建国", "keeper": "赵静"}
        cls.seller, cls.supervisor, cls.keeper = (
            new_test_user(
                cls.env,
                f"archive_day_{role}",
                groups=f"{CONTACTS},{ARCHIVE}{role}",
                name=name,
                lang="zh_CN",
                tz="Asia/Shanghai",
            )
            for role, name in people.items()
        )
        cls.env["crm.team"].create(
            {
                "name": "华东组",
                "company_id": False,
                "user_id": cls.supervisor.id,
                "member_ids": [(4, cls.seller.id)],
            }
        )
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "苏州远航精密机械有限公司",
                "is_company": True,
                "child_ids": [(0, 0, {"name": "周志强", "function": "总经理"})],
            }
        )

    def _go(self, user, url, tour):
        self.start_tour(url, f"customer_archive_day_{tour}", login=user.login)
        self.env.invalidate_all()
        return self.env["customer.dossier"].search(
            [("partner_id", "=", self.customer.id)]
        )

    def test_a_day(self):
        """S2-1, S2-9, S2-23, S2-45, S1-3: who acts, who verifies, what is kept."""
        contact = f"/odoo/contacts/{self.customer.id}"
        dossier = self._go(self.seller, contact, "first_contact")
        self.assertEqual(dossier.state, "review")
        self.assertEqual(dossier.user_id, self.seller)
        self.assertEqual(dossier.shareholders, "远航控股")
        fact = dossier.fact_ids
        self.assertEqual(fact.information, "明年二季度新建第三车间")
        self.assertTrue(fact.is_major)
        # told at once
        self.assertEqual(dossier.activity_ids.user_id, self.supervisor)

        self._go(self.supervisor, "/odoo/archive-approvals", "refuse")
        self.assertEqual(dossier.state, "draft")
        self.assertEqual(dossier.refusal_reason, "请补开户行与账号")

        self._go(self.seller, "/odoo/my-customers", "mend")
        self.assertEqual(dossier.state, "review")
        self.assertEqual(dossier.bank_account, "4567 0001")

        self._go(self.supervisor, "/odoo/archive-approvals", "approve")
        self.assertEqual(dossier.state, "filed")
        self.assertEqual(dossier.verified_by_id, self.supervisor)
        decisions = dossier.approval_ids.decision_ids
        self.assertEqual(
            [
                (decision.decision, decision.comment)
                for decision in decisions.sorted("id")
            ],
            [("refused", "请补开户行与账号"), ("approved", "已核实")],
        )

        self._go(self.keeper, "/odoo/archive-incoming", "incoming")
        call = dossier.fact_ids - fact
        self.assertEqual(call.information, "来电询问交货期")
        self.assertEqual(call.user_id, self.keeper)
        self._go(self.keeper, "/odoo/customer-dossiers", "register")
        self._assert_printed(dossier)

    def _assert_printed(self, dossier):
        """What the print menu fetches is the form, with what was entered today."""
        self.authenticate(self.keeper.login, self.keeper.login)
        url = f"/report/pdf/customer_archive.customer_record/{dossier.id}"
        answer = self.url_open(url)
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        text = "".join(read_pages(answer.content))
        for written in (dossier.number, dossier.bank_account, "苏州远航", "远航控股"):
            self.assertIn(squash(written), text)
