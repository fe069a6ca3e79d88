"""Entries of a spreadsheet, and the texts in them, as people mean them."""

import re
import unicodedata
from dataclasses import dataclass

# Never seen on screen, often brought along by copying: zero width, direction, BOM.
HIDDEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
CARRIAGE_RETURN = re.compile(r"_x000D_|\r\n?", re.I)


@dataclass(frozen=True)
class Cell:
    """An entry: where it stands, what it is."""

    coordinate: str
    row: int
    column: int
    value: object
    kind: str = "n"

    @property
    def key(self):
        return to_key(self.value) if isinstance(self.value, str) else None


class FormProblem(Exception):
    """What is wrong with an entry, in the user's words."""


def to_text(value):
    """``value`` without what nobody sees, trimmed."""
    text = CARRIAGE_RETURN.sub("\n", value or "")
    text = CONTROL.sub("", HIDDEN.sub("", text))
    return text.replace("\xa0", " ").strip()


def to_plain(value):
    """``value`` on one line in half-width signs, as numbers and codes are read."""
    return " ".join(unicodedata.normalize("NFKC", to_text(value)).split())


def to_key(value):
    """``value`` as labels, codes and names are compared."""
    return "".join(to_plain(value).casefold().split()).strip(":*□☐☑■√✓")
