"""The analysis report of Northwind against figures from the CSV files alone."""

import io
from collections import Counter, defaultdict
from decimal import Decimal

import openpyxl
from PyPDF2 import PdfReader
from test_northwind import FOLDER, NorthwindCommon, needs_tables

from odoo.tests import TransactionCase, tagged

from odoo.addons.customer_archive.report import analysis_xlsx
from odoo.addons.customer_archive.report.analysis import COLUMNS

YEAR = 1997
# As the files write them, where Odoo's English name is another.
COUNTRIES = {"UK": "United Kingdom", "USA": "United States"}


@tagged("post_install", "-at_install")
@needs_tables
class TestNorthwindAnalysis(NorthwindCommon, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.loaded.company_id
        cls.analysis = (
            cls.env["customer.analysis"]
            .with_user(cls.dossiers.env.user)
            .with_context(lang="en_US", allowed_company_ids=company.ids)
            .create(
                {
                    "company_id": company.id,
                    "date_from": f"{YEAR}-01-01",
                    "date_to": f"{YEAR}-12-31",
                }
            )
        )
        # on file since before the year began, whoever bought only later
        cls.loaded.sudo().open_date = f"{YEAR - 1}-01-01"
        cls.analysis.action_draw()

    def _figures(self, section):
        lines = self.analysis.line_ids.filtered(lambda line: line.section == section)
        return {line.name: line for line in lines}

    def _expected_countries(self):
        """Customers on file, and their orders of two years, by country."""
        rows = (FOLDER / "customers.csv").read_text(encoding="utf-8").splitlines()[1:]
        country = {}
        for row in rows:
            cells = row.split(",")
            country[cells[0]] = COUNTRIES.get(cells[-3], cells[-3])
        bought = {order[1] for order in self.expected.orders}
        customers = Counter(country[key] for key in bought)
        amounts = defaultdict(lambda: [Decimal(0), Decimal(0)])
        for _number, customer, _employee, year, amount in self.expected.orders:
            if year in (YEAR, YEAR - 1):
                amounts[country[customer]][YEAR - year] += amount
        return customers, amounts

    def test_figures_equal_those_of_the_files(self):
        # S4-11 S2-56
        customers, amounts = self._expected_countries()
        found = self._figures("country")
        self.assertEqual(
            {name: line.customer_count for name, line in found.items()}, customers
        )
        for name, line in found.items():
            now, before = amounts[name]
            self.assertAlmostEqual(line.amount, float(now), 2, name)
            self.assertAlmostEqual(line.previous_amount, float(before), 2, name)
        total = self._figures("total")["All Customers"]
        self.assertEqual(total.customer_count, sum(customers.values()))
        in_year = [order for order in self.expected.orders if order[3] == YEAR]
        self.assertAlmostEqual(total.amount, float(sum(o[4] for o in in_year)), 2)
        self.assertEqual(total.deal_count, len(in_year))
        self.assertEqual(total.buyer_count, len({order[1] for order in in_year}))

    def test_parts_add_up(self):
        total = self._figures("total")["All Customers"]
        for section, lines in self.analysis.line_ids.grouped("section").items():
            with self.subTest(section=section):
                count = sum(lines.mapped("customer_count"))
                self.assertEqual(count, total.customer_count)
                self.assertAlmostEqual(sum(lines.mapped("amount")), total.amount, 2)
                self.assertAlmostEqual(sum(lines.mapped("customer_share")), 100, 3)

    def test_drilling_down_finds_as_many(self):
        for line in self.analysis.line_ids:
            action = line.action_open_customers()
            dossiers = self.dossiers.with_context(
                allowed_company_ids=self.analysis.company_id.ids
            )
            self.assertEqual(
                dossiers.search_count(action["domain"]),
                line.customer_count,
                line.name,
            )

    def test_print_and_spreadsheet_agree_cell_by_cell(self):
        book = openpyxl.load_workbook(io.BytesIO(analysis_xlsx.make(self.analysis)))
        [sheet] = book.worksheets
        form = self.env["report.customer_archive.analysis"].with_context(lang="en_US")
        rows = [row for row in sheet.iter_rows(values_only=True) if row[1] is not None]
        heads = [
            form._get_label("customer.analysis.line", name) for name, _s in COLUMNS
        ]
        figures = [row for row in rows if list(row[: len(heads)]) != heads]
        lines = [
            line for _title, part in form._get_sections(self.analysis) for line in part
        ]
        self.assertEqual(len(figures), len(lines))
        content = form.with_user(self.dossiers.env.user)._render_pdf(self.analysis.ids)
        printed = "".join(
            page.extract_text() for page in PdfReader(io.BytesIO(content)).pages
        )
        for row, line in zip(figures, lines, strict=True):
            for value, (name, _span) in zip(row, COLUMNS, strict=False):
                text = form._format_figure(line, name)
                shown = text
                if name != "name":
                    # nothing known is blank in both
                    shown = float(text.replace(",", "")) if text else None
                self.assertEqual(value, shown, line.name)
                for word in text.split():
                    self.assertIn(word, printed)
        self.assertTrue(sheet._charts)
