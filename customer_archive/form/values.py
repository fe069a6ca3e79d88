"""From what people write into a cell to the value of a field."""

import datetime
import math
import re

from odoo import fields

from . import layout
from .cells import FormProblem, to_key, to_plain, to_text

MAX_LINE, MAX_TEXT = 250, 10000
MAX_INTEGER, MAX_AMOUNT = 2**31 - 1, 10**13
# Digits a spreadsheet keeps of a number; the rest of a bank account would be lost.
MAX_DIGITS = 15
MOST_SHOWN = 10

NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+)(?:\.\d+)?")
YEAR_FIRST = re.compile(
    r"(\d{4})\s*([-/.年])\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?"
)
DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
MIDNIGHT = re.compile(r"[T ]0?0:00(:00)?(\.0+)?Z?$")
BIG_UNITS = re.compile(r"[万亿萬億千百kKmM]\s*元?$")
SIGNS = re.compile(r"^¥\s*|\s*[元人]$")
TRUE_KEYS = {"是", "有", "yes", "y", "true", "1"}
FALSE_KEYS = {"否", "无", "没有", "no", "n", "false", "0"}


class ValueReader:
    """Reads entries of a form in the language ``lang`` as values of Odoo fields.

    ``parse`` raises :class:`FormProblem` with what is wrong, in plain words.
    """

    def __init__(self, env, lang):
        self.env = env
        self.lang = lang
        self._lists = {}

    def parse(self, field, cell):
        """The value of ``cell`` for the field that ``field`` of the form stands for."""
        self._check_kind(cell)
        kind = self.env[field.model]._fields[field.name].type
        value = getattr(self, f"_read_{kind}")(field, cell.value)
        self._check_sense(field, value)
        return value

    def check_length(self, field, value):
        """Refuse a text that no field of the form is meant for."""
        kind = self.env[field.model]._fields[field.name].type
        limit = MAX_TEXT if kind == "text" else MAX_LINE
        if isinstance(value, str) and len(value) > limit:
            raise FormProblem(
                self.env._(
                    "The text is too long: %(length)s characters, at most %(limit)s.",
                    length=len(value),
                    limit=limit,
                )
            )

    def _check_kind(self, cell):
        if cell.kind == "f":
            raise FormProblem(
                self.env._(
                    "This is a formula. Write the value itself (copy it, and paste the "
                    "value only)."
                )
            )
        if cell.kind == "e":
            raise FormProblem(
                self.env._("The cell shows an error: %(value)s.", value=cell.value)
            )

    def _check_sense(self, field, value):
        if field.is_positive and value < 0:
            raise FormProblem(self.env._("A negative number makes no sense here."))
        if isinstance(value, datetime.date):
            if not 1500 <= value.year <= 2200:
                raise FormProblem(
                    self.env._("The year %(year)s can't be right.", year=value.year)
                )
            today = fields.Date.context_today(self.env["customer.dossier"])
            if field.is_past and value > today:
                raise FormProblem(
                    self.env._(
                        "The date %(date)s lies in the future.", date=value.isoformat()
                    )
                )

    # Texts --------------------------------------------------------------------

    def _read_char(self, field, value):
        return " ".join(self._read_text(field, value).split("\n"))

    def _read_text(self, field, value):
        if isinstance(value, str):
            return to_text(value)
        if isinstance(value, bool):
            raise FormProblem(self.env._("TRUE or FALSE is no text."))
        if isinstance(value, int | float):
            return self._read_digits(value)
        if isinstance(value, datetime.datetime | datetime.date):
            return value.isoformat().removesuffix("T00:00:00")
        return to_text(str(value))

    def _read_digits(self, value):
        """A number that was meant as text: a phone, a postal code, an account."""
        if not math.isfinite(value) or abs(value) >= 10**MAX_DIGITS:
            raise FormProblem(
                self.env._(
                    "The spreadsheet program took this for a number, and lost the last "
                    "digits. Write it as text: format the cell as text first."
                )
            )
        return str(int(value)) if value == int(value) else repr(value)

    # Numbers ------------------------------------------------------------------

    def _read_monetary(self, field, value):
        number = self._read_number(value)
        if abs(number) > MAX_AMOUNT:
            raise FormProblem(self.env._("The number is too large."))
        return number

    def _read_integer(self, field, value):
        number = self._read_number(value)
        if number != int(number):
            raise FormProblem(
                self.env._("A whole number is needed, not %(value)s.", value=value)
            )
        if abs(number) > MAX_INTEGER:
            raise FormProblem(self.env._("The number is too large."))
        return int(number)

    def _read_number(self, value):
        if isinstance(value, str):
            return self._read_written_number(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise FormProblem(
                self.env._("“%(value)s” is no number.", value=_to_shown(value))
            )
        if isinstance(value, float) and not math.isfinite(value):
            raise FormProblem(self.env._("The number is too large."))
        return value

    def _read_written_number(self, value):
        text = to_plain(value)
        if BIG_UNITS.search(text):
            raise FormProblem(
                self.env._(
                    "“%(value)s”: write the number in full, without units such as 万 "
                    "or 亿.",
                    value=_to_shown(value),
                )
            )
        text = SIGNS.sub("", text)
        if not NUMBER.fullmatch(text):
            raise FormProblem(
                self.env._(
                    "“%(value)s” is no number. Write it like 1000.50.",
                    value=_to_shown(value),
                )
            )
        return float(text.replace(",", "").replace(" ", ""))

    # Dates --------------------------------------------------------------------

    def _read_date(self, field, value):
        if isinstance(value, datetime.datetime):
            return value.date()
        if isinstance(value, datetime.date):
            return value
        text = str(value) if isinstance(value, int) else value
        if isinstance(text, str) and (date := self._read_written_date(text)):
            return date
        raise FormProblem(
            self.env._(
                "“%(value)s” is no date. Write it like 2026-11-22.",
                value=_to_shown(value),
            )
        )

    def _read_written_date(self, value):
        text = MIDNIGHT.sub("", to_plain(value))
        try:
            if match := YEAR_FIRST.fullmatch(text):
                year, _sign, month, day = match.groups()
            elif match := COMPACT.fullmatch(text):
                year, month, day = match.groups()
            elif match := DAY_FIRST.fullmatch(text):
                day, month, year = match.groups()
            elif match := SLASHED.fullmatch(text):
                day, month, year = self._order_slashed(value, *match.groups())
            else:
                return None
            return datetime.date(int(year), int(month), int(day))
        except ValueError:
            return None

    def _order_slashed(self, value, first, second, year):
        """Day and month of a date that writes both in front; only one order may fit."""
        if first == second or int(first) > 12:
            return first, second, year
        if int(second) > 12:
            return second, first, year
        raise FormProblem(
            self.env._(
                "“%(value)s” may be one of two dates. Write it like 2026-11-22.",
                value=_to_shown(value),
            )
        )

    # Lists --------------------------------------------------------------------

    def _read_boolean(self, field, value):
        if isinstance(value, bool):
            return value
        key = to_key(str(value))
        if key in TRUE_KEYS | FALSE_KEYS:
            return key in TRUE_KEYS
        raise FormProblem(
            self.env._("“%(value)s”: answer with 是 (yes) or 否 (no).", value=value)
        )

    def _read_selection(self, field, value):
        choices = layout.get_choices(self.env[field.model], field.name)
        own = self.env[field.model]._fields[field.name]._description_selection(self.env)
        codes = {to_key(text): code for code, text in own}
        for code, label in choices:
            codes |= {to_key(text): code for text in (code, *label.both)}
        return self._choose(
            value, codes, [label.to(self.lang) for _c, label in choices]
        )

    def _read_many2one(self, field, value):
        if field.name not in self._lists:
            self._lists[field.name] = getattr(self, f"_list_{field.name}")()
        names, shown = self._lists[field.name]
        found = self._choose(value, names, shown)
        if len(found) > 1:
            raise FormProblem(
                self.env._(
                    "There are %(count)s called “%(value)s”.",
                    count=len(found),
                    value=_to_shown(value),
                )
            )
        return found.id

    def _choose(self, value, options, shown):
        key = to_key(value) if isinstance(value, str) else to_key(str(value))
        if key in options:
            return options[key]
        if shown:
            raise FormProblem(
                self.env._(
                    "“%(value)s” is not in the list: %(choices)s.",
                    value=_to_shown(value),
                    choices=self.env._(", ").join(shown[:MOST_SHOWN]),
                )
            )
        raise FormProblem(
            self.env._("Nobody here is called “%(value)s”.", value=_to_shown(value))
        )

    def _list_credit_grade_id(self):
        grades = self.env["customer.credit.grade"].search([])
        names = {}
        for lang, _name in self.env["res.lang"].get_installed():
            for grade in grades.with_context(lang=lang):
                names.setdefault(to_key(grade.name), grades.browse())
                names[to_key(grade.name)] |= grades.browse(grade.id)
        return names, grades.mapped("name")

    def _list_user_id(self):
        users = self.env["res.users"].search([("share", "=", False)])
        names = {}
        for user in users:
            for name in (user.name, user.login):
                names[to_key(name)] = names.get(to_key(name), users.browse()) | user
        # whom the company employs is not told to whoever guesses a name
        return names, []


def _to_shown(value):
    text = to_plain(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 50 else f"{text[:50]}…"
