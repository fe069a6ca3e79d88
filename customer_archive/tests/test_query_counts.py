from lxml import etree

from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon

from .common import ARCHIVE, CONTACTS

ROLES = {
    "salesperson": f"{CONTACTS},{ARCHIVE}user",
    "supervisor": f"{CONTACTS},{ARCHIVE}supervisor",
    "manager": f"{CONTACTS},{ARCHIVE}manager",
    "keeper": f"{CONTACTS},{ARCHIVE}keeper",
}
EMPLOYEE = {"employee": CONTACTS}

CUSTOMERS = "customer_archive.res_partner_view_list_customers"


@tagged("post_install", "-at_install")
class TestQueryCounts(BaseCommon):
    """What is shown together is read together, for every role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(cls.env, f"count_{role}", groups=groups)
            for role, groups in (ROLES | EMPLOYEE).items()
        }
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Counted",
                "user_id": cls.users["supervisor"].id,
                "member_ids": [Command.set(cls.users["salesperson"].ids)],
            }
        )
        cls.partners = cls.env["res.partner"].create(
            [
                {"name": f"Counted customer {i:03}", "is_company": True}
                for i in range(90)
            ]
        )
        cls.contacts = cls.env["res.partner"].create(
            [{"name": f"Counted contact {i}"} for i in range(50)]
        )

    def _prepare_vals(self, partner, size):
        return {
            "partner_id": partner.id,
            "user_id": self.users["salesperson"].id,
            "tier_id": self.env.ref("customer_archive.customer_tier_a").id,
            "person_ids": [
                Command.create(
                    {
                        "partner_id": contact.id,
                        "capacity": "main_contact",
                        "liaison_ids": [Command.set(self.users["salesperson"].ids)],
                    }
                )
                for contact in self.contacts[:size]
            ],
            "transaction_ids": [
                Command.create(
                    {
                        "name": str(i),
                        "date": f"2026-01-{1 + i % 28:02}",
                        "amount": 1 + i,
                    }
                )
                for i in range(size)
            ],
            "yearly_figure_ids": [
                Command.create({"year": 1950 + i}) for i in range(size)
            ],
        }

    def _count(self, function):
        """Queries of ``function`` once what Odoo keeps in memory is warm."""
        for _run in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            function()
            self.env.flush_all()
            count = self.env.cr.sql_log_count - before
        return count

    def _assert_same_count(self, few, many):
        expected = self._count(few)
        self.assertTrue(expected)
        self._count(many)
        self.env.invalidate_all()
        with self.assertQueryCount(expected):
            many()

    def _make_opening(self, role, size):
        """Function that opens a dossier with so many items, and takes it back."""
        dossiers = self.env["customer.dossier"].with_user(self.users[role])

        def opening():
            with self.env.cr.savepoint(flush=False) as savepoint:
                dossiers.create(self._prepare_vals(self.partners[0], size))
                self.env.flush_all()
                savepoint.rollback()
            self.env.invalidate_all(flush=False)

        return opening

    def _get_specification(self, model, view_name=None):
        """The columns of the list, or of that view of it, as its user gets them."""
        view_id = view_name and self.env.ref(view_name).id
        arch = model.get_views([(view_id, "list")])["views"]["list"]["arch"]
        specification = {}
        for node in etree.fromstring(arch).iter("field"):
            is_relation = model._fields[node.get("name")].relational
            specification[node.get("name")] = (
                {"fields": {"display_name": {}}} if is_relation else {}
            )
        return specification

    def _assert_page_costs_the_same(self, model, domain, view_name=None):
        specification = self._get_specification(model, view_name)

        def make_page(size):
            def page():
                found = model.web_search_read(domain, specification, limit=size)
                self.assertEqual(len(found["records"]), size)

            return page

        self._assert_same_count(make_page(10), make_page(80))

    def test_opening_a_dossier_with_many_items(self):
        """S0-11, S0-14: 50 persons and transactions are written like one."""
        for role in ROLES:
            with self.subTest(role=role):
                self._assert_same_count(
                    self._make_opening(role, 1), self._make_opening(role, 50)
                )

    def test_form_of_a_dossier_with_many_items(self):
        """S0-9 to S0-14: the form with 50 persons and transactions reads like one."""
        opened = self.env["customer.dossier"].create(
            [
                self._prepare_vals(self.partners[0], 1),
                self._prepare_vals(self.partners[1], 50),
            ]
        )
        for role in ROLES:
            with self.subTest(role=role):
                dossiers = self.env["customer.dossier"].with_user(self.users[role])
                # each on its own, lest the one be read along with the other
                few, many = (dossiers.browse(dossier.id) for dossier in opened)
                self.assertEqual(Form(many).person_count, 50)
                self._assert_same_count(lambda d=few: Form(d), lambda d=many: Form(d))

    def test_page_of_contacts_with_dossier_columns(self):
        """S2-20: a long page of contacts asks the archive no more than a short one."""
        self.env["customer.dossier"].create(
            [self._prepare_vals(partner, 0) for partner in self.partners]
        )
        domain = [("id", "in", self.partners.ids)]
        for role in ROLES | EMPLOYEE:
            with self.subTest(role=role):
                contacts = self.env["res.partner"].with_user(self.users[role])
                self.assertIn(
                    "dossier_tier_id", self._get_specification(contacts, CUSTOMERS)
                )
                for view_name in (None, CUSTOMERS):
                    self._assert_page_costs_the_same(contacts, domain, view_name)

    def test_page_of_the_register(self):
        """S0-23: a long page of the register costs no more than a short one."""
        opened = self.env["customer.dossier"].create(
            [self._prepare_vals(partner, 1) for partner in self.partners]
        )
        for role in ROLES:
            with self.subTest(role=role):
                dossiers = self.env["customer.dossier"].with_user(self.users[role])
                self._assert_page_costs_the_same(dossiers, [("id", "in", opened.ids)])
