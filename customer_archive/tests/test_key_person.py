from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon


@tagged("post_install", "-at_install")
class TestKeyPerson(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env, "person_seller", groups="customer_archive.group_archive_user"
        )
        cls.customers = cls.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in ("Tea House", "Mill")]
        )
        cls.contacts = cls.env["res.partner"].create(
            [
                {"name": name, "parent_id": cls.customers[0].id, "function": "Buyer"}
                for name in ("Li", "Wang", "Zhao")
            ]
        )
        cls.dossiers = (
            cls.env["customer.dossier"]
            .with_user(cls.seller)
            .create([{"partner_id": partner.id} for partner in cls.customers])
        )

    def _add(self, contact, **vals):
        dossier = vals.pop("dossier", self.dossiers[0])
        return (
            self.env["customer.key.person"]
            .with_user(self.seller)
            .create({"dossier_id": dossier.id, "partner_id": contact.id, **vals})
        )

    def test_codes_of_the_annexes(self):
        """S0-11, S1-38, S1-39: blocks, states of the relation, parts in a purchase."""
        codes = {
            "capacity": ["legal_representative", "principal", "main_contact", "other"],
            "rank": ["staff", "manager", "director", "executive"],
            "buying_role": [
                "decision_maker",
                "adviser",
                "user",
                "blocker",
                "supporter",
            ],
            "attitude": ["positive", "neutral", "negative", "none"],
        }
        fields = self.env["customer.key.person"]._fields
        for name, expected in codes.items():
            with self.subTest(field=name):
                found = [code for code, _label in fields[name].selection]
                self.assertEqual(found, expected)

    def test_personal_page(self):
        """S0-11, S1-35, S1-36: the fields of annex 2, and the home phone."""
        page = {
            "birth_date": "1970-02-03",
            **{
                name: f"Text of {name}"
                for name in (
                    "hobbies birth_place native_place journals degree family school "
                    "associations career education mobile_phone home_phone"
                ).split()
            },
        }
        person = self._add(self.contacts[0], **page)
        self.env.invalidate_all()
        for name, value in page.items():
            with self.subTest(field=name):
                self.assertEqual(str(person[name]), value)
        self.assertEqual(person.function, "Buyer")

    def test_part_in_a_purchase(self):
        """S1-37, S1-39: role, concerns and our people who know the person."""
        person = self._add(
            self.contacts[0],
            buying_role="decision_maker",
            attitude="positive",
            concerns="Delivery in spring",
            liaison_ids=[Command.set(self.seller.ids)],
        )
        found = person.search([("liaison_ids", "in", self.seller.ids)])
        self.assertEqual(found, person)
        self.assertEqual(person.display_name, "Li")

    def test_superior_stands_in_the_same_dossier(self):
        boss = self._add(self.contacts[0])
        clerk = self._add(self.contacts[1], superior_id=boss.id)
        self.assertEqual(boss.subordinate_ids, clerk)
        stranger = self._add(self.contacts[2], dossier=self.dossiers[1])
        with self.assertRaisesRegex(ValidationError, "same dossier"):
            clerk.superior_id = stranger

    def test_nobody_reports_in_a_circle(self):
        boss = self._add(self.contacts[0])
        clerk = self._add(self.contacts[1], superior_id=boss.id)
        with self.assertRaisesRegex(ValidationError, "circle"):
            boss.superior_id = clerk
