import re
from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.common import BaseCommon


@tagged("post_install", "-at_install")
class TestDossier(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env,
            "dossier_seller",
            groups="customer_archive.group_archive_user,base.group_partner_manager",
        )
        cls.leader = new_test_user(
            cls.env,
            "dossier_leader",
            groups="customer_archive.group_archive_supervisor",
        )
        cls.keeper = new_test_user(
            cls.env,
            "dossier_keeper",
            groups="customer_archive.group_archive_keeper,base.group_partner_manager",
        )
        cls.team = cls.env["crm.team"].create(
            {
                "name": "North",
                "user_id": cls.leader.id,
                "member_ids": [Command.set(cls.seller.ids)],
            }
        )
        cls.customers = cls.env["res.partner"].create(
            [{"name": f"Customer {i}", "is_company": True} for i in range(3)]
        )
        cls.contact = cls.env["res.partner"].create(
            {"name": "Ann", "parent_id": cls.customers[0].id}
        )
        cls.dossiers = cls.env["customer.dossier"].with_user(cls.seller)
        cls.dossier = cls.dossiers.create({"partner_id": cls.customers[0].id})

    # Number and opening -------------------------------------------------

    def test_number_and_date_are_given_at_opening(self):
        """S0-9, S2-11: each dossier bears a number and the date of its opening."""
        self.assertTrue(self.dossier.number.startswith("KH"))
        self.assertEqual(self.dossier.open_date, date.today())
        self.assertEqual(self.dossier.display_name, f"{self.dossier.number} Customer 0")

    def test_company_changes_the_sequence(self):
        """S0-9: prefix and digits of the number are the company's to choose."""
        sequence = self.env.ref("customer_archive.ir_sequence_customer_dossier")
        sequence.write({"prefix": "NB-", "padding": 3, "number_next_actual": 41})
        opened = self.dossiers.create(
            [{"partner_id": partner.id} for partner in self.customers[1:]]
        )
        self.assertEqual(opened.mapped("number"), ["NB-041", "NB-042"])

    def test_sequences_without_gaps_and_by_year_work(self):
        """S0-9: whatever kind of sequence the company chose is followed."""
        sequence = self.env.ref("customer_archive.ir_sequence_customer_dossier")
        sequence.write({"implementation": "no_gap", "prefix": "G", "number_next": 7})
        first = self.dossiers.create({"partner_id": self.customers[1].id})
        sequence.write({"use_date_range": True, "prefix": "%(range_year)s-"})
        second = self.dossiers.create({"partner_id": self.customers[2].id})
        self.assertEqual(first.number, "G0000007")
        self.assertEqual(second.number, f"{date.today().year}-0000001")

    def test_archivist_alone_gives_a_number(self):
        """S2-11: the number of a paper dossier is taken over by the archivist."""
        with self.assertRaisesRegex(UserError, "by an archivist only"):
            self.dossier.number = "MINE"
        with self.assertRaisesRegex(UserError, "by an archivist only"):
            self.dossiers.create({"partner_id": self.customers[1].id, "number": "1"})
        self.dossier.with_user(self.keeper).number = "1987-12"
        self.assertEqual(self.dossier.number, "1987-12")

    def test_archivist_alone_takes_a_dossier_out_of_the_register(self):
        """S2-29: nobody else makes one disappear, or brings one back."""
        for user in (self.seller, self.leader):
            dossier = self.dossier.with_user(user).with_context(lang="en_US")
            self.assertTrue(dossier.fields_get(["active"])["active"]["readonly"])
            with self.assertRaisesRegex(UserError, "by an archivist only"):
                dossier.action_archive()
            with self.assertRaisesRegex(UserError, "by an archivist only"):
                dossier.create({"partner_id": self.customers[1].id, "active": False})
        dossier = self.dossier.with_user(self.keeper).with_context(lang="en_US")
        self.assertFalse(dossier.fields_get(["active"])["active"]["readonly"])
        dossier.action_archive()
        self.assertFalse(dossier.active)
        with self.assertRaisesRegex(UserError, "by an archivist only"):
            dossier.with_user(self.leader).action_unarchive()
        dossier.action_unarchive()
        self.assertTrue(dossier.active)

    def test_merge_is_not_written_by_hand(self):
        """S2-30: nobody gets round the one dossier by calling it merged."""
        other = self.dossiers.create({"partner_id": self.customers[1].id})
        with self.assertRaisesRegex(UserError, "merging their customers"):
            self.dossier.merged_into_id = other

    def test_company_without_sequence_is_told(self):
        self.env.ref("customer_archive.ir_sequence_customer_dossier").active = False
        with self.assertRaisesRegex(UserError, "no number sequence"):
            self.dossiers.create({"partner_id": self.customers[1].id})

    def test_owner_team_and_keeper_by_default(self):
        """S0-27, S1-1: the opener owns it, his team has it; an archivist keeps it."""
        self.assertEqual(self.dossier.user_id, self.seller)
        self.assertEqual(self.dossier.team_id, self.team)
        self.assertFalse(self.dossier.keeper_id)
        kept = self.dossiers.with_user(self.keeper).create(
            {"partner_id": self.customers[1].id}
        )
        self.assertFalse(kept.user_id)
        self.assertEqual(kept.keeper_id, self.keeper)

    # One for each customer ----------------------------------------------

    def test_one_dossier_for_each_customer(self):
        """S2-30: one independent dossier per customer; S4-27: number and keeper."""
        self.dossier.keeper_id = self.keeper
        self.dossier.strategy = "Undercut them"
        with self.assertRaises(UserError) as refused:
            self.dossiers.with_user(self.leader).create(
                {"partner_id": self.customers[0].id}
            )
        message = str(refused.exception)
        self.assertIn(self.dossier.number, message)
        self.assertIn(self.keeper.name, message)
        self.assertNotIn("Undercut", message)

    def test_database_holds_one_dossier_for_each_customer(self):
        """S2-30: even past the ORM's own check there is no second one."""
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env.cr.execute(
                "INSERT INTO customer_dossier (partner_id, company_id, state)"
                " VALUES (%s, %s, 'draft')",
                (self.customers[0].id, self.dossier.company_id.id),
            )

    def test_no_dossier_for_a_contact_of_a_customer(self):
        """S0-2: the dossier is the customer's, not a contact's."""
        with self.assertRaisesRegex(ValidationError, "Customer 0 instead of"):
            self.dossiers.create({"partner_id": self.contact.id})

    def test_button_on_contact_opens_or_starts(self):
        opened = self.contact.with_user(self.seller).action_open_dossier()
        self.assertEqual(opened["res_id"], self.dossier.id)
        started = self.customers[1].with_user(self.seller).action_open_dossier()
        self.assertFalse(started["res_id"])
        form = Form(self.dossiers.with_context(**started["context"]))
        self.assertEqual(form.save().partner_id, self.customers[1])

    def test_button_on_contact_names_keeper_of_a_hidden_dossier(self):
        """S4-27: who keeps the dossier, never what is in it."""
        self.dossier.sudo().user_id = False
        self.dossier.sudo().keeper_id = self.keeper
        with self.assertRaisesRegex(UserError, re.escape(self.keeper.name)):
            self.customers[0].with_user(self.seller).action_open_dossier()

    # States ---------------------------------------------------------------

    def test_way_through_the_states(self):
        """S2-1, S2-49: submitted by the owner, filed by his superior, closed."""
        self.dossier.action_submit()
        with self.assertRaisesRegex(UserError, "filed, closed or taken back"):
            self.dossier.state = "filed"
        superior = self.dossier.with_user(self.leader)
        superior.action_approve()
        self.assertEqual(self.dossier.state, "filed")
        with self.assertRaises(UserError):
            self.dossier.action_take_back()
        superior.action_close()
        superior.action_reopen()
        superior.action_take_back()
        self.dossier.action_return()
        self.assertEqual(self.dossier.state, "draft")

    def test_states_are_not_skipped(self):
        for state in ("filed", "closed", "destroyed"):
            with self.subTest(state=state), self.assertRaises(UserError):
                self.dossier.with_user(self.keeper).state = state

    def test_salesperson_opens_no_filed_dossier(self):
        """S2-1: a dossier is reviewed before it is in force."""
        vals = {"partner_id": self.customers[1].id, "state": "filed"}
        with self.assertRaises(UserError):
            self.dossiers.create(vals)
        filed = self.dossiers.with_user(self.keeper).create(vals)
        self.assertEqual(filed.state, "filed")

    def test_pipeline_shows_empty_columns_but_not_destroyed(self):
        dossiers = self.dossiers.with_context(read_group_expand=True)
        groups = dossiers.web_read_group([], ["state"], ["__count"])["groups"]
        self.assertEqual(
            [group["state"] for group in groups],
            ["draft", "review", "filed", "closed"],
        )

    def test_only_a_draft_can_be_deleted(self):
        """S2-29: nothing of importance is deleted."""
        kept = self.dossier.with_user(self.keeper)
        self.env["customer.transaction"].create(
            {"dossier_id": kept.id, "amount": 5, "date": "2026-01-05"}
        )
        kept.action_submit()
        with self.assertRaisesRegex(UserError, "Only a dossier still being collected"):
            kept.unlink()
        kept.action_return()
        kept.unlink()
        self.assertFalse(kept.exists())

    # Completeness ---------------------------------------------------------

    def test_completeness_counts_the_items_of_the_form(self):
        """S0-10 to S0-15, S1-22: what the form asks for is there, or is listed."""
        before = self.dossier.completeness
        self.assertIn("Bank Account", self.dossier.missing_items)
        self.assertIn("Main Contact", self.dossier.missing_items)
        self.dossier.bank_account = "6222 0001"
        self.dossier.person_ids = [
            Command.create({"partner_id": self.contact.id, "capacity": "main_contact"})
        ]
        self.assertGreater(self.dossier.completeness, before)
        self.assertNotIn("Bank Account", self.dossier.missing_items)
        self.assertNotIn("Main Contact", self.dossier.missing_items)

    def test_complete_dossier_misses_nothing(self):
        """S1-22: 100 % when every item of the form is filled in."""
        self.customers[0].write(
            {"street": "1 Long Street", "phone": "1234", "email": "a@example.com"}
        )
        persons = self.env["customer.key.person"]
        capacities = ["legal_representative", "principal", "main_contact"]
        self.dossier.write(
            {
                "founding_date": "1999-09-09",
                "registered_capital": 1e6,
                "shareholders": "Two brothers",
                "bank_name": "Bank",
                "bank_account": "1",
                "employee_count": 12,
                "company_nature": "private_limited",
                "industry_position": "medium",
                "main_business": "Tea",
                "credit_grade_id": self.env.ref(
                    "customer_archive.customer_credit_grade_a"
                ).id,
                "advantages": "Near",
                "disadvantages": "Dear",
                "yearly_figure_ids": [Command.create({"year": 2025, "revenue": 1})],
                "person_ids": [
                    Command.create({"partner_id": self.contact.id, "capacity": code})
                    for code in capacities
                ],
            }
        )
        self.assertEqual(self.dossier.completeness, 100)
        self.assertFalse(self.dossier.missing_items)
        persons.search([("dossier_id", "=", self.dossier.id)], limit=1).unlink()
        self.assertLess(self.dossier.completeness, 100)

    def test_where_the_customer_stands(self):
        """S0-20, S2-39, S2-52, S3-15: past or future; direct or not; who knows."""
        wanted = {
            "lifecycle": "future",
            "relation_type": "indirect",
            "preferences": "Tea, no calls on Monday",
            "intelligence_user_id": self.seller.id,
        }
        self.dossier.write(wanted)
        self.assertRecordValues(self.dossier, [wanted])
        found = self.dossiers.search([("lifecycle", "=", "future")])
        self.assertEqual(found, self.dossier)

    def test_dossier_for_every_new_customer(self):
        """S1-8, S3-6: potential customers get a true dossier too, in one form."""
        vals = {
            "partner_id": self.customers[1].id,
            "lifecycle": "future",
            "customer_class": "potential",
            "first_contact_date": "2026-01-05",
        }
        self.assertEqual(self.dossiers.create(vals).state, "draft")

    def test_contents_to_collect(self):
        """S0-4, S4-7: address, phone, site, business, position, culture, policy."""
        partner = {
            "street": "1 Long Street",
            "zip": "310000",
            "phone": "1",
            "city": "H",
        }
        self.customers[0].write({**partner, "website": "https://x.example"})
        self.dossier.write({"fax": "2", "culture": "c", "business_policy": "p"})
        self.assertRecordValues(
            self.dossier,
            [
                {
                    "partner_street": "1 Long Street",
                    "partner_zip": "310000",
                    "partner_phone": "1",
                    "partner_city": "H",
                    "partner_website": "https://x.example",
                    "fax": "2",
                    "culture": "c",
                    "business_policy": "p",
                }
            ],
        )

    def test_codes_of_the_form(self):
        """S0-12, S0-13, S4-4: the lists of the form, by the codes others rely on."""
        codes = {
            "company_nature": [
                "listed",
                "private_limited",
                "joint_venture",
                "foreign_owned",
                "state_owned",
            ],
            "industry_position": ["leader", "influential", "medium", "small", "other"],
            "customer_class": ["important", "stable", "general", "potential"],
            "state": ["draft", "review", "filed", "closed", "destroyed"],
        }
        for name, expected in codes.items():
            with self.subTest(field=name):
                selection = self.dossiers._fields[name].selection
                self.assertEqual([code for code, _label in selection], expected)

    def test_three_years_of_sales_results(self):
        """S0-13: the form has three yearly rows; each year once."""
        self.dossier.yearly_figure_ids = [
            Command.create({"year": year, "revenue": 10 * year})
            for year in (2023, 2024, 2025)
        ]
        # read anew, in their order, whatever else was computed on the way
        self.dossier.invalidate_recordset(["yearly_figure_ids"])
        self.assertEqual(
            self.dossier.yearly_figure_ids.mapped("year"), [2025, 2024, 2023]
        )
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.dossier.yearly_figure_ids = [Command.create({"year": 2024})]
            self.env.flush_all()

    def test_texts_of_the_four_groups(self):
        """S0-15, S2-53, S3-1: basics, features, business, dealings are kept."""
        texts = (
            "proprietor service_area sales_ability potential culture business_policy "
            "sales_record staff_quality competitor_relations our_relations "
            "cooperation_attitude trade_activity problems advantages disadvantages "
            "strategy reputation trade_terms credit_history note"
        ).split()
        self.dossier.write({name: f"About {name}" for name in texts})
        self.env.invalidate_all()
        for name in texts:
            with self.subTest(field=name):
                self.assertEqual(self.dossier[name], f"About {name}")
