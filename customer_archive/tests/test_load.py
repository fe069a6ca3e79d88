from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.common import BaseCommon

GROUP = "customer_archive.group_archive_"
CONTACTS = "base.group_user,base.group_partner_manager"
DOSSIER, PERSON, FACT = "customer.dossier", "customer.key.person", "customer.fact"


@tagged("post_install", "-at_install")
class TestLoad(BaseCommon):
    """Odoo's own import: names and numbers, and errors that name row and reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._new_user("load_seller", "user", name="Sam Seller")
        cls.other = cls._new_user("load_other", "user", name="Other Seller")
        cls.keeper = cls._new_user("load_keeper", "keeper", name="Kim Keeper")
        cls.mill, cls.tea, *cls.twins = cls.env["res.partner"].create(
            [
                {"name": name, "is_company": True}
                for name in ("Mill", "Tea House", "Twin", "Twin")
            ]
        )
        cls.li_at_tea, cls.li_at_mill = cls.env["res.partner"].create(
            [{"name": "Li Lei", "parent_id": one.id} for one in (cls.tea, cls.mill)]
        )
        cls.dossier = cls.env[DOSSIER].create(
            {
                "partner_id": cls.mill.id,
                "user_id": cls.seller.id,
                "keeper_id": cls.keeper.id,
            }
        )
        cls.env.flush_all()

    @classmethod
    def _new_user(cls, login, group, **vals):
        return new_test_user(
            cls.env, login, groups=f"{CONTACTS},{GROUP}{group}", lang="en_US", **vals
        )

    def load(self, model_name, fields, *rows, user=None):
        model = self.env[model_name].with_user(user or self.keeper)
        model = model.with_context(lang="en_US")
        result = model.load(list(fields), [list(row) for row in rows])
        return result["ids"], result["messages"]

    def check_refused(self, model_name, fields, *rows, errors, user=None):
        """Each error is told for its row, in words that match; nothing is kept."""
        model = self.env[model_name].with_context(active_test=False)
        before = model.search_count([])
        ids, messages = self.load(model_name, fields, *rows, user=user)
        self.assertFalse(ids)
        found = sorted((line["rows"]["from"], line["message"]) for line in messages)
        self.assertEqual([row for row, _text in found], [row for row, _text in errors])
        for (_row, message), (_number, text) in zip(found, errors, strict=True):
            self.assertIn(text, message)
        self.assertEqual({line["type"] for line in messages}, {"error"})
        self.env.invalidate_all()
        self.assertEqual(model.search_count([]), before)

    def test_dossier_by_names(self):
        self.env["res.partner"].create({"name": "Twin Sister", "is_company": True})
        ids, messages = self.load(
            DOSSIER,
            ("partner_id", "tier_id", "user_id", "customer_class", "founding_date"),
            ("Tea House", "A", "load_seller", "Important", "1999-01-31"),
            ("Twin Sister", "Tier B", "Other Seller", "general", ""),
        )
        self.assertFalse(messages)
        tea, twin = self.env[DOSSIER].browse(ids)
        self.assertEqual(tea.partner_id, self.tea)
        self.assertEqual((tea.tier_code, twin.tier_code), ("A", "B"))
        self.assertEqual((tea.user_id, twin.user_id), (self.seller, self.other))
        self.assertEqual(tea.customer_class, "important")
        self.assertEqual(str(tea.founding_date), "1999-01-31")

    def test_wrong_names_and_values(self):
        self.check_refused(
            DOSSIER,
            ("partner_id", "tier_id", "employee_count", "founding_date"),
            ("Tea House", "A", "10", ""),
            ("Nobody", "A", "10", ""),
            ("Tea House", "Z", "many", ""),
            ("Tea House", "", "", "2020-13-01"),
            errors=[
                (1, "No matching record found for name 'Nobody' in field 'Customer'"),
                (2, "'many' does not seem to be an integer for field 'Employees'"),
                (2, "No matching record found for name 'Z' in field 'Tier'"),
                (3, "'2020-13-01' does not seem to be a valid date"),
            ],
        )

    def test_name_of_two_is_an_error(self):
        """Odoo itself would take the first one, with a warning."""
        self.check_refused(
            DOSSIER,
            ("partner_id",),
            ("Tea House",),
            ("Twin",),
            errors=[(1, 'Found multiple matches for value "Twin"')],
        )

    def test_customer_on_file(self):
        """S4-27: number and keeper, for the right row, whoever imports."""
        message = f"dossier {self.dossier.number}, kept by Kim Keeper"
        for user in (self.keeper, self.other):
            self.check_refused(
                DOSSIER,
                ("partner_id",),
                ("Tea House",),
                ("Mill",),
                errors=[(1, message)],
                user=user,
            )

    @mute_logger("odoo.sql_db")
    def test_customer_twice_in_the_file(self):
        self.check_refused(
            DOSSIER,
            ("partner_id",),
            ("Tea House",),
            ("Tea House",),
            errors=[(1, "on file already")],
        )

    def test_contact_of_a_customer_gets_no_dossier(self):
        self.check_refused(
            DOSSIER,
            ("partner_id",),
            ("Tea House, Li Lei",),
            errors=[(0, "choose Tea House")],
        )

    def test_number_is_the_archivists(self):
        self.check_refused(
            DOSSIER,
            ("partner_id", "number"),
            ("Tea House", "OLD-1"),
            errors=[(0, "by an archivist only")],
            user=self.other,
        )
        ids, _messages = self.load(
            DOSSIER, ("partner_id", "number"), ("Tea House", "OLD-1")
        )
        self.assertEqual(self.env[DOSSIER].browse(ids).number, "OLD-1")

    def test_person_by_number_and_name(self):
        """The namesake at another customer is not taken for him."""
        fields = ("dossier_id", "partner_id", "capacity", "birth_date")
        for reference in (self.dossier.number, self.dossier.display_name, "Mill"):
            with self.subTest(dossier=reference):
                ids, messages = self.load(
                    PERSON,
                    fields,
                    (reference, "Li Lei", "Main Contact", "1970-01-02"),
                    (reference, "Mill, Li Lei", "principal", ""),
                    user=self.seller,
                )
                self.assertFalse(messages)
                persons = self.env[PERSON].browse(ids)
                self.assertEqual(persons.partner_id, self.li_at_mill)
                self.assertEqual(
                    persons.mapped("capacity"), ["main_contact", "principal"]
                )
                persons._strike_out("Once more")

    def test_wrong_persons(self):
        self.li_at_mill.copy({"name": "Han Mei", "parent_id": self.mill.id})
        self.li_at_mill.copy({"name": "Han Mei", "parent_id": self.mill.id})
        number = self.dossier.number
        self.check_refused(
            PERSON,
            ("dossier_id", "partner_id"),
            (number, "Li Lei"),
            (number, "Nobody"),
            (number, "Han Mei"),
            ("NONE-1", "Mill, Li Lei"),
            errors=[
                (1, "No matching record found for name 'Nobody' in field 'Contact'"),
                (2, "Found multiple matches"),
                (3, "No matching record found for name 'NONE-1' in field 'Dossier'"),
            ],
            user=self.seller,
        )

    def test_person_twice(self):
        """S0-11: a list imported again makes no second person of anybody."""
        fields = ("dossier_id", "partner_id", "capacity")
        row = (self.dossier.number, "Li Lei", "Principal")
        ids, messages = self.load(PERSON, fields, row, user=self.seller)
        self.assertFalse(messages)
        told = f"Li Lei is in dossier {self.dossier.number} already, as Principal."
        self.check_refused(PERSON, fields, row, errors=[(0, told)], user=self.seller)
        # in another block of the form he may stand too
        other = (self.dossier.number, "Li Lei", "Main Contact")
        self.assertFalse(self.load(PERSON, fields, other, user=self.seller)[1])
        person = self.env[PERSON].browse(ids)
        person._strike_out("Left")
        again, messages = self.load(PERSON, fields, row, user=self.seller)
        self.assertFalse(messages)
        with self.assertRaisesRegex(ValidationError, "already, as Principal"):
            person.with_context(lang="en_US").action_restore()
        self.assertTrue(self.env[PERSON].browse(again).active)

    def test_facts(self):
        person = self.env[PERSON].create(
            {"dossier_id": self.dossier.id, "partner_id": self.li_at_mill.id}
        )
        fields = (
            "dossier_id",
            "information",
            "topic",
            "source_level",
            "source_channel",
            "learned_date",
            "person_id",
        )
        row = (
            self.dossier.number,
            "They build",
            "Investment Plans",
            "3",
            "Online",
            "2026-01-02",
            "Li Lei",
        )
        ids, messages = self.load(FACT, fields, row, user=self.seller)
        self.assertFalse(messages)
        fact = self.env[FACT].browse(ids)
        self.assertEqual(fact.dossier_id, self.dossier)
        self.assertEqual(fact.person_id, person)
        self.assertEqual((fact.topic, fact.source_level), ("investment", "3"))

    def test_fact_of_a_person_elsewhere(self):
        tea = self.env[DOSSIER].create(
            {"partner_id": self.tea.id, "user_id": self.seller.id}
        )
        self.env[PERSON].create({"dossier_id": tea.id, "partner_id": self.li_at_tea.id})
        self.check_refused(
            FACT,
            ("dossier_id", "information", "person_id"),
            (self.dossier.number, "News", "Li Lei"),
            errors=[(0, "a person of the same dossier")],
            user=self.seller,
        )

    def test_hidden_dossier_takes_nothing(self):
        """Neither by number, nor by the id of the record."""
        for model_name, field, value in (
            (PERSON, "partner_id", "Mill, Li Lei"),
            (FACT, "information", "News"),
        ):
            with self.subTest(model=model_name):
                self.check_refused(
                    model_name,
                    ("dossier_id", field),
                    (self.dossier.number, value),
                    errors=[(0, "No matching record found")],
                    user=self.other,
                )
                self.check_refused(
                    model_name,
                    ("dossier_id/.id", field),
                    (str(self.dossier.id), value),
                    errors=[(0, "not open to you")],
                    user=self.other,
                )

    @mute_logger("odoo.sql_db")
    def test_year_twice(self):
        """What the database refuses is told in plain words, for its row."""
        self.check_refused(
            "customer.yearly.figure",
            ("dossier_id", "year", "revenue"),
            (self.dossier.number, "2024", "10"),
            (self.dossier.number, "2024", "11"),
            errors=[(1, "has figures of this year already")],
        )

    def test_names_found_in_a_search(self):
        """Numbers, names and codes find their record in any field of the screens."""
        cases = (
            (DOSSIER, self.dossier.number, self.dossier),
            (DOSSIER, "Mill", self.dossier),
            (DOSSIER, f"{self.dossier.number} Mill", self.dossier),
            ("customer.tier", "B", self.env.ref("customer_archive.customer_tier_b")),
        )
        for model_name, name, record in cases:
            found = self.env[model_name].name_search(name, operator="=")
            self.assertEqual([one for one, _name in found], record.ids, name)
