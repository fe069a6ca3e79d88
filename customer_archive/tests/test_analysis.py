import io

import openpyxl
from lxml import etree
from PyPDF2 import PdfReader
from PyPDF2.generic import ContentStream

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools.safe_eval import safe_eval

from ..report import analysis_xlsx
from ..report.analysis import CHARTED, COLUMNS
from ..report.paper import BAR_GRAY
from .common import ArchiveCommon


def read_bars(page):
    """Widths of the bars drawn on a page of a PDF, in their order."""
    gray, widths = 0, []
    for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
        if operator == b"g":
            gray = float(operands[0])
        elif operator == b"re":
            width = float(operands[2])
        elif operator in (b"f", b"f*") and gray == BAR_GRAY:
            widths.append(width)
    return widths


@tagged("post_install", "-at_install")
class TestAnalysis(ArchiveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.home = cls.env["customer.dossier"].search(
            [("company_id", "=", cls.env.company.id)]
        )
        cls.home.write({"state": "filed", "open_date": "2025-01-01"})

    def draw(self, role="keeper"):
        analysis = (
            self.env["customer.analysis"]
            .with_user(self.users[role])
            .create({"date_from": "2026-01-01", "date_to": "2026-06-30"})
        )
        analysis.action_draw()
        return analysis

    def test_a_leader_reads_and_signs(self):
        # S4-15
        analysis = self.draw("manager")
        with self.assertRaises(UserError):
            analysis.action_sign()
        second = self.draw("keeper").with_user(self.users["manager"])
        second.action_sign()
        self.assertEqual(second.signed_by_id, self.users["manager"])
        with self.assertRaises(UserError):
            second.summary = "Changed afterwards"
        with self.assertRaises(UserError):
            second.action_draw()
        with self.assertRaises(UserError):
            second.unlink()

    def test_parts_of_classes_are_there(self):
        # S4-12 S4-13 S4-14
        self.home[:1].customer_class = "important"
        feedbacks = self.env["customer.feedback"]
        for rating in ("4", "5"):
            feedbacks.create(
                {
                    "dossier_id": self.home[:1].id,
                    "kind": "satisfaction",
                    "rating": rating,
                    "date": "2026-02-01",
                }
            )
        lines = self.draw().line_ids
        [line] = lines.filtered(
            lambda line: (line.section, line.value) == ("class", "important")
        )
        self.assertEqual((line.customer_count, line.satisfaction), (1, 4.5))
        # graphs name the parts as the list does
        self.assertTrue(all(lines.mapped("label")))
        lines = lines.with_context(lang=self.users["keeper"].lang)
        self.assertEqual(lines.mapped("label"), lines.mapped("name"))
        # nobody else gave a rating, and nothing was sold before: that is no nought
        prints = self.env["report.customer_archive.analysis"]
        [rest] = lines.filtered(
            lambda line: (line.section, line.value) == ("class", "potential")
        )
        for name in ("satisfaction", "growth"):
            self.assertEqual(prints._format_figure(rest, name), "", name)
        self.assertEqual(prints._format_figure(line, "satisfaction"), "4.50")
        sections = {"total", "country", "region", "industry", "nature", "tier", "team"}
        self.assertLessEqual(sections, set(lines.mapped("section")))

    def test_customers_of_a_class_with_what_its_report_says(self):
        # S4-12 S4-13 S4-14
        self.home[:1].customer_class = "potential"
        self.home[:1].write({"key_factors": "Price", "support_needed": "Samples"})
        lines = self.draw("manager").line_ids
        [line] = lines.filtered(
            lambda line: (line.section, line.value) == ("class", "potential")
        )
        action = line.action_open_customers()
        dossiers = self.env["customer.dossier"].with_user(self.users["manager"])
        found = dossiers.search(action["domain"])
        self.assertEqual(action["display_name"], line.name)
        self.assertIn(self.home[:1], found)
        self.assertEqual(set(found.mapped("customer_class")), {"potential"})
        view_id, kind = action["views"][0]
        self.assertEqual(kind, "list")
        arch = etree.fromstring(dossiers.get_view(view_id, kind)["arch"])
        shown = {"reported_class": action["context"]["reported_class"]}
        columns = {
            node.get("name")
            for node in arch.iter("field")
            if not safe_eval(node.get("column_invisible", "False"), {"context": shown})
        }
        self.assertLessEqual({"opportunity", "key_factors", "support_needed"}, columns)
        self.assertNotIn("satisfaction", columns)

    def test_charts_show_the_figures_of_the_table(self):
        """Each section as bars, in print and spreadsheet, from the same figures."""
        # S4-11 S4-12 S4-13 S4-14
        parts = (("important", "state_owned"), ("stable", "listed"))
        for dossier, (code, nature) in zip(self.home, parts, strict=False):
            dossier.write({"customer_class": code, "company_nature": nature})
        trade = self.env["customer.transaction"]
        for dossier, amount in zip(self.home, (300, 150, 60), strict=False):
            trade.create(
                {"dossier_id": dossier.id, "date": "2026-03-01", "amount": amount}
            )
        analysis = self.draw().with_context(lang="en_US")
        form = analysis.env["report.customer_archive.analysis"]
        sections = [
            lines for _title, lines in form._get_sections(analysis) if len(lines) > 1
        ]
        self.assertGreater(len(sections), 1)
        pages = PdfReader(io.BytesIO(form._render_pdf(analysis.ids))).pages
        drawn = [width for page in pages for width in read_bars(page)]
        text = "".join(page.extract_text() for page in pages)
        for lines in sections:
            for line in lines:
                for name in CHARTED:
                    figure = form._format_figure(line, name)
                    # once in the table, once in the chart
                    self.assertGreaterEqual(text.count(figure), 2)
                    share = line[name] / max(lines.mapped(name))
                    if share:
                        self.assertAlmostEqual(
                            drawn.pop(0), share * self.get_full_bar(form), 2
                        )
        self.assertFalse(drawn)
        self.check_spreadsheet(analysis, sections)

    def get_full_bar(self, form):
        """Length of the bar of the largest figure, on landscape A4."""
        return 24 * (841.89 - 2 * 42) / 60 - 4

    def check_spreadsheet(self, analysis, sections):
        book = openpyxl.load_workbook(io.BytesIO(analysis_xlsx.make(analysis)))
        [sheet] = book.worksheets
        names = [name for name, _span in COLUMNS]
        expected = [
            [round(line[name], 2) for line in lines]
            for lines in sections
            for name in CHARTED
        ]
        self.assertEqual(len(sheet._charts), len(expected))
        for chart, figures in zip(sheet._charts, expected, strict=True):
            reference = chart.series[0].val.numRef.f.rpartition("!")[2]
            cells = sheet[reference.replace("$", "")]
            self.assertEqual([cell.value for (cell,) in cells], figures)
        self.assertIn("candidate_count", names)

    def test_it_is_not_for_salespeople(self):
        # S4-15
        analysis = self.draw()
        for role in ("owner", "leader", "employee", "settings", "foreign_manager"):
            with self.assertRaises(AccessError):
                analysis.with_user(self.users[role]).read(["summary"])
            with self.assertRaises(AccessError):
                analysis.line_ids.with_user(self.users[role]).read(["amount"])

    def test_counting_takes_as_many_queries_for_many(self):
        self.draw()
        with self.assertQueryCount(45):
            self.draw()


@tagged("post_install", "-at_install")
class TestAnalysisDownload(ArchiveCommon, HttpCase):
    def test_the_spreadsheet_is_for_readers(self):
        analysis = self.env["customer.analysis"].create(
            {"date_from": "2026-01-01", "date_to": "2026-06-30"}
        )
        analysis.action_draw()
        url = f"/customer_archive/analysis/{analysis.id}"
        for role, status in (("manager", 200), ("owner", 404), ("employee", 404)):
            self.authenticate(self.users[role].login, self.users[role].login)
            self.assertEqual(self.url_open(url).status_code, status, role)
