import base64
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon

from . import form_files as files

GROUP = "customer_archive.group_archive_"


@tagged("post_install", "-at_install")
class TestContents(BaseCommon):
    """What a dossier is made of, by whom, and who finds it there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.users = {
            name: new_test_user(
                cls.env,
                f"contents_{name}",
                groups=f"base.group_partner_manager,{GROUP}{group}",
                lang="en_US",
            )
            for name, group in (
                ("seller", "user"),
                ("colleague", "user"),
                ("leader", "supervisor"),
                ("other_leader", "supervisor"),
                ("manager", "manager"),
                ("keeper", "keeper"),
            )
        }
        cls.seller = cls.users["seller"]
        cls.env["crm.team"].create(
            {
                "name": "North",
                "user_id": cls.users["leader"].id,
                "member_ids": [Command.set(cls.seller.ids)],
            }
        )
        cls.customer = cls.env["res.partner"].create(
            {"name": "Zebra Mill", "is_company": True}
        )
        cls.contact = cls.env["res.partner"].create(
            {"name": "Li", "parent_id": cls.customer.id}
        )
        dossiers = cls.env["customer.dossier"].with_user(cls.seller)
        cls.dossier = dossiers.create(
            {
                "partner_id": cls.customer.id,
                "keeper_id": cls.users["keeper"].id,
                "main_business": "Zebra rollers",
            }
        )

    def _as(self, name):
        return self.dossier.with_user(self.users[name])

    def test_all_that_counts_as_information_has_its_place_on_the_form(self):
        # S1-6: strategy, basics, key persons, purchasing process, demand plan
        with Form(self.dossier) as form:
            form.founding_date = "1990-01-02"
            form.business_policy = "Grow abroad"
            form.purchasing_process = "Workshop asks, board decides"
            form.demand_plan = "A third line in 2027"
            form.strategy = "Be early"
            with form.person_ids.new() as person:
                person.partner_id = self.contact
                person.buying_role = "decision_maker"
        # the personal data of who decides
        with Form(self.dossier.person_ids) as page:
            page.birth_date = "1970-02-03"
            page.career = "Engineer, then director"
        # market, organisation, plans: what we know and what it means for us
        topics = {
            "market": "Prices fall",
            "organisation": "Two plants",
            "plans": "Go public",
            "investment": "New line",
        }
        self.env["customer.fact"].with_user(self.seller).create(
            [
                {
                    "dossier_id": self.dossier.id,
                    "topic": topic,
                    "information": text,
                    "implication": f"{text}, so call",
                }
                for topic, text in topics.items()
            ]
        )
        self.env.invalidate_all()
        read = self._as("manager")
        self.assertEqual(read.purchasing_process, "Workshop asks, board decides")
        self.assertEqual(read.demand_plan, "A third line in 2027")
        self.assertEqual(read.person_ids.career, "Engineer, then director")
        for text in topics.values():
            self.assertIn(text, read.insight_sheet)
            self.assertIn(f"{text}, so call", read.insight_sheet)

    def test_change_goes_by_the_standard_form_and_is_in_the_dossier_at_once(self):
        # S1-16: reported on the form, entered by reading it in, kept as a change
        form = files.FormFile(files.filled(self.dossier))
        form.put("附加业务", "Repairs")
        content = base64.b64encode(form.save())
        upload = self.env["customer.form.import"].with_user(self.seller)
        upload = upload.create(
            {"file_ids": [Command.create({"name": "form.xlsx", "content": content})]}
        )
        upload.action_check()
        upload.action_apply()
        self.assertEqual(self.dossier.side_business, "Repairs")
        [change] = self.dossier.change_ids.filtered(
            lambda line: line.field_name == "side_business"
        )
        self.assertEqual(change.create_uid, self.seller)
        # what is reported late is seen
        fact = self.env["customer.fact"].with_user(self.seller)
        fact = fact.create(
            {
                "dossier_id": self.dossier.id,
                "information": "Moved",
                "learned_date": fields.Date.today() - timedelta(days=9),
            }
        )
        self.assertEqual(fact.entry_state, "breach")

    def test_parties_concerned_query_the_dossier(self):
        # S1-18: owner, his superior, the head and the archivist; nobody else
        domains = (
            [("number", "=", self.dossier.number)],
            [("partner_name", "ilike", "zebra")],
            [("main_business", "ilike", "zebra roll")],
        )
        for name, expected in (
            ("seller", self.dossier),
            ("leader", self.dossier),
            ("manager", self.dossier),
            ("keeper", self.dossier),
            ("colleague", self.dossier.browse()),
            ("other_leader", self.dossier.browse()),
        ):
            dossiers = self.env["customer.dossier"].with_user(self.users[name])
            for domain in domains:
                with self.subTest(name, domain=domain):
                    self.assertEqual(dossiers.search(domain), expected)

    def test_three_records_and_a_check_before_use(self):
        # S2-10: basic, purchase and communication records; verified by a name
        dossier = self._as("seller")
        dossier.write({"founding_date": "1990-01-02"})
        dossier.transaction_ids = [
            Command.create({"name": "PO-1", "date": "2026-01-02", "amount": 10.0})
        ]
        call = self.env["customer.intake"].with_user(self.users["keeper"])
        call = call.create(
            {
                "name": "Call",
                "partner_id": self.contact.id,
                "dossier_id": dossier.id,
                "text": "Asks for rollers",
            }
        )
        call.action_file_fact()
        self.assertEqual(dossier.trade_amount, 10.0)
        self.assertIn("Asks for rollers", dossier.fact_ids.information)
        dossier.sudo().last_update_date = "2026-01-02"
        self._as("leader").action_confirm_current()
        [check] = dossier.change_ids.filtered(
            lambda line: line.field_name == "last_update_date"
        )
        self.assertEqual(check.create_uid, self.users["leader"])
        self.assertEqual(check.new_value, str(fields.Date.today()))

    def test_who_writes_who_verifies_who_coordinates(self):
        # S2-31: the department writes and checks itself, its head verifies,
        # the archivist hands customers and posts out
        dossier = self._as("seller")
        missing = dossier.missing_codes
        self.assertIn("/bank_name/", missing)
        dossier.bank_name = "Bank of the Mill"
        self.assertNotIn("/bank_name/", dossier.missing_codes)
        dossier.action_submit()
        self._as("leader").action_approve()
        self.assertEqual(dossier.verified_by_id, self.users["leader"])
        dossiers = self._as("keeper")
        dossiers.user_id = self.users["colleague"]
        self.assertTrue(self._as("colleague").has_access("write"))
        self.assertFalse(self._as("seller").has_access("read"))

    def test_gained_by_visit_by_form_and_by_survey(self):
        # S2-54: and counted by it
        facts = self.env["customer.fact"].with_user(self.seller)
        channels = ("visit", "form", "agency")
        facts.create(
            [
                {
                    "dossier_id": self.dossier.id,
                    "information": channel,
                    "source_channel": channel,
                }
                for channel in channels
            ]
        )
        groups = facts._read_group(
            [("dossier_id", "=", self.dossier.id)], ["source_channel"], ["__count"]
        )
        self.assertEqual(dict(groups), dict.fromkeys(channels, 1))

    def test_customer_data(self):
        # S4-1: contact and qualification data, orders, terms, analyses and the
        # record of updates
        dossier = self._as("seller")
        dossier.write(
            {
                "partner_phone": "0512 1",
                "registered_capital": 5000.0,
                "company_nature": "listed",
                "trade_terms": "Frame contract until 2028",
                "transaction_ids": [
                    Command.create(
                        {"name": "PO-1", "date": "2026-01-02", "amount": 10.0}
                    )
                ],
                "yearly_figure_ids": [Command.create({"year": 2026, "revenue": 90.0})],
            }
        )
        self.env.invalidate_all()
        read = self._as("manager")
        self.assertEqual(read.partner_phone, "0512 1")
        self.assertEqual(read.registered_capital, 5000.0)
        self.assertEqual(read.trade_terms, "Frame contract until 2028")
        self.assertEqual(read.yearly_figure_ids.trade_amount, 10.0)
        self.assertLessEqual(
            {"registered_capital", "company_nature", "trade_terms"},
            set(read.change_ids.mapped("field_name")),
        )

    def test_one_system_for_all_records(self):
        # S4-10: from the contact to the one dossier, and from it to all that
        # hangs there, whatever addon brought it
        customer = self.contact.with_user(self.seller)
        action = customer.action_open_dossier()
        self.assertEqual(action["res_id"], self.dossier.id)
        reached, left = set(), ["customer.dossier"]
        while left:
            fields = self.env[left.pop()]._fields.values()
            items = {f.comodel_name for f in fields if f.type == "one2many"}
            left += items & set(self.dossier._get_item_names()) - reached
            reached |= items
        # a print on its way is the reader's own, and goes again
        own = {"customer.volume.print"}
        self.assertLessEqual(set(self.dossier._get_item_names()) - own, reached)
