from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .access_log_common import AccessLogCase

CONTENT = {"strategy": {}}
STUB = {
    "number": {},
    "partner_id": {"fields": {"display_name": {}}},
    "tier_id": {"fields": {"display_name": {}}},
    "keeper_id": {"fields": {"display_name": {}}},
    "user_id": {"fields": {"display_name": {}}},
    "team_id": {"fields": {"display_name": {}}},
    "state": {},
    "display_name": {},
    "completeness": {},
    "customer_class": {},
}


@tagged("post_install", "-at_install")
class TestAccessLog(AccessLogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dossier = cls.make("B", strategy="Wait")
        cls.other = cls.make("C", strategy="Hurry")
        cls.closed = cls.make("A", strategy="Hide")
        cls.person = cls.env["customer.key.person"].create(
            {
                "dossier_id": cls.dossier.id,
                "partner_id": cls.env["res.partner"].create({"name": "Li"}).id,
                "hobbies": "Chess",
            }
        )
        cls.both = cls.dossier | cls.other

    def by_owner(self, *dossiers, what):
        return {("owner", dossier.number, what) for dossier in dossiers}

    def test_what_was_asked_for_is_named_as_on_the_screens(self):
        # S2-43
        lines = self.env["customer.access.log"].with_context(lang="en_US")

        def name(details):
            return lines.new({"details": details}).asked

        self.assertEqual(
            name("customer.document: volume_id, dossier_id.user_id, of_old"),
            "Document: Volume, Dossier / Account Owner, of_old",
        )
        self.assertEqual(name("read customer.document"), "Read Document")
        self.assertEqual(name("print"), "Printed")
        self.assertFalse(name(False))

    # Granted ---------------------------------------------------------------

    def test_each_way_of_reading_leaves_its_row(self):
        """Whatever method brings content, and whatever is cached already."""
        # S2-43 S2-47 S4-21
        one = self.as_role("owner", self.dossier)
        both = self.as_role("owner", self.both)
        domain = [("id", "in", self.both.ids)]
        ways = {
            "read": (lambda: one.read(["strategy"]), "form"),
            "web_read": (lambda: one.web_read(CONTENT), "form"),
            "attribute": (lambda: one.strategy, "form"),
            "cached": (lambda: (one.sudo().strategy, one.web_read(CONTENT)), "form"),
            "everything": (lambda: one.read(), "form"),
            "computed": (lambda: one.web_read({"trade_amount": {}}), "form"),
            "lines": (
                lambda: one.web_read({"person_ids": {"fields": {"hobbies": {}}}}),
                "form",
            ),
            "onchange": (
                lambda: one.onchange({"note": "x"}, ["note"], {"strategy": {}}),
                "form",
            ),
            "pinned": (
                lambda: one.search_count(
                    [("id", "=", one.id), ("strategy", "=like", "W%")]
                ),
                "form",
            ),
            "pages": (lambda: both.web_search_read(domain, CONTENT), "list"),
            "search_read": (lambda: both.search_read(domain, ["strategy"]), "list"),
        }
        for name, (call, what) in ways.items():
            with self.subTest(name):
                self.forget()
                call()
                dossiers = self.both if what == "list" else self.dossier
                expected = self.by_owner(*dossiers, what=what)
                self.assertLessEqual(expected, self.told())

    def test_prints_and_exports(self):
        # S2-50
        policies = self.env["customer.archive.policy"]
        if not policies.search([("company_id", "=", self.env.company.id)]):
            policies.create({})
        dossiers = self.as_role("manager", self.both)
        dossiers._export_rows([["strategy"]])
        dossiers._on_taken_out("print")
        expected = {
            ("manager", dossier.number, what)
            for dossier in self.both
            for what in ("export", "print")
        }
        self.assertLessEqual(expected, self.told())
        self.forget()
        self.lend(self.closed, "owner", mode="read")
        with self.assertRaises(UserError):
            self.as_role("owner", self.closed)._on_taken_out("print")
        self.assertEqual(self.told(), self.by_owner(self.closed, what="denied"))

    def test_items_are_read_as_their_dossier(self):
        person = self.as_role("owner", self.person)
        person.web_read({"hobbies": {}})
        self.assertEqual(self.told(), self.by_owner(self.dossier, what="form"))

    def test_a_list_of_many_is_one_query_more(self):
        """Noting costs nothing but the one statement at the end."""
        dossiers = self.env["customer.dossier"].union(
            *(self.make("C", strategy="Many") for _i in range(20))
        )
        self.as_role("owner", dossiers).read(["strategy"])
        for records in (dossiers[:1], dossiers):
            self.forget()
            mine = self.as_role("owner", records)
            with self.assertQueryCount(6):
                mine.read(["strategy"])
            with self.assertQueryCount(1):
                self.log._write_pending()
            self.assertEqual(len(self.noted()), len(records))

    def test_groups_and_searches_by_content_name_the_question(self):
        # S2-47
        dossiers = self.as_role("manager", self.both)
        dossiers.formatted_read_group([], ["tier_id"], ["asset_amount:sum"])
        dossiers.search_count([("strategy", "ilike", "hurry")])
        lines = self.noted()
        self.assertEqual(
            {(line.what, line.details) for line in lines},
            {
                ("group", "customer.dossier: asset_amount"),
                ("search", "customer.dossier: strategy"),
            },
        )
        self.assertEqual(set(lines.mapped("dossier_res_id")), {0})

    def test_question_about_a_closed_dossier_is_no_look_at_it(self):
        dossiers = self.as_role("owner", self.env["customer.dossier"])
        ids = (self.dossier | self.closed).ids
        dossiers.search_count([("id", "in", ids), ("strategy", "=like", "H%")])
        self.assertEqual(self.told(), self.by_owner(self.dossier, what="form"))

    def test_search_through_a_contact_is_noted(self):
        partners = self.as_role("manager", self.env["res.partner"])
        partners.search_count([("dossier_id.strategy", "=like", "Wai%")])
        self.assertEqual(self.told(), {("manager", False, "search")})

    def test_stub_leaves_no_row(self):
        dossiers = self.as_role("owner", self.both)
        domain = [("id", "in", dossiers.ids), ("tier_id", "!=", False)]
        dossiers.web_search_read(domain, STUB)
        dossiers.web_read(STUB)
        dossiers.formatted_read_group(domain, ["tier_id"], ["__count"])
        self.assertTrue(dossiers[0].number)
        dossiers.partner_id.read(["name", "dossier_number", "dossier_tier_id"])
        self.assertFalse(self.noted())

    def test_superuser_code_leaves_no_row(self):
        self.as_role("owner", self.dossier).sudo().read(["strategy"])
        self.dossier.invalidate_recordset()
        self.dossier.read(["strategy"])
        self.assertFalse(self.noted())

    def test_one_row_per_slot_with_a_counter(self):
        for _time in range(3):
            self.as_role("owner", self.dossier).web_read(CONTENT)
            self.as_role("owner", self.dossier).web_read({"note": {}})
            self.log._write_pending()
        line = self.noted()
        self.assertEqual(len(line), 1)
        self.assertEqual(line.count, 3)
        self.assertEqual(line.dossier_res_id, self.dossier.id)
        self.assertEqual(line.customer_name, self.dossier.partner_id.name)
        self.assertEqual(line.channel, "other")
        self.assertEqual(line.slot.minute % 10, 0)

    def test_length_of_the_slot_is_a_setting(self):
        policy = self.env["customer.archive.policy"]
        policy = policy.search([("company_id", "=", self.env.company.id)], limit=1)
        policy = policy or policy.create({})
        policy.access_slot_minutes = 60
        policy.flush_recordset()
        self.as_role("owner", self.dossier).read(["strategy"])
        self.assertEqual(self.noted().slot.minute, 0)

    def test_purpose_and_loan_of_a_borrower(self):
        # S2-47 S3-12
        loan = self.lend(self.closed, "owner", purpose="Tender in May")
        self.as_role("owner", self.closed).read(["strategy"])
        line = self.noted()
        self.assertEqual(line.loan_id, loan)
        self.assertEqual(line.purpose, "Tender in May")

    # Denied ----------------------------------------------------------------

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_each_refusal_leaves_its_row(self):
        """Refused by a rule or for want of any right, reading or writing."""
        # S2-43 S2-47
        person = self.env["customer.key.person"].create(
            {"dossier_id": self.closed.id, "partner_id": self.person.partner_id.id}
        )
        ways = {
            "read": lambda own: own.read(["strategy"]),
            "web_read": lambda own: own.web_read(CONTENT),
            "attribute": lambda own: own.strategy,
            "write": lambda own: own.write({"strategy": "Mine"}),
            "unlink": lambda own: own.unlink(),
            "export": lambda own: own.export_data(["strategy"]),
        }
        for role in ("owner", "employee", "settings"):
            for name, call in ways.items():
                with self.subTest(role=role, way=name):
                    self.forget()
                    with self.assertRaises(UserError):
                        call(self.as_role(role, self.closed))
                    if name == "export":
                        continue  # nobody here may export at all
                    self.assertIn((role, self.closed.number, "denied"), self.told())
        for role in ("owner", "employee"):
            self.forget()
            with self.assertRaises(AccessError):
                self.as_role(role, person).read(["hobbies"])
            self.assertEqual(self.told(), {(role, self.closed.number, "denied")})
            self.assertIn("customer.key.person", self.noted().details)

    def test_looking_whether_it_is_open_is_no_attempt(self):
        self.assertFalse(self.as_role("owner", self.closed).has_access("read"))
        dossiers = self.as_role("owner", self.both | self.closed)
        self.assertEqual(dossiers._filtered_access("read"), dossiers - self.closed)
        self.assertFalse(self.noted())

    # Files -----------------------------------------------------------------

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_files_on_a_dossier(self):
        files = self.env["ir.attachment"].create(
            [
                {
                    "name": f"{dossier.number}.txt",
                    "raw": b"offer",
                    "res_model": dossier._name,
                    "res_id": dossier.id,
                }
                for dossier in (self.dossier, self.closed)
            ]
        )
        self.forget()
        self.assertEqual(self.as_role("owner", files[0]).raw, b"offer")
        self.assertEqual(self.told(), self.by_owner(self.dossier, what="file"))
        self.forget()
        with self.assertRaises(AccessError):
            self.as_role("owner", files[1]).read(["raw"])
        self.assertEqual(self.told(), self.by_owner(self.closed, what="denied"))

    # Cap -------------------------------------------------------------------

    def cap(self, rank, count):
        group = self.env.ref(f"customer_archive.group_archive_{rank}")
        caps = self.env["customer.access.cap"]
        caps.search([("group_id", "=", group.id)]).unlink()
        caps.create({"group_id": group.id, "dossier_count": count})

    def test_daily_cap_by_rank(self):
        # S2-43
        self.cap("user", 1)
        self.as_role("owner", self.dossier).read(["strategy"])
        self.log._write_pending()
        own = self.as_role("owner", self.dossier)
        self.assertEqual(own.read(["strategy"])[0]["strategy"], "Wait")
        for call in (
            lambda: self.as_role("owner", self.other).read(["strategy"]),
            lambda: self.as_role("owner", self.other).search_read([], ["strategy"]),
        ):
            with self.assertRaises(UserError) as refused:
                call()
            self.assertNotIsInstance(refused.exception, AccessError)
        self.assertIn(("owner", self.other.number, "denied"), self.told())
        # what he keeps writing is not lost, and stubs go on
        own.web_save({"strategy": "Still"}, CONTENT)
        self.as_role("owner", self.other).web_read(STUB)
        # and whom he finds himself he can open, and read again
        customer = self.env["res.partner"].create({"name": "New", "is_company": True})
        dossiers = self.as_role("owner", self.env["customer.dossier"])
        new = dossiers.browse().web_save({"partner_id": customer.id}, CONTENT)
        self.as_role("owner", dossiers.browse(new[0]["id"])).read(["strategy"])

    def test_most_generous_cap_counts(self):
        caps = self.env["customer.access.cap"]
        self.cap("user", 1)
        self.cap("supervisor", 2)
        self.assertEqual(caps._get_cap(self.users["owner"]), 1)
        self.assertEqual(caps._get_cap(self.users["leader"]), 2)
        self.assertIsNone(caps._get_cap(self.users["keeper"]))
        caps.search([("dossier_count", "=", 2)]).dossier_count = 0
        self.assertIsNone(caps._get_cap(self.users["leader"]))

    # Nobody changes it -------------------------------------------------------

    def test_nobody_writes_it(self):
        """Neither the superuser by the ORM, nor Odoo's role by SQL."""
        self.as_role("owner", self.dossier).read(["strategy"])
        line = self.noted()
        for log in (line, line.with_user(self.users["auditor"])):
            self.assertTrue(log.read(["dossier_number"]))
            for call in (
                lambda log=log: log.create({"what": "form"}),
                lambda log=log: log.write({"what": "list"}),
                lambda log=log: log.unlink(),
            ):
                with self.assertRaises(UserError):
                    call()
        self.assertEqual(len(self.noted()), 1)

    def test_read_by_auditors(self):
        self.as_role("owner", self.dossier).read(["strategy"])
        line = self.noted()
        readers = {
            role for role in self.users if self.as_role(role, line).has_access("read")
        }
        self.assertEqual(readers, {"auditor"}, "nobody else; archivists what they keep")
