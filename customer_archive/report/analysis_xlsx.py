"""The analysis report as a spreadsheet: the lines of the print, and its charts."""

import io

import xlsxwriter

from .analysis import CHARTED, COLUMNS, LINE

WIDTHS = {"name": 24}
# Rows and columns of the sheet that a chart covers.
CHART_ROWS, CHART_COLUMNS = 16, 8


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
        if len(lines) > 1:
            self._add_charts(title, first, self._row)
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

    def _add_charts(self, title, first, last):
        """Bars beside the figures they are drawn from, one chart a figure."""
        sheet = self._sheet.get_name()
        names = [name for name, _span in COLUMNS]
        for place, name in enumerate(CHARTED):
            chart = self._book.add_chart({"type": "bar"})
            column = names.index(name)
            chart.add_series(
                {
                    "categories": [sheet, first, 0, last, 0],
                    "values": [sheet, first, column, last, column],
                    "data_labels": {"value": True},
                }
            )
            label = self._form._get_label(LINE, name)
            chart.set_title({"name": f"{title}: {label}"})
            chart.set_legend({"none": True})
            # the first line on top, as in the table
            chart.set_y_axis({"reverse": True})
            left = len(COLUMNS) + 1 + place * CHART_COLUMNS
            self._sheet.insert_chart(self._chart_row, left, chart)
        self._chart_row += CHART_ROWS
