import io
import json

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfReader

from odoo.addons.customer_archive.form.writer import FormWriter

from .security_common import ARCHIVE, SecurityCase

REFUSED = (AccessError, UserError)
FORM = "customer_archive.annex_1"


class TakingOutCase(SecurityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        export = cls.env.ref("base.group_allow_export")
        for user in cls.users.values():
            user.write({"group_ids": [Command.link(export.id)], "lang": "en_US"})
        policies = cls.env["customer.archive.policy"]
        company = [("company_id", "=", cls.env.company.id)]
        cls.policy = policies.search(company) or policies.create({})

    def take(self, role, dossiers, how):
        """Print or export; whether it was allowed."""
        user = self.users[role]
        self.env.invalidate_all()
        try:
            if how == "print":
                reports = self.env["ir.actions.report"].with_user(user)
                reports._render_qweb_pdf(FORM, dossiers.ids)
            elif how == "form":
                mine = dossiers.with_user(user)
                FormWriter(mine.env, "en_US", mine).get_content()
            else:
                dossiers.with_user(user).export_data(["strategy"])
        except REFUSED:
            return False
        return True

    def copies(self, dossier):
        return self.env["customer.copy"].search([("dossier_id", "=", dossier.id)])


@tagged("post_install", "-at_install")
class TestTakingOut(TakingOutCase):
    """Who prints and exports what (S2-50, S2-62)."""

    def test_groups_that_print_and_export(self):
        # S2-62
        dossier = self.make("B", keeper_id=self.users["keeper"].id)
        everywhere = {"print", "export", "form"}
        expected = {
            "employee": set(),
            "system": set(),
            "settings": set(),
            "auditor": set(),
            "owner": {"print"},
            "leader": {"print"},
            "service": {"print"},
            "manager": everywhere,
            "director": everywhere,
            "keeper": everywhere,
        }
        for role, allowed in expected.items():
            for how in sorted(everywhere):
                with self.subTest(role=role, how=how):
                    self.assertEqual(self.take(role, dossier, how), how in allowed)

    def test_groups_are_the_administrators(self):
        dossier = self.make("B")
        self.policy.print_group_ids = self.env.ref(f"{ARCHIVE}keeper")
        self.policy.export_group_ids = self.env.ref(f"{ARCHIVE}user")
        self.assertFalse(self.take("owner", dossier, "print"))
        self.assertTrue(self.take("owner", dossier, "export"))
        self.policy.export_group_ids = False
        self.assertFalse(self.take("keeper", dossier, "export"))

    def test_a_loan_to_read_on_site_allows_neither(self):
        # S2-37 S3-13
        dossier = self.make("A", "secret")
        loan = self.lend(dossier, "owner", mode="read")
        for how in ("print", "export", "form"):
            self.assertFalse(self.take("owner", dossier, how), how)
        loan.mode = "copy"
        for how in ("print", "export", "form"):
            self.assertTrue(self.take("owner", dossier, how), how)

    def test_a_colleague_of_another_department_prints_what_he_borrowed(self):
        # S3-13
        dossier = self.make("B")
        reader = self.env.ref(f"{ARCHIVE}reader")
        self.users["employee"].group_ids += reader
        self.assertFalse(self.take("employee", dossier, "print"))
        self.lend(dossier, "employee", mode="copy")
        self.assertTrue(self.take("employee", dossier, "print"))
        form = self.env.ref("customer_archive.annex_1_report")
        self.assertIn(reader, form.group_ids)

    def test_a_loan_takes_nothing_from_who_reads_anyway(self):
        dossier = self.make("A")
        self.lend(dossier, "manager", mode="read")
        self.assertTrue(self.take("manager", dossier, "export"))

    def test_one_that_is_lent_to_be_read_keeps_all_back(self):
        mine, lent = self.make("B"), self.make("A")
        self.lend(lent, "owner", mode="read")
        self.assertTrue(self.take("owner", mine, "print"))
        self.assertFalse(self.take("owner", mine | lent, "print"))

    def test_grade_without_copies(self):
        # S2-37
        dossier = self.make("B", "confidential")
        for role in ("director", "executive"):
            self.assertTrue(self.sees(role, dossier))
            self.assertFalse(self.take(role, dossier, "print"))
        self.lend(dossier, "owner", mode="copy")
        self.assertFalse(self.take("owner", dossier, "export"))
        self.secrecy["confidential"].no_copies = False
        self.assertTrue(self.take("director", dossier, "print"))

    def test_through_contacts_and_items(self):
        dossier = self.make("B", strategy="Wait")
        partner = dossier.partner_id.with_user(self.users["owner"])
        for columns in (["dossier_number"], ["dossier_id/strategy"]):
            with self.assertRaises(AccessError):
                partner.export_data(columns)
        self.assertTrue(partner.export_data(["name", "dossier_id"]))

    def test_copies_are_counted(self):
        # S2-50
        first, second = self.make("B"), self.make("C")
        self.take("manager", first | second, "print")
        self.take("manager", first, "export")
        self.take("owner", first, "export")
        printed = self.copies(second)
        self.assertRecordValues(
            self.copies(first).sorted("id"),
            [
                {
                    "kind": "print",
                    "user_id": self.users["manager"].id,
                    "number": printed.number,
                    "pages": 2,
                    "company_id": first.company_id.id,
                },
                {
                    "kind": "export",
                    "user_id": self.users["manager"].id,
                    "number": self.copies(first)[0].number,
                    "pages": 0,
                    "company_id": first.company_id.id,
                },
            ],
        )
        self.assertEqual(len(set(self.copies(first).mapped("number"))), 2)

    def test_limit_of_the_month(self):
        first, second = self.make("B"), self.make("C")
        self.policy.copies_per_month = 2
        self.assertTrue(self.take("owner", first, "print"))
        self.assertFalse(self.take("owner", first | second, "print"))
        self.assertTrue(self.take("owner", second, "print"))
        self.assertFalse(self.take("owner", first, "print"))
        self.assertTrue(self.take("leader", first, "print"))
        last_month = fields.Datetime.subtract(fields.Datetime.now(), months=1)
        self.env.cr.execute("UPDATE customer_copy SET date = %s", (last_month,))
        self.assertTrue(self.take("owner", first, "print"))

    def test_each_page_says_whose_copy_it_is(self):
        # S2-50
        dossiers = self.make("B") | self.make("C")
        reports = self.env["ir.actions.report"].with_user(self.users["manager"])
        pdf = reports.with_context(archive_copy_number="forged")._render_qweb_pdf(
            "customer_archive.all_forms", dossiers.ids
        )[0]
        number = self.copies(dossiers[0]).number
        pages = PdfReader(io.BytesIO(pdf)).pages
        self.assertGreater(len(pages), 4)
        for page in pages:
            text = page.extract_text()
            self.assertIn(number, text)
            self.assertIn("Manager", text)
            self.assertNotIn("forged", text)

    def test_register_is_read_only(self):
        dossier = self.make("B")
        self.take("owner", dossier, "print")
        copy = self.copies(dossier)
        readers = {"owner", "leader", "manager", "director", "executive"}
        readers |= {"keeper", "service", "auditor"}
        for role, user in self.users.items():
            mine = copy.with_user(user)
            self.assertEqual(mine.has_access("read"), role in readers, role)
            for operation in ("write", "create", "unlink"):
                self.assertFalse(mine.has_access(operation), (role, operation))

    def test_many_cost_as_many_queries_as_one(self):
        many = self.make("B") | self.make("C") | self.make("B") | self.make("C")
        counts = []
        for dossiers in (many, many[:1], many):
            mine = dossiers.browse(dossiers.ids).with_user(self.users["manager"])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            mine._on_taken_out("export")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])


@tagged("post_install", "-at_install")
class TestTakingOutOverHttp(HttpCase, TakingOutCase):
    """The addresses themselves refuse, whatever the screen shows."""

    def login(self, role):
        user = self.users[role]
        user.password = user.login
        self.authenticate(user.login, user.login)

    def export(self, kind, dossier, model="customer.dossier", column="strategy"):
        data = {
            "model": model,
            "fields": [{"name": column, "label": column, "type": "text"}],
            "ids": dossier.ids,
            "domain": [],
            "groupby": [],
            "import_compat": False,
        }
        values = {"data": json.dumps(data), "csrf_token": Request.csrf_token(self)}
        return self.url_open(f"/web/export/{kind}", data=values)

    @mute_logger("odoo.http", "odoo.addons.web.controllers.export")
    def test_export(self):
        # S2-62
        dossier = self.make("B", strategy="Hidden plan")
        for role, allowed in (("owner", False), ("manager", True)):
            self.login(role)
            for kind in ("csv", "xlsx"):
                page = self.export(kind, dossier)
                self.assertEqual(page.status_code == 200, allowed, (role, kind))
                if kind == "csv":
                    self.assertEqual("Hidden plan" in page.text, allowed)
            address = f"/customer_archive/form/en_US/{dossier.id}"
            page = self.url_open(address)
            self.assertEqual(page.status_code == 200, allowed, role)
        self.assertEqual(len(self.copies(dossier)), 3)

    @mute_logger("odoo.http", "odoo.addons.web.controllers.report")
    def test_print(self):
        # S2-37 S3-13
        dossier = self.make("A")
        loan = self.lend(dossier, "owner", mode="read")
        self.login("owner")
        address = f"/report/pdf/{FORM}/{dossier.id}"
        self.assertNotEqual(self.url_open(address).status_code, 200)
        self.assertNotEqual(
            self.url_open(address.replace("/pdf/", "/html/")).status_code, 200
        )
        loan.mode = "copy"
        page = self.url_open(address)
        self.assertEqual(page.status_code, 200)
        self.assertEqual(page.headers["Content-Type"], "application/pdf")
        self.assertEqual(self.copies(dossier).kind, "print")
