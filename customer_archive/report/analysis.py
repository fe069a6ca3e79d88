from odoo import api, models

from .grid import LIST_SIZE, Band, Cell, Row, Table

# Columns of the printed report and of the spreadsheet, with their width on paper.
COLUMNS = (
    ("name", 8),
    ("customer_count", 5),
    ("customer_share", 5),
    ("buyer_count", 5),
    ("deal_count", 5),
    ("amount", 6),
    ("amount_share", 5),
    ("previous_amount", 6),
    ("growth", 5),
    ("satisfaction", 3),
    ("complaint_count", 3),
    ("candidate_count", 4),
)
# What the charts of a section show.
CHARTED = ("customer_count", "amount")
LINE = "customer.analysis.line"
PAIRS = (
    ("date_from", "date_to"),
    ("user_id", "signed_by_id"),
    ("summary", "leader_note"),
)


class ReportAnalysis(models.AbstractModel):
    """客户分析报告: the figures of a period, section by section (S4-11 to S4-14)."""

    _name = "report.customer_archive.analysis"
    _inherit = ["customer.archive.record.print"]
    _description = "Print of an Analysis"
    _printed_model = "customer.analysis"

    @api.model
    def _get_printed_dossiers(self, records):
        # figures; they name no customer
        return self.env["customer.dossier"]

    @api.model
    def _get_sheets(self, analyses):
        return map(self._get_report_sheet, analyses)

    @api.model
    def _get_report_sheet(self, analysis):
        tables = [Table(tuple(self._get_pair_bands(analysis, PAIRS)))]
        head = self._label_band(LINE, COLUMNS)
        for title, lines in self._get_sections(analysis):
            bands = (self._title_band(title), *map(self._get_line_band, lines))
            tables.append(Table(bands, head=head))
            if len(lines) > 1:
                tables.append(self._get_chart(title, lines))
        return self._get_record_sheet(
            analysis, self.env._("Analysis of Customers"), *tables
        )

    @api.model
    def _get_sections(self, analysis):
        """Pairs of a section's title and its lines, in their order."""
        titles = dict(self._get_choices(LINE, "section"))
        for section, lines in analysis.line_ids.grouped("section").items():
            yield titles[section], lines

    @api.model
    def _get_line_band(self, line):
        cells = (
            Cell(
                self._format_figure(line, name),
                span,
                align="left" if name == "name" else "right",
                size=LIST_SIZE,
            )
            for name, span in COLUMNS
        )
        return Band((Row(tuple(cells)),))

    @api.model
    def _get_chart(self, title, lines):
        """The figures of a section as bars, the longest of which is the largest."""
        head = self._head_band(
            (title, 12), *((self._get_label(LINE, name), 24) for name in CHARTED)
        )
        largest = {name: max(lines.mapped(name)) or 1 for name in CHARTED}
        bands = (self._get_bars(line, largest) for line in lines)
        return Table(tuple(bands), head=head)

    @api.model
    def _get_bars(self, line, largest):
        bars = (
            Cell(
                self._format_figure(line, name),
                24,
                size=LIST_SIZE,
                bar=max(line[name] / largest[name], 0),
            )
            for name in CHARTED
        )
        return Band((Row((Cell(line.name, 12, size=LIST_SIZE), *bars)),))

    @api.model
    def _format_figure(self, line, name):
        """A figure as it is printed: with as many places as the spreadsheet has."""
        value, field = line[name], line._fields[name]
        if line._is_unknown(name):
            return ""
        if field.type == "monetary":
            return f"{value:,.2f}"
        if field.type == "float":
            return f"{value:,.{field.get_digits(self.env)[1]}f}"
        return f"{value:,}" if field.type == "integer" else str(value)
