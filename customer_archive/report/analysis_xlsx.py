"""The analysis report as a spreadsheet: the lines of the print, and two charts."""

import io

import xlsxwriter

from .analysis import COLUMNS, LINE

WIDTHS = {"name": 24}
CHARTED = ("class", "tier", "region", "industry")


def make(analysis):
    """The spreadsheet of one report, as the user of ``analysis`` reads it.

    :return: bytes
    """
    output = io.BytesIO()
    book = xlsxwriter.Workbook(output, {"in_memory": True})
    form = analysis.env["report.customer_archive.analysis"]
    writer = _Writer(book, form)
    for title, lines in form._get_sections(analysis):
        writer.add_section(title, lines)
    book.close()
    return output.getvalue()


class _Writer:
    def __init__(self, book, form):
        self._book, self._form = book, form
        self._sheet = book.add_worksheet()
        self._bold = book.add_format({"bold": True})
        self._formats = {
            "monetary": book.add_format({"num_format": "#,##0.00"}),
            "integer": book.add_format({"num_format": "#,##0"}),
        }
        self._row = 0
        self._chart_row = 0
        for column, (name, _span) in enumerate(COLUMNS):
            self._sheet.set_column(column, column, WIDTHS.get(name, 13))

    def add_section(self, title, lines):
        """A title, the heads of the columns, and a row for each line."""
        self._sheet.write(self._row, 0, title, self._bold)
        self._row += 1
        for column, (name, _span) in enumerate(COLUMNS):
            label = self._form._get_label(LINE, name)
            self._sheet.write(self._row, column, label, self._bold)
        first = self._row + 1
        for self._row, line in enumerate(lines, first):
            for column, (name, _span) in enumerate(COLUMNS):
                self._write(column, line, name)
        if lines[0].section in CHARTED:
            self._add_chart(title, first, self._row)
        self._row += 2

    def _write(self, column, line, name):
        if line._is_unknown(name):
            return
        field, value = line._fields[name], line[name]
        if field.type == "char":
            # a name that begins with = is no formula
            self._sheet.write_string(self._row, column, value or "")
            return
        if field.type == "float":
            places = field.get_digits(line.env)[1]
            key = f"float{places}"
            if key not in self._formats:
                pattern = f"#,##0.{'0' * places}"
                self._formats[key] = self._book.add_format({"num_format": pattern})
            value = round(value, places)
        else:
            key = field.type
        self._sheet.write_number(self._row, column, value, self._formats[key])

    def _add_chart(self, title, first, last):
        chart = self._book.add_chart({"type": "pie"})
        name = self._sheet.get_name()
        chart.add_series(
            {
                "categories": [name, first, 0, last, 0],
                "values": [name, first, 1, last, 1],
            }
        )
        chart.set_title({"name": title})
        self._sheet.insert_chart(self._chart_row, len(COLUMNS) + 1, chart)
        self._chart_row += 16
