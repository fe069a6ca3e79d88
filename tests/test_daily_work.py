"""People outside the archive sell to and invoice customers on file as before."""

import json

from lxml import etree
from security_common import HIDDEN, SecurityCommon

from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.customer_archive.tests.common import CONTACTS

# those of the view itself, not of a list within it
FIELDS = "//field[not(ancestor::field)]/@name"
ROLES = ("employee", "exporter", "owner")


@tagged("post_install", "-at_install", "customer_archive_security")
class TestDailyWork(SecurityCommon):
    def _customer(self, role):
        partner = self.as_role(role, "res.partner").browse(self.targets.partner)
        self.env.invalidate_all()
        return partner

    def test_contact_form_and_list(self):
        """S2-20: every view opens, every value it asks for is readable, none tells."""
        views = [(False, kind) for kind in ("form", "list", "kanban", "search")]
        for role in ROLES:
            partners = self._customer(role)
            for view in partners.get_views(views)["views"].values():
                fields = etree.fromstring(view["arch"]).xpath(FIELDS)
                spec = {name: {} for name in (*fields, "name")}
                domain = [("name", "=", f"Customer {HIDDEN}")]
                found = partners.web_search_read(domain, spec)
                with self.subTest(role=role, view=view["id"]):
                    self.assertEqual(found["length"], 1)
                    self.assertNotIn("zq", json.dumps(found, default=str))

    def test_contact_is_edited(self):
        for role in ROLES:
            with Form(self._customer(role)) as form:
                form.street = f"Road of {role}"
            self.assertEqual(self._customer("manager").street, f"Road of {role}")
            contact = self.as_role(role, "res.partner").create(
                {"name": "New Person", "parent_id": self.targets.partner}
            )
            contact.unlink()

    def test_quotation_is_made_and_confirmed(self):
        for role in ROLES:
            order = Form(self.as_role(role, "sale.order"))
            order.partner_id = self._customer(role)
            with order.order_line.new() as line:
                line.product_id = line.product_id.browse(self.targets.product)
                line.product_uom_qty = 3
            order = order.save()
            order.action_confirm()
            self.assertEqual(order.state, "sale", role)
            self.assertEqual(order.amount_untaxed, 15, role)
            order.action_quotation_send()

    def test_invoice_is_made(self):
        for role in ROLES:
            invoice = self.as_role(role, "account.move").create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.targets.partner,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Bolts", "quantity": 2, "price_unit": 4}
                        )
                    ],
                }
            )
            self.assertEqual(invoice.amount_untaxed, 8, role)
            invoice.read(["partner_id", "amount_total", "commercial_partner_id"])

    def test_customer_is_found_and_exported(self):
        for role in ROLES:
            partners = self.as_role(role, "res.partner")
            customers = [("is_company", "=", True)]
            [(found, _name)] = partners.name_search(f"Customer {HIDDEN}", customers)
            self.assertEqual(found, self.targets.partner)
        partner = self._customer("exporter")
        rows = partner.export_data(["name", "dossier_number", "dossier_id/note"])
        self.assertEqual(rows["datas"], [[f"Customer {HIDDEN}", "", ""]])

    def test_groups_of_the_roles_are_realistic(self):
        """Else the work above would prove nothing."""
        employee = self.users["employee"]
        for name in (*CONTACTS.split(","), "account.group_account_invoice"):
            self.assertTrue(employee.has_group(name))
        self.assertFalse(employee.has_group("customer_archive.group_archive_user"))
