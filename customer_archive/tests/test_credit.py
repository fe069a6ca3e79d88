from unittest import SkipTest

from odoo.exceptions import UserError
from odoo.fields import Command
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


@tagged("post_install", "-at_install")
class TestCreditOfAccounting(BaseCommon):
    """Odoo's own limit follows; run in a database with accounting installed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create({"name": "Owing"})
        if "credit_limit" not in cls.partner:
            raise SkipTest("Odoo's accounting (account) is not installed")
        abroad = cls.env["res.company"].create({"name": "Abroad"})
        cls.companies = cls.env.company | abroad
        cls.seller = new_test_user(
            cls.env,
            "credit_feeder",
            groups=f"{ARCHIVE}user",
            company_ids=[Command.set(cls.companies.ids)],
        )
        cls.grade = cls.env["customer.credit.grade"].search([], limit=1)
        cls.grade.credit_limit = 5000
        cls.dossiers = {
            company: cls.env["customer.dossier"].create(
                {
                    "partner_id": cls.partner.id,
                    "company_id": company.id,
                    "user_id": cls.seller.id,
                }
            )
            for company in cls.companies
        }

    def limits(self):
        """Whether the contact has one of its own, and which, by company."""
        self.env.flush_all()
        self.env.invalidate_all()
        found = (self.partner.with_company(company) for company in self.companies)
        return [(p.use_partner_credit_limit, p.credit_limit) for p in found]

    def get_dossier(self, company):
        dossier = self.dossiers[company].with_user(self.seller)
        return dossier.with_context(allowed_company_ids=self.companies.ids)

    def test_the_contacts_limit_follows_in_its_company_alone(self):
        # S4-5
        none = (False, 0)
        self.assertEqual(self.limits(), [none, none])
        home, abroad = map(self.get_dossier, self.companies)
        home.credit_grade_id = self.grade
        # a grade proposes
        self.assertEqual(self.limits(), [none, none])
        home.action_take_proposal()
        self.assertEqual(self.limits(), [(True, 5000), none])
        abroad.credit_limit = 700
        self.assertEqual(self.limits(), [(True, 5000), (True, 700)])
        home.credit_limit = 0
        self.assertEqual(self.limits(), [none, (True, 700)])

    def test_whether_it_follows_is_a_setting(self):
        # S4-5
        company = self.companies[0]
        policies = self.env["customer.archive.policy"]
        policy = policies.search([("company_id", "=", company.id)])
        policy = policy or policies.create({"company_id": company.id})
        policy.is_credit_limit_fed = False
        self.get_dossier(company).credit_limit = 900
        self.assertEqual(self.limits()[0], (False, 0))
