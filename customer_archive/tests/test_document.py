import base64
import io
import re

from PIL import Image
from psycopg2.errors import CheckViolation
from PyPDF2 import PdfReader
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ArchiveCommon

NUMBER = re.compile(r"(\d+)\s*$")


def make_pdf(pages):
    """A PDF with a text for each entry, and an empty page for each None."""
    output = io.BytesIO()
    canvas = Canvas(output, pagesize=A4)
    for text in pages:
        if text:
            canvas.drawString(100, 500, text)
        canvas.showPage()
    canvas.save()
    return output.getvalue()


def read_corner_numbers(page):
    """Numbers on top of a page, each with whether it stands at the right."""
    found = []

    def visit(text, _cm, matrix, _font, _size):
        if text.strip().isdigit() and matrix[5] > A4[1] - 40:
            found.append((int(text), matrix[4] > A4[0] / 2))

    page.extract_text(visitor_text=visit)
    return found


@tagged("post_install", "-at_install")
class TestDocument(ArchiveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dossier = cls.dossiers["own"]
        cls.kinds = {
            code: cls.env.ref(f"customer_archive.customer_document_kind_{code}")
            for code in ("contract", "letter", "licence", "other", "card")
        }

    def add(self, name, role="owner", kind="letter", content=None, **vals):
        """A document entered by the role."""
        if content is not None:
            vals["content"] = base64.b64encode(content)
        documents = self.env["customer.document"].with_user(self.users[role])
        return documents.create(
            {
                "dossier_id": self.dossier.id,
                "name": name,
                "kind_id": self.kinds[kind].id,
                **vals,
            }
        )

    def places(self):
        """Titles in filing order with their pages."""
        documents = self.dossier.volume_ids.document_ids.sorted("place")
        return [(d.name, d.page_from, d.page_to) for d in documents]

    def print_volume(self, role="owner"):
        volume = self.dossier.volume_ids
        report = self.env["ir.actions.report"].with_user(self.users[role])
        content, kind = report._render_qweb_pdf("customer_archive.volume", volume.ids)
        self.assertEqual(kind, "pdf")
        return PdfReader(io.BytesIO(content))

    def test_documents_are_filed_and_numbered_as_they_come(self):
        # S0-5 S0-6 S0-7 S0-8
        request = self.add("Request", pages=2, date="2026-01-05", copies=2)
        reply = self.add("Reply", pages=1, date="2026-01-09")
        self.assertEqual(self.places(), [("Request", 1, 2), ("Reply", 3, 3)])
        request.write({"front_id": reply.id, "role": "request"})
        self.add("Contract", kind="contract", pages=4, date="2026-02-01")
        expected = [("Contract", 1, 4), ("Reply", 5, 5), ("Request", 6, 7)]
        self.assertEqual(self.places(), expected)
        request.write({"manual_place": 1, "manual_reason": "As the auditor asked"})
        self.assertEqual(self.places()[0], ("Request", 1, 2))

    def test_a_place_by_hand_needs_a_reason(self):
        document = self.add("Letter", pages=1)
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            document.manual_place = 2
            self.env.flush_all()

    def test_circles_and_strangers_are_refused(self):
        one, two = self.add("One"), self.add("Two")
        one.write({"front_id": two.id, "role": "annex"})
        with self.assertRaises(ValidationError):
            two.write({"front_id": one.id, "role": "annex"})
        stranger = self.env["customer.document"].create(
            {"dossier_id": self.dossiers["team"].id, "name": "Of another dossier"}
        )
        with self.assertRaises(ValidationError):
            stranger.write({"front_id": one.id, "role": "annex"})

    def test_pages_with_text_are_counted_from_the_file(self):
        # S0-5 S0-8
        document = self.add("Scan", content=make_pdf(["one", None, "three"]))
        self.assertEqual((document.pages, document.is_counted), (2, True))
        self.assertEqual(len(document.checksum), 64)
        picture = io.BytesIO()
        Image.new("RGB", (40, 60), "red").save(picture, "PNG")
        self.assertEqual(self.add("Card", content=picture.getvalue()).pages, 1)
        office = self.add("Letter", content=b"PK\x03\x04 damaged", pages=5)
        self.assertEqual((office.pages, office.is_counted), (5, False))

    def test_numbers_read_back_from_the_pdf(self):
        """Fronts bear them at the right, backs at the left, empty pages nowhere."""
        # S0-8 S2-36
        self.add("First", content=make_pdf(["a", None, "c"]), date="2026-01-01")
        self.add("Second", content=make_pdf(["d"]), date="2026-01-02")
        self.add("On paper", medium="paper", pages=3, date="2026-01-03")
        self.add("Last", content=make_pdf(["e", "f"]), date="2026-01-04")
        pages = self.print_volume().pages
        found = {}
        for side, page in enumerate(pages):
            for number, is_right in read_corner_numbers(page):
                self.assertEqual(is_right, side % 2 == 0, number)
                found[number] = side
        self.assertEqual(list(found), [1, 2, 3, 7, 8])
        self.assertEqual(found[7] % 2, 0)
        self.assertEqual(
            self.places(),
            [("First", 1, 2), ("Second", 3, 3), ("On paper", 4, 6), ("Last", 7, 8)],
        )

    def test_a_bound_volume_keeps_its_pages_and_goes_on(self):
        # S0-8 S2-12
        self.add("Letter", pages=2, date="2026-03-01")
        volume = self.dossier.volume_ids
        with self.assertRaises(AccessError):
            volume.with_user(self.users["owner"]).action_bind()
        volume.with_user(self.users["keeper"]).action_bind()
        later = self.add("Contract", kind="contract", pages=1, volume_id=volume.id)
        self.assertEqual(self.places(), [("Letter", 1, 2), ("Contract", 3, 3)])
        self.assertTrue(later.is_supplement)
        bound = volume.document_ids.sorted("place")[0].with_user(self.users["owner"])
        with self.assertRaises(UserError):
            bound.pages = 5
        text = "".join(page.extract_text() for page in self.print_volume().pages)
        self.assertIn("Contract", text)
        next_one = self.add("Next", pages=1)
        self.assertEqual(next_one.volume_id.number, 2)

    def test_a_file_changed_behind_our_back_is_found(self):
        # S2-48
        document = self.add("Scan", content=make_pdf(["one"]))
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "customer.document"),
                ("res_field", "=", "content"),
                ("res_id", "=", document.id),
            ]
        )
        attachment.raw = make_pdf(["forged"])
        with self.assertRaises(UserError):
            self.print_volume()

    def test_checklist_names_what_is_missing(self):
        # S0-5 S2-57
        dossier = self.dossier.with_user(self.users["owner"])
        self.assertIn(self.kinds["contract"], dossier.missing_kind_ids)
        self.add("Contract", kind="contract", pages=1)
        self.assertIn(self.kinds["contract"], dossier.missing_kind_ids)
        self.add("Contract, second copy", kind="contract", pages=1)
        self.assertNotIn(self.kinds["contract"], dossier.missing_kind_ids)
        self.add("Licence", kind="licence", pages=1)
        found = self.env["customer.dossier"].with_user(self.users["owner"])
        lacking = found.search([("missing_kind_ids", "=", True)])
        self.assertNotIn(dossier, lacking)
        self.assertIn(self.dossiers["own_teamless"], lacking)

    def test_a_closed_dossiers_documents_are_closed(self):
        # S2-20
        document = self.add("Scan", content=make_pdf(["one"]))
        for role in ("colleague", "other_leader", "settings", "employee"):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base"):
                document.with_user(self.users[role]).read(["name", "content"])
        with self.assertRaises(AccessError):
            self.print_volume("colleague")

    def test_refiling_many_takes_as_many_queries_as_one(self):
        kind = self.kinds["other"].id

        def add(count):
            self.env["customer.document"].create(
                [
                    {
                        "dossier_id": self.dossier.id,
                        "name": f"No. {number}",
                        "kind_id": kind,
                        "pages": 1,
                    }
                    for number in range(count)
                ]
            )
            self.env.flush_all()

        add(1)
        with self.assertQueryCount(60):
            add(1)
        with self.assertQueryCount(60):
            add(40)

    def test_volumes_are_found_by_the_code_on_their_label(self):
        # S2-11 S2-16 S2-60
        self.add("Letter", pages=1)
        volume = self.dossier.volume_ids.with_user(self.users["keeper"])
        volume.location = "Room 1, cabinet 2"
        self.assertEqual(volume.search([("code", "=", volume.code)]), volume)
        takings = self.env["customer.stock.taking"].with_user(self.users["keeper"])
        with self.assertRaises(UserError):
            takings.create({"location": "Cellar"}).action_start()
        taking = takings.create({"location": "Room 1"})
        taking.action_start()
        self.assertEqual((taking.found_count, taking.missing_count), (0, 1))
        with Form(taking) as form:
            with self.assertLogs("odoo.tests.form.onchange", "WARNING"):
                form.code = "KH-unknown"
            form.code = volume.code
            # counted before it is saved, and ready for the next code
            self.assertEqual((form.found_count, form.missing_count), (1, 0))
            self.assertFalse(form.code)
        self.assertTrue(taking.line_ids.date)
        self.assertEqual((taking.found_count, taking.missing_count), (1, 0))
        report = self.env["ir.actions.report"].with_user(self.users["keeper"])
        label, _kind = report._render_qweb_pdf(
            "customer_archive.volume_label", volume.ids
        )
        text = PdfReader(io.BytesIO(label)).pages[0].extract_text()
        self.assertIn(volume.code, text)

    def test_the_file_plan_holds_what_the_policies_name(self):
        # S2-34 S2-57
        kinds = self.env["customer.document.kind"].search([("active", "=", True)])
        ids = kinds.get_external_id().values()
        for name in ("contract", "order", "letter", "licence", "card", "brochure"):
            self.assertIn(f"customer_archive.customer_document_kind_{name}", ids)
        self.assertEqual(len(set(kinds.mapped("code"))), len(kinds))

    def test_paper_and_file_of_one_document_are_both_kept(self):
        # S2-19
        document = self.add("Contract", medium="both", content=make_pdf(["one"]))
        volume = document.volume_id.with_user(self.users["keeper"])
        volume.location = "Strong room, safe 3"
        on_paper = (
            self.env["customer.document"]
            .with_user(self.users["owner"])
            .search([("medium", "!=", "file"), ("volume_id.location", "!=", False)])
        )
        self.assertIn(document, on_paper)
        self.assertTrue(document.content)

    def test_cards_and_brochures_are_sorted_by_region(self):
        # S3-3
        region = self.env["res.country.state"].search([("country_id.code", "=", "CN")])[
            0
        ]
        self.dossier.partner_id.state_id = region
        card = self.add("Card", kind="card", medium="paper", pages=1)
        groups = self.env["customer.document"]._read_group(
            [("id", "=", card.id)], ["country_state_id", "team_id"], ["__count"]
        )
        self.assertEqual(groups, [(region, self.dossier.team_id, 1)])

    def test_merged_customers_volumes_follow_as_the_next_ones(self):
        # S2-11
        self.add("First", pages=2)
        other = self.dossiers["own_teamless"]
        documents = self.env["customer.document"].with_user(self.users["owner"])
        moved = documents.create({"dossier_id": other.id, "name": "Moved", "pages": 3})
        moved.volume_id.with_user(self.users["keeper"]).action_bind()
        other.with_user(self.users["owner"])._merge_into(
            self.dossier.with_user(self.users["owner"])
        )
        self.assertEqual(self.dossier.volume_ids.mapped("number"), [1, 2])
        self.assertEqual(moved.volume_id.number, 2)
        self.assertEqual((moved.dossier_id, moved.page_to), (self.dossier, 3))
