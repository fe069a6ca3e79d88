"""Another department borrows a dossier, in the browser, in Chinese."""

from odoo.tests import HttpCase, new_test_user, tagged

from .security_common import ROLES

PEOPLE = {"employee": "孙磊", "service": "赵敏", "keeper": "赵静"}


@tagged("post_install", "-at_install")
class TestBorrowTour(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.people = {
            role: new_test_user(
                cls.env,
                f"security_borrow_{role}",
                groups=f"base.group_user,base.group_partner_manager,{ROLES[role]}",
                name=name,
                lang="zh_CN",
                tz="Asia/Shanghai",
            )
            for role, name in PEOPLE.items()
        }
        customer = cls.env["res.partner"].create(
            {"name": "苏州远航精密机械有限公司", "is_company": True}
        )
        cls.dossier = cls.env["customer.dossier"].create(
            {
                "partner_id": customer.id,
                "keeper_id": cls.people["keeper"].id,
                "tier_id": cls.env.ref("customer_archive.customer_tier_b").id,
                "state": "filed",
            }
        )

    def _go(self, role, url, tour):
        self.start_tour(
            url, f"customer_archive_borrow_{tour}", login=self.people[role].login
        )
        self.env.invalidate_all()

    def test_a_dossier_is_lent_read_and_given_back(self):
        # S0-26 S3-10 S3-12 S3-13
        dossier = self.dossier.with_user(self.people["employee"])
        action = "/odoo/action-customer_archive"
        self.assertFalse(dossier.has_access("read"))
        self._go("employee", f"/odoo/contacts/{self.dossier.partner_id.id}", "ask")
        self.assertFalse(dossier.has_access("read"))
        self._go("service", f"{action}.customer_approval_action", "approve")
        self.assertTrue(dossier.has_access("read"))
        mine = f"{action}_security.customer_loan_action_mine"
        self._go("employee", mine, "read")
        self.assertFalse(dossier.has_access("read"))
        loan = self.env["customer.loan"].search([("dossier_id", "=", dossier.id)])
        self.assertEqual(loan.state, "returned")
