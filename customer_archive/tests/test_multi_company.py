from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ITEMS, ArchiveCommon


@tagged("post_install", "-at_install", "customer_archive_security")
class TestMultiCompany(ArchiveCommon):
    """Row 45: the company is a limit that no group widens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.home, cls.abroad = cls.companies["home"], cls.companies["abroad"]
        cls.both = cls.users["manager"]
        cls.both.company_ids = cls.home + cls.abroad
        cls.customer = cls.customers["nobody"]
        cls.second = cls.env["customer.dossier"].create(
            {"partner_id": cls.customer.id, "company_id": cls.abroad.id}
        )

    def _as(self, model_name, *companies):
        ids = [company.id for company in companies]
        return self.as_role("manager", model_name, allowed_company_ids=ids)

    def test_one_dossier_in_each_company(self):
        """S2-30: the customer is shared, its dossiers are not."""
        with self.assertRaisesRegex(UserError, "on file already"):
            self._as("customer.dossier", self.abroad).create(
                {"partner_id": self.customer.id}
            )

    def test_companies_chosen_decide(self):
        for companies in ((self.home,), (self.abroad,), (self.home, self.abroad)):
            ids = [company.id for company in companies]
            found = self._as("customer.dossier", *companies).search([])
            self.assertEqual(set(found.company_id.ids), set(ids))
            for name in ITEMS:
                items = self._as(name, *companies).search([])
                self.assertLessEqual(set(items.dossier_id.company_id.ids), set(ids))

    def test_contact_shows_dossier_of_the_current_company(self):
        """The same contact, in the same transaction, for each company."""
        first = self.dossiers["nobody"]
        for companies, dossier in (
            ((self.home, self.abroad), first),
            ((self.abroad, self.home), self.second),
            ((self.abroad,), self.second),
            ((self.home,), first),
        ):
            contact = self._as("res.partner", *companies).browse(self.customer.id)
            self.assertEqual(contact.dossier_id.id, dossier.id)
            self.assertEqual(contact.dossier_number, dossier.number)

    def test_searching_contacts_follows_the_current_company(self):
        domain = [
            ("dossier_id.number", "=", self.second.number),
            ("is_company", "=", True),
        ]
        self.assertFalse(self._as("res.partner", self.home).search(domain))
        self.assertEqual(
            self._as("res.partner", self.abroad).search(domain).ids, self.customer.ids
        )

    def test_forged_companies_are_refused(self):
        dossiers = self.as_role(
            "keeper", "customer.dossier", allowed_company_ids=self.abroad.ids
        )
        with self.assertRaises(AccessError):
            dossiers.search([])

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_other_company_is_closed_to_writing(self):
        dossier = self.dossiers["south"].with_user(self.users["keeper"])
        with self.assertRaises(AccessError):
            dossier.company_id = self.abroad
        with self.assertRaises(AccessError):
            dossier.create(
                {
                    "partner_id": self.env["res.partner"].create({"name": "New"}).id,
                    "company_id": self.abroad.id,
                }
            )

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_contact_of_another_company_is_not_read_through_a_dossier(self):
        """A contact is as open here as it is among the contacts."""
        contact = self.env["res.partner"].create(
            {"name": "Far", "email": "far@away", "company_id": self.abroad.id}
        )
        persons = self.as_role("owner", "customer.key.person")
        vals = {"dossier_id": self.dossiers["own"].id, "partner_id": contact.id}
        with self.assertRaises(UserError):
            persons.create(vals)
        with self.assertRaises(AccessError):
            persons.onchange(vals, ["partner_id"], {"email": {}, "phone": {}})
        dossiers = self.as_role("owner", "customer.dossier")
        with self.assertRaises(AccessError):
            dossiers.onchange(
                {"partner_id": contact.id}, ["partner_id"], {"partner_email": {}}
            )

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.sql_db")
    def test_dossier_of_another_company_is_not_told(self):
        """Number and keeper are known inside the company, not beyond it."""
        self.second.keeper_id = self.users["foreign_keeper"]
        with self.assertRaises(Exception) as refused:  # noqa: B017 - any refusal
            self.as_role("keeper", "customer.dossier").create(
                {"partner_id": self.customer.id, "company_id": self.abroad.id}
            )
        self.assertNotIn(self.second.number, str(refused.exception))
        self.assertNotIn("Foreign", str(refused.exception))
