"""Writing the form as a workbook: blank, or with what is on file."""

import datetime
import io

import xlsxwriter

from . import layout

# Columns: label, value, value, label, value, value, value, hidden mark of a line.
LAST_COLUMN, KEY_COLUMN = 6, 7
WIDTHS = (20, 16, 16, 20, 14, 14, 24)
VALUE_SPANS = {0: (1, 2), 3: (4, 6)}
WIDE_SPAN = (1, LAST_COLUMN)
LIST_SHEET = "Lists"
MAX_CELL_LENGTH = 32767
# Days that spreadsheets count otherwise than the calendar lie before this one.
FIRST_SERIAL_DATE = datetime.date(1900, 3, 1)
BLANK_TRADE_LINES, MOST_TRADE_LINES, SPARE_LINES = 10, 200, 5
YEAR_LINES = 3
# Of a wide cell: characters in a line (Chinese ones are twice as wide), its height.
WIDE_CHARACTERS, LINE_HEIGHT, MIN_LINES, MAX_LINES = 50, 15, 2, 20
ROW_HEIGHT = 19
MARGIN = 0.5  # inches
LABEL_COLOR, TITLE_COLOR, INPUT_COLOR = "#EFEFEF", "#D6DCE4", "#FFFBE6"
BORDER_COLOR = "#808080"


class FormWriter:
    """Writes one form.

    :param lang: language of the form's own words, one of ``layout.LANGUAGES``
    :param dossier: whose values are filled in; empty for the blank form
    """

    def __init__(self, env, lang, dossier):
        self.env, self.lang = env, lang
        self.dossier = layout.in_language(dossier, lang)

    def get_content(self):
        """The workbook.

        :return: bytes
        :raises AccessError: when the dossier is closed to the user
        """
        self.dossier.check_access("read")
        if self.dossier:
            self.dossier._on_taken_out("export")
        output = io.BytesIO()
        with xlsxwriter.Workbook(output, {"in_memory": True}) as book:
            self._book = book
            self._formats = {}
            self._sheet = book.add_worksheet(layout.TITLE.to(self.lang))
            self._lists = book.add_worksheet(LIST_SHEET)
            self._list_ranges = {}
            self._write_lists()
            self._write_head()
            for section in layout.SECTIONS:
                self._write_section(section)
            self._finish()
        return output.getvalue()

    # Formats ----------------------------------------------------------------------

    def _get_format(self, **properties):
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            base = {
                "border": 1,
                "valign": "vcenter",
                "text_wrap": True,
                "font_size": 10,
                "border_color": BORDER_COLOR,
            }
            self._formats[key] = self._book.add_format({**base, **properties})
        return self._formats[key]

    def _get_input_format(self, form_field, record, is_locked=False):
        return self._get_format(
            num_format=self._get_number_format(form_field, record),
            bg_color=INPUT_COLOR,
            locked=is_locked,
            align="left",
            indent=1,
        )

    def _get_number_format(self, form_field, record):
        kind = self._get_kind(form_field)
        if kind == "monetary":
            return self._get_money_format(record)
        if kind == "integer":
            return "0" if form_field.name == "year" else "#,##0"
        return "yyyy-mm-dd" if kind == "date" else "@"

    def _get_money_format(self, record):
        """Amounts in another currency than the company's say in which."""
        company = self.dossier.company_id or self.env.company
        currency = record.currency_id if record else company.currency_id
        is_own = not currency or currency == company.currency_id
        return "#,##0.00" if is_own else f'#,##0.00 "{currency.name}"'

    def _get_kind(self, form_field):
        return self.env[form_field.model]._fields[form_field.name].type

    # Lists ------------------------------------------------------------------------

    def _write_lists(self):
        """Put the choices on a sheet of their own, for the drop-downs."""
        dossiers = self.env["customer.dossier"]
        grades = layout.in_language(self.env["customer.credit.grade"], self.lang)
        lists = {
            name: [label.to(self.lang) for _code, label in choices]
            for name in layout.CHOICES
            for choices in [layout.get_choices(dossiers, name)]
        }
        lists["credit_grade_id"] = grades.search([]).mapped("name")
        lists["is_breach"] = [layout.YES.to(self.lang), layout.NO.to(self.lang)]
        for column, (name, words) in enumerate(lists.items()):
            for row, word in enumerate(words):
                self._lists.write_string(row, column, word)
            if words:
                letter = chr(ord("A") + column)
                self._list_ranges[name] = (
                    f"={LIST_SHEET}!${letter}$1:${letter}${len(words)}"
                )
        self._lists.hide()

    # Rows -------------------------------------------------------------------------

    def _write_head(self):
        sheet, title = self._sheet, self._get_format(bold=True, border=0, font_size=16)
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        sheet.set_default_row(ROW_HEIGHT)
        sheet.set_column(KEY_COLUMN, KEY_COLUMN, None, None, {"hidden": True})
        sheet.write_string(0, 0, layout.get_marker(self.lang))
        sheet.set_row(0, None, None, {"hidden": True})
        sheet.merge_range(1, 0, 1, LAST_COLUMN, layout.TITLE.to(self.lang), title)
        hint = self._get_format(border=0, italic=True)
        sheet.merge_range(2, 0, 2, LAST_COLUMN, layout.HINT.to(self.lang), hint)
        sheet.set_row(2, 28)
        self._row = 3

    def _write_section(self, section):
        if section.title:
            self._write_title(section)
        if section.columns:
            self._write_table(section)
        self._write_fields(section)

    def _write_title(self, section):
        color = LABEL_COLOR if section.is_sub else TITLE_COLOR
        style = self._get_format(bold=True, bg_color=color, indent=1)
        title = section.title.to(self.lang)
        self._sheet.merge_range(self._row, 0, self._row, LAST_COLUMN, title, style)
        self._row += 1

    def _write_fields(self, section):
        column = 0
        for form_field in section.fields:
            if form_field.is_wide and column:
                self._close_row()
                column = 0
            span = WIDE_SPAN if form_field.is_wide else VALUE_SPANS[column]
            self._write_label(self._row, column, form_field)
            self._write_merged(span, section, form_field)
            if form_field.is_wide or column:
                self._row, column = self._row + 1, 0
            else:
                column = 3
        if column:
            self._close_row()

    def _close_row(self):
        """Frame the half of a row that no field takes."""
        style = self._get_format(bg_color=LABEL_COLOR)
        first, last = 3, LAST_COLUMN
        self._sheet.merge_range(self._row, first, self._row, last, "", style)
        self._row += 1

    def _write_label(self, row, column, form_field):
        label = form_field.label.to(self.lang)
        style = self._get_format(bg_color=LABEL_COLOR, bold=True, indent=1)
        self._sheet.write_string(row, column, label, style)

    def _write_merged(self, span, section, form_field):
        record = self._get_record(section, form_field)
        is_locked = form_field.name == "number" and bool(self.dossier)
        style = self._get_input_format(form_field, record, is_locked)
        first, last = span
        self._sheet.merge_range(self._row, first, self._row, last, "", style)
        self._write_value(self._row, first, form_field, record, style)
        if form_field.is_wide and self._get_kind(form_field) == "text":
            self._fit_row(record[form_field.name] if record else "")

    def _fit_row(self, text):
        """Make room for a text: programs don't, where cells are merged."""
        lines = sum(
            1 + len(line) // WIDE_CHARACTERS for line in (text or "").split("\n")
        )
        height = LINE_HEIGHT * min(max(lines, MIN_LINES), MAX_LINES)
        self._sheet.set_row(self._row, height)

    def _get_record(self, section, form_field):
        """The record whose value stands in the cell; empty in a blank form."""
        if section.key in dict(layout.CAPACITIES):
            person = self.dossier.person_ids.filtered(
                lambda p: p.active and p.capacity == section.key
            )[:1]
            return person if form_field.model == layout.PERSON else person.partner_id
        is_partner = form_field.model == layout.PARTNER
        return self.dossier.partner_id if is_partner else self.dossier

    # Tables -------------------------------------------------------------------------

    def _write_table(self, section):
        for column, form_field in enumerate(section.columns):
            self._write_label(self._row, column, form_field)
        self._sheet.write_string(self._row, KEY_COLUMN, layout.KEY_COLUMN.to(self.lang))
        self._row += 1
        lines, count = getattr(self, f"_get_{section.key}_lines")()
        for line in lines:
            self._write_line(section, line)
        for _spare in range(count):
            self._write_line(section, lines.browse())

    def _get_years_lines(self):
        lines = self.dossier.yearly_figure_ids.filtered("active")
        lines = lines.sorted("year", reverse=True)[:YEAR_LINES]
        return lines, max(YEAR_LINES - len(lines), bool(self.dossier))

    def _get_trade_lines(self):
        lines = self.dossier.transaction_ids.filtered("active")[:MOST_TRADE_LINES]
        return lines, max(BLANK_TRADE_LINES - len(lines), SPARE_LINES)

    def _write_line(self, section, line):
        for column, form_field in enumerate(section.columns):
            style = self._get_input_format(form_field, line)
            self._write_value(self._row, column, form_field, line, style)
        if line:
            self._sheet.write_string(self._row, KEY_COLUMN, str(line.id))
        self._row += 1

    # Values -------------------------------------------------------------------------

    def _write_value(self, row, column, form_field, record, style):
        kind = self._get_kind(form_field)
        self._add_validation(row, column, form_field, kind)
        value = self._get_value(form_field, record, kind)
        if (
            value is None
            or value == ""
            or isinstance(value, str)
            and (len(value) > MAX_CELL_LENGTH)
        ):
            # what doesn't fit into a cell stays as it is on file
            self._sheet.write_blank(row, column, None, style)
        elif isinstance(value, datetime.date):
            self._sheet.write_datetime(row, column, value, style)
        elif isinstance(value, str):
            # whatever a user wrote stays text, a formula too
            self._sheet.write_string(row, column, value, style)
        else:
            self._sheet.write_number(row, column, value, style)

    def _get_value(self, form_field, record, kind):
        if not record:
            return None
        value = record[form_field.name]
        if kind == "boolean":
            return (layout.YES if value else layout.NO).to(self.lang)
        if kind in ("integer", "monetary"):
            is_needed = self.env[form_field.model]._fields[form_field.name].required
            return value if value or is_needed else None
        if not value:
            return None
        if kind == "selection":
            choices = layout.get_choices(self.env[form_field.model], form_field.name)
            return dict(choices)[value].to(self.lang)
        if kind == "date":
            return value if value >= FIRST_SERIAL_DATE else value.isoformat()
        return value.display_name if kind == "many2one" else value

    def _add_validation(self, row, column, form_field, kind):
        """Offer the choices of a list; numbers and dates are checked when read in."""
        if source := self._list_ranges.get(form_field.name):
            self._sheet.data_validation(
                row, column, row, column, {"validate": "list", "source": source}
            )

    def _finish(self):
        sheet = self._sheet
        sheet.protect(
            "", {"format_rows": True, "format_columns": True, "insert_rows": True}
        )
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.set_margins(MARGIN, MARGIN, MARGIN, MARGIN)
        sheet.set_footer("&L&A&R&P / &N", {"margin": MARGIN / 2})
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        sheet.activate()
