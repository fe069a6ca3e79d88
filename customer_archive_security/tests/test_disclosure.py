import io

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfReader

from .test_taking_out import TakingOutCase

REPORT = "customer_archive_security.customer_disclosure"
VALS = {
    "recipient": "Tax office, Ms Zhou",
    "purpose": "Inspection",
    "legal_basis": "law",
    "basis_reference": "Art 57",
}


class DisclosureCase(TakingOutCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.team.member"].create(
            {"user_id": cls.users["owner"].id, "crm_team_id": cls.team.id}
        )
        cls.form = cls.env.ref("customer_archive.annex_1_report")

    def begin(self, role, dossiers, **vals):
        """A draft, filled in by ``role``."""
        action = dossiers.with_user(self.users[role]).action_disclose()
        drafts = self.env["customer.disclosure"].with_user(self.users[role])
        draft = drafts.browse(action["res_id"])
        draft.write({**VALS, "form_ids": [Command.set(self.form.ids)], **vals})
        return draft

    def approve(self, disclosure, *roles):
        for role in roles:
            disclosure.with_user(self.users[role]).action_approve()

    def give(self, disclosure, role="owner"):
        reports = self.env["ir.actions.report"].with_user(self.users[role])
        return reports._render_qweb_pdf(REPORT, disclosure.ids)[0]


@tagged("post_install", "-at_install")
class TestDisclosure(DisclosureCase):
    """Both approvals first, then a print that says for whom it is (S4-24, S2-44)."""

    def test_both_approve_before_anything_is_given(self):
        # S4-24 S2-62
        dossier = self.make("B")
        disclosure = self.begin("owner", dossier)
        with self.assertRaises(UserError):
            self.give(disclosure)
        disclosure.action_request()
        for role in ("owner", "service", "keeper"):
            with self.assertRaises(UserError):
                self.approve(disclosure, role)
        self.approve(disclosure, "leader")
        with self.assertRaises(UserError):
            self.give(disclosure)
        self.approve(disclosure, "director")
        self.assertEqual(disclosure.state, "approved")
        self.assertTrue(self.give(disclosure).startswith(b"%PDF"))

    def test_one_person_does_not_approve_both(self):
        # S4-24
        disclosure = self.begin("owner", self.make("B"))
        disclosure.action_request()
        self.approve(disclosure, "executive")
        with self.assertRaises(UserError):
            self.approve(disclosure, "executive")
        self.approve(disclosure, "director")
        self.assertEqual(disclosure.state, "approved")

    def test_merging_gives_no_more_outside_than_was_approved(self):
        # S4-24
        merged, kept = self.make("B"), self.make("C")
        disclosure = self.begin("owner", merged)
        disclosure.action_request()
        self.approve(disclosure, "leader", "director")
        self.merge(merged, kept)
        self.assertEqual(disclosure._get_lines().dossier_id, merged)
        self.assertTrue(merged.merged_into_id)

    def test_refused(self):
        # S4-24
        disclosure = self.begin("owner", self.make("B"))
        disclosure.action_request()
        waiting = disclosure.with_user(self.users["leader"])._get_waiting()
        waiting._decide("refused", "Not needed")
        self.assertEqual(
            (disclosure.state, disclosure.answer), ("refused", "Not needed")
        )
        with self.assertRaises(UserError):
            self.give(disclosure)

    def test_ground(self):
        # S2-17 S2-41 S2-44
        dossier = self.make("B")
        today = fields.Date.today()
        cases = (
            ({"legal_basis": False}, False),
            ({"legal_basis": "law", "basis_reference": False}, False),
            ({"legal_basis": "consent"}, False),
            ({"legal_basis": "consent", "consent_date": today}, True),
            (
                {
                    "legal_basis": "consent",
                    "consent_date": today,
                    "basis_reference": False,
                },
                False,
            ),
            (
                {
                    "legal_basis": "consent",
                    "consent_date": fields.Date.add(today, days=2),
                },
                False,
            ),
            ({"legal_basis": "own", "basis_reference": False}, True),
            ({"purpose": False}, False),
            ({"recipient": False}, False),
            ({"form_ids": False}, False),
        )
        for vals, is_complete in cases:
            with self.subTest(**vals):
                draft = self.begin("owner", dossier, **vals)
                if is_complete:
                    draft.action_request()
                    continue
                with self.assertRaises(UserError):
                    draft.action_request()

    def test_copies_are_counted(self):
        # S2-50
        dossiers = self.make("B") | self.make("C")
        disclosure = self.begin("owner", dossiers, copy_limit=2)
        disclosure.action_request()
        self.approve(disclosure, "leader", "director")
        self.give(disclosure)
        self.assertEqual((disclosure.copy_count, disclosure.state), (1, "approved"))
        self.give(disclosure)
        self.assertEqual((disclosure.copy_count, disclosure.state), (2, "given"))
        with self.assertRaises(UserError):
            self.give(disclosure)
        copies = self.env["customer.copy"].search(
            [("disclosure_id", "=", disclosure.id)]
        )
        self.assertEqual(copies.dossier_id, dossiers)
        self.assertEqual(len(copies), 4)
        self.assertEqual(set(copies.mapped("kind")), {"disclosure"})

    def test_each_page_says_for_whom(self):
        # S4-24
        dossiers = self.make("B") | self.make("C")
        disclosure = self.begin("owner", dossiers)
        disclosure.action_request()
        self.approve(disclosure, "leader", "director")
        pages = PdfReader(io.BytesIO(self.give(disclosure))).pages
        self.assertEqual(len(pages), 2)
        for page in pages:
            text = page.extract_text()
            for words in (disclosure.number, "Tax office", "Owner"):
                self.assertIn(words, text)

    def test_no_copies_grade_is_given_by_approval_alone(self):
        # S2-37
        dossier = self.make("C", "confidential")
        self.assertFalse(self.take("director", dossier, "print"))
        disclosure = self.begin("director", dossier)
        disclosure.action_request()
        with self.assertRaises(UserError):
            self.approve(disclosure, "manager")
        self.approve(disclosure, "executive")
        self.env.ref(
            "customer_archive_security.customer_approval_route_disclosure"
        ).is_distinct = False
        self.approve(disclosure, "executive")
        self.assertTrue(self.give(disclosure, "director"))

    def test_only_the_requester_and_only_while_he_reads(self):
        dossier = self.make("B")
        disclosure = self.begin("owner", dossier)
        disclosure.action_request()
        self.approve(disclosure, "leader", "director")
        for role in ("leader", "director", "keeper", "service"):
            with self.assertRaises(UserError):
                self.give(disclosure, role)
        dossier.sudo().user_id = self.users["leader"]
        with self.assertRaises(AccessError):
            self.give(disclosure)
        self.assertEqual(disclosure.sudo().copy_count, 0)

    def test_what_is_decided_on_does_not_change(self):
        disclosure = self.begin("owner", self.make("B"))
        with self.assertRaises(UserError):
            disclosure.state = "approved"
        disclosure.action_request()
        for vals in ({"recipient": "Other"}, {"form_ids": False}, {"copy_limit": 9}):
            with self.assertRaises(UserError):
                disclosure.write(vals)
        draft = self.begin("owner", self.make("B"))
        for role in ("leader", "manager", "keeper"):
            with self.assertRaises(AccessError):
                draft.with_user(self.users[role]).write({"purpose": "Other"})
        for role in self.users:
            lines = disclosure._get_lines().with_user(self.users[role])
            for operation in ("write", "create", "unlink"):
                self.assertFalse(lines.has_access(operation), (role, operation))

    def test_who_sees_it(self):
        # S2-44
        mine, other = self.make("B"), self.make("C", user_id=False, team_id=False)
        closed = self.make("A", "confidential", user_id=False, team_id=False)
        one = self.begin("manager", mine)
        two = self.begin("manager", mine | other)
        three = self.begin("director", mine | closed)
        expected = {
            "employee": (),
            "system": (),
            "settings": (),
            "owner": (one,),
            "leader": (one,),
            "manager": (one, two),
            "keeper": (one, two),
            "service": (one, two),
            "director": (one, two, three),
            "executive": (one, two, three),
            "auditor": (one, two, three),
        }
        for role, seen in expected.items():
            with self.subTest(role):
                self.env.invalidate_all()
                drafts = self.env["customer.disclosure"].with_user(self.users[role])
                found = drafts.browse()
                if drafts.has_access("read"):
                    ids = (one | two | three).ids
                    found = drafts.search([("id", "in", ids)], order="id")
                self.assertEqual(found.ids, [d.id for d in seen])
                for disclosure in (one, two, three):
                    is_read = disclosure.with_user(self.users[role]).has_access("read")
                    self.assertEqual(is_read, disclosure.id in found.ids)

    def test_withdrawn(self):
        disclosure = self.begin("owner", self.make("B"))
        disclosure.action_request()
        self.approve(disclosure, "leader", "director")
        disclosure.with_user(self.users["leader"]).action_withdraw()
        self.assertEqual(disclosure.state, "approved")
        disclosure.action_withdraw()
        with self.assertRaises(UserError):
            self.give(disclosure)

    def test_forms_of_dossiers_only(self):
        other = self.env["ir.actions.report"].search(
            [("model", "!=", "customer.dossier")], limit=1
        )
        with self.assertRaises(UserError):
            self.begin("owner", self.make("B"), form_ids=[Command.set(other.ids)])


@tagged("post_install", "-at_install")
class TestDisclosureOverHttp(HttpCase, DisclosureCase):
    @mute_logger("odoo.http", "odoo.addons.web.controllers.report")
    def test_refused_until_approved(self):
        # S4-24
        disclosure = self.begin("owner", self.make("B"))
        disclosure.action_request()
        user = self.users["owner"]
        user.password = user.login
        self.authenticate(user.login, user.login)
        address = f"/report/pdf/{REPORT}/{disclosure.id}"
        self.assertNotEqual(self.url_open(address).status_code, 200)
        self.approve(disclosure, "leader", "director")
        page = self.url_open(address)
        self.assertEqual(page.headers["Content-Type"], "application/pdf")
        self.assertNotEqual(self.url_open(address).status_code, 200)
        self.assertEqual(disclosure.copy_count, 1)
