"""Finding the fields of the form in a sheet, by their labels."""

import itertools
from dataclasses import dataclass, field

from odoo.exceptions import UserError

from . import layout
from .cells import to_key
from .workbook import FormWorkbook

TITLES = {
    to_key(text): section
    for section in layout.SECTIONS
    if section.title
    for text in section.title.both
}
FIXED = {to_key(text) for label in (layout.TITLE, layout.HINT) for text in label.both}
LABELS = {
    to_key(text)
    for section in layout.SECTIONS
    for one in section.columns
    for text in one.label.both
}
# Words that make a row the head of a table.
HEAD_LABELS = 2


@dataclass
class FormContent:
    """What stands in a form: entries by section and field, rows of its tables."""

    lang: str
    cells: dict = field(default_factory=dict)
    rows: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)

    def get(self, section_key, name):
        return self.cells.get((section_key, name))


class FormReader:
    """Reads an uploaded file as a form.

    Labels are found by their words, so rows and columns may have moved; what stands
    next to no label is a problem rather than lost.
    """

    def __init__(self, env):
        self.env = env

    def parse(self, content):
        """The form in the file ``content``.

        :return: :class:`FormContent`
        :raises UserError: when the file can't be read, or is none of our forms
        """
        forms = FormWorkbook(self.env, content).read_forms(layout.FORM_ID)
        if not forms:
            raise UserError(
                self.env._(
                    "This is not the customer form of this archive. Download the blank "
                    "form, and copy the entries into it."
                )
            )
        if len(forms) > 1:
            raise UserError(
                self.env._("The file holds two forms. Save each in a file of its own.")
            )
        marker, rows = forms[0]
        self._content = FormContent(self._get_lang(marker))
        self._marker = marker
        self._section, self._columns = layout.SECTIONS[0], {}
        self._titles = []
        self._width = self._get_width(rows)
        for row in rows:
            self._read_row(row)
        self._check_titles()
        return self._content

    def _get_lang(self, marker):
        lang = marker.rpartition("/")[2]
        if lang not in layout.LANGUAGES or marker != layout.get_marker(lang):
            raise UserError(
                self.env._(
                    "This form is of another version. Download the blank form, and "
                    "copy the entries into it."
                )
            )
        return lang

    @staticmethod
    def _get_width(rows):
        """The last column of the form: its hidden one, or the last with a label."""
        marks = set(map(to_key, layout.KEY_COLUMN.both))
        cells = list(itertools.chain(*rows))
        return max(
            [cell.column for cell in cells if cell.key in marks]
            or [cell.column for cell in cells if cell.key in LABELS],
            default=0,
        )

    def _check_titles(self):
        expected = [section for section in layout.SECTIONS if section.title]
        if self._titles == expected:
            return
        for section, found in itertools.zip_longest(expected, self._titles):
            if section != found:
                section = section or found
                raise UserError(
                    self.env._(
                        "The block “%(title)s” is missing, doubled or in another "
                        "place. Download the blank form, and copy the entries into it.",
                        title=section.title.to(self._content.lang),
                    )
                )

    # Rows -----------------------------------------------------------------------

    def _read_row(self, row):
        entries = [cell for cell in row if not self._is_fixed(cell)]
        self._refuse([cell for cell in entries if cell.column > self._width])
        entries = [cell for cell in entries if cell.column <= self._width]
        if not entries:
            return
        first = entries[0]
        if section := TITLES.get(first.key):
            self._section, self._columns = section, {}
            self._titles.append(section)
            self._refuse(entries[1:])
        elif self._find_columns(entries):
            self._columns = self._find_columns(entries)
        elif self._columns and not self._find_field(first):
            self._read_table_row(entries)
        else:
            self._columns = {}
            self._read_fields(entries)

    def _is_fixed(self, cell):
        return cell.value == self._marker or cell.key in FIXED

    def _find_field(self, cell):
        for form_field in self._section.fields:
            if cell.key in map(to_key, form_field.label.both):
                return form_field
        return None

    def _find_columns(self, entries):
        """The columns of a table, if these entries are its head."""
        labels = {
            to_key(text): column
            for column in self._section.columns
            for text in column.label.both
        }
        labels |= {to_key(text): None for text in layout.KEY_COLUMN.both}
        found = {
            cell.column: labels[cell.key] for cell in entries if cell.key in labels
        }
        is_head = len(found) == len(entries) >= HEAD_LABELS
        return found if is_head and self._section.columns else {}

    def _read_table_row(self, entries):
        self._refuse([cell for cell in entries if cell.column not in self._columns])
        row = {
            getattr(self._columns[cell.column], "name", "id"): cell
            for cell in entries
            if cell.column in self._columns
        }
        if row.keys() - {"id"}:
            self._content.rows.setdefault(self._section.key, []).append(row)

    def _read_fields(self, entries):
        form_field, is_filled = None, False
        for cell in entries:
            found = self._find_field(cell)
            if found:
                form_field, is_filled = found, False
                self._add_label(cell, found)
            elif form_field is None or is_filled:
                self._refuse([cell])
            else:
                is_filled = True
                key = self._section.key, form_field.name
                self._content.cells[key] = cell

    def _add_label(self, cell, form_field):
        key = self._section.key, form_field.name
        if key in self._content.cells:
            self._add_problem(
                cell,
                self.env._(
                    "“%(label)s” stands twice.",
                    label=form_field.label.to(self._content.lang),
                ),
            )

    def _refuse(self, entries):
        for cell in entries:
            self._add_problem(
                cell,
                self.env._(
                    "This entry belongs to no field of the form. Move it into a field, "
                    "or delete it."
                ),
            )

    def _add_problem(self, cell, message):
        self._content.problems.append((cell, message))
