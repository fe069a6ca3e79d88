from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon

from ..models.customer_dossier_form import COUNTABLE_FIELDS

GROUP = "customer_archive.group_archive_user"


@tagged("post_install", "-at_install")
class TestFillIn(BaseCommon):
    """The dialog that asks for what is missing (S1-22)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env, "fill_seller", groups=f"{GROUP},base.group_partner_manager"
        )
        cls.reader = new_test_user(cls.env, "fill_reader", groups=GROUP)
        customers = cls.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in ("Mill", "Mine")]
        )
        cls.dossiers = cls.env["customer.dossier"].create(
            [
                {"partner_id": customer.id, "user_id": user.id}
                for customer, user in zip(
                    customers, cls.seller | cls.reader, strict=True
                )
            ]
        )

    def _get_form(self, view_name):
        view = self.env.ref(f"customer_archive.{view_name}")
        arch = self.env["customer.dossier"].get_view(view.id, "form")["arch"]
        return etree.fromstring(arch)

    def test_contact_data_is_written_on_the_contact_as_the_user(self):
        """S2-26: by whoever may change contacts, by nobody else."""
        industry = self.env["res.partner.industry"].create({"name": "Mining"})
        values = {
            "partner_street": "Long Road 1",
            "partner_phone": "0512 1",
            "industry_id": industry.id,
        }
        dossier = self.dossiers[0].with_user(self.seller)
        self.assertTrue(dossier.is_contact_writable)
        dossier.write(values)
        contact = dossier.partner_id
        self.assertEqual(contact.street, "Long Road 1")
        self.assertEqual(contact.phone, "0512 1")
        self.assertEqual(contact.industry_id, industry)
        dossier = self.dossiers[1].with_user(self.reader)
        self.assertFalse(dossier.is_contact_writable)
        dossier.strategy = "Wait"
        for name, value in values.items():
            with self.subTest(name), self.assertRaises(AccessError):
                dossier.write({name: value})
                self.env.flush_all()
        self.assertFalse(dossier.partner_id.sudo().phone)

    def test_dialog_has_a_place_for_all_that_can_be_asked_for(self):
        """S1-22: it asks for what was missing when opened, until it is saved."""
        dossier = self.dossiers[0].with_user(self.seller)
        codes = dossier.missing_codes
        self.assertTrue(codes)
        self.assertEqual(
            dossier.action_fill_missing()["context"]["missing_codes"], codes
        )
        form = self._get_form("customer_dossier_view_form_missing")
        for name in COUNTABLE_FIELDS:
            with self.subTest(name):
                [field] = form.xpath(f"//field[@name='{name}'][not(ancestor::field)]")
                self.assertIn(f"'/{name}/'", field.get("invisible"))
        # a date first would pop up its calendar
        first = form.xpath("//group/field")[0]
        self.assertEqual(
            (first.get("name"), first.get("readonly")), ("partner_id", "1")
        )

    def test_fact_is_logged_in_one_tap_on_a_phone(self):
        """S2-23: the button stands by itself there, whatever else the head holds."""
        form = self._get_form("customer_dossier_view_form")
        buttons = form.xpath("//sheet//button[@name='action_log_fact']")
        self.assertEqual(len(buttons), 1)
        self.assertIn("d-md-none", buttons[0].get("class").split())
