from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon

ARCHIVE = "customer_archive.group_archive_"


@tagged("post_install", "-at_install")
class TestCredit(BaseCommon):
    """Sales assists, the group named in the settings manages credit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(cls.env, "credit_seller", groups=f"{ARCHIVE}user")
        cls.finance = cls.env["res.groups"].create({"name": "Finance"})
        cls.auditor = new_test_user(
            cls.env, "credit_auditor", groups=f"{ARCHIVE}manager"
        )
        cls.auditor.group_ids += cls.finance
        cls.grades = cls.env["customer.credit.grade"].search([])
        cls.dossier = cls.env["customer.dossier"].create(
            {
                "partner_id": cls.env["res.partner"].create({"name": "Owing"}).id,
                "user_id": cls.seller.id,
            }
        )

    def _write_grade(self, user, index):
        self.dossier.with_user(user).credit_grade_id = self.grades[index]

    def test_whoever_keeps_the_dossier_where_nobody_is_named(self):
        self._write_grade(self.seller, 0)
        self.assertEqual(self.dossier.credit_grade_id, self.grades[0])

    def test_named_group_alone_grades(self):
        """S4-6: finance grades, sales reads and goes on with the rest."""
        admin = new_test_user(self.env, "credit_admin", groups=f"{ARCHIVE}admin")
        policies = self.env["customer.archive.policy"].with_user(admin)
        policies.create({"credit_group_id": self.finance.id})
        with self.assertRaisesRegex(UserError, "Finance"):
            self._write_grade(self.seller, 0)
        with self.assertRaisesRegex(UserError, "Finance"):
            self.dossier.with_user(self.seller).create(
                {
                    "partner_id": self.env["res.partner"].create({"name": "New"}).id,
                    "credit_history": "None known",
                }
            )
        self.dossier.with_user(self.seller).strategy = "Ask for advance payment"
        self._write_grade(self.auditor, 1)
        self.assertEqual(self.dossier.credit_grade_id, self.grades[1])
        # the one who grades is on record
        change = self.env["customer.change"].search(
            [
                ("dossier_id", "=", self.dossier.id),
                ("field_name", "=", "credit_grade_id"),
            ],
            limit=1,
        )
        self.assertEqual(change.create_uid, self.auditor)
