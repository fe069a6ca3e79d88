"""Tables as a paper form has them: cells, merged cells, breaks over pages.

Everything is measured here and nothing drawn: how many pages a form has must be
known before its first one is.
"""

import re
from dataclasses import dataclass, field, replace

from . import fonts

SIZE, LIST_SIZE = 9.5, 8.5
LEADING = 1.35
PADDING = 3
# Widths are counted in units; a form is as wide as this many.
UNITS = 60
# What is higher than this is broken over pages, what is lower moves as a whole.
MAX_MOVED = 150
MIN_LINES = 2

OPENING = "（《“‘「『【〈([{"
CLOSING = "，。、；：！？）》”’」』】〉…—%)]},.;:!?"
# What is never parted: a box and what follows, a character and signs beside it, a
# word; an address of mail may be parted behind its @.
TOKEN = re.compile(
    rf" |[{fonts.BOXES}]\xa0*(?:[{fonts.WIDE}]|[^ {fonts.WIDE}]*)"
    rf"|[{re.escape(OPENING)}]*[{fonts.WIDE}][{re.escape(CLOSING)}]*"
    rf"|[^ @{fonts.WIDE}]*@|[^ @{fonts.WIDE}]+[{re.escape(CLOSING)}]*"
)


@dataclass(frozen=True)
class Cell:
    """A text with a border around it.

    :param text: what stands in it; breaks of lines are kept
    :param span: its width in units
    :param kind: ``label``, ``value`` or ``head``
    :param bar: part of its width that is a bar of a chart, 0 to 1
    :param lines: the text as it was broken, known once the cell is measured
    """

    text: str
    span: float
    kind: str = "value"
    align: str = "left"
    size: float = SIZE
    bar: float = 0
    lines: tuple = ()

    @property
    def leading(self):
        return self.size * LEADING

    @property
    def height(self):
        return max(len(self.lines), 1) * self.leading + 2 * PADDING

    def measured(self, unit):
        """The cell with its text broken into lines, on paper with that unit."""
        width = self.span * unit - 2 * PADDING
        return replace(self, lines=tuple(wrap(self.text, self.size, width)))


@dataclass(frozen=True)
class Row:
    cells: tuple
    height: float = 0

    def measured(self, unit):
        cells = tuple(cell.measured(unit) for cell in self.cells)
        return Row(cells, max(self.height, *(cell.height for cell in cells)))

    def split(self, room):
        """What fits of the row, and the rest; None when nothing does."""
        if self.height <= MAX_MOVED:
            return None, self
        counts = [int((room - 2 * PADDING) / cell.leading) for cell in self.cells]
        if min(counts) < MIN_LINES:
            return None, self
        pairs = list(zip(self.cells, counts, strict=True))
        top = [replace(cell, lines=cell.lines[:count]) for cell, count in pairs]
        rest = [replace(cell, lines=cell.lines[count:]) for cell, count in pairs]
        return self._from(top), self._from(rest)

    @staticmethod
    def _from(cells):
        return Row(tuple(cells), max(cell.height for cell in cells))


@dataclass(frozen=True)
class Band:
    """Rows that belong together, beside cells that are merged over all of them.

    :param rows: tuple of Row
    :param merged: cells at the left, each as high as the band
    :param keeps_next: is never the last one on a page
    """

    rows: tuple
    merged: tuple = ()
    keeps_next: bool = False

    @property
    def height(self):
        return sum(row.height for row in self.rows)

    def measured(self, unit):
        merged = tuple(cell.measured(unit) for cell in self.merged)
        rows = tuple(row.measured(unit) for row in self.rows)
        return replace(self, rows=rows, merged=merged)._fitted()

    def _fitted(self):
        """The band with its last row as high as the merged cells ask for."""
        wanted = max((cell.height for cell in self.merged), default=0)
        if (missing := wanted - self.height) <= 0:
            return self
        *rows, last = self.rows
        last = replace(last, height=last.height + missing)
        return replace(self, rows=(*rows, last))

    def split(self, room):
        """What fits of a measured band into ``room``, and the rest.

        Either may be None. The merged cells stand beside both.
        """
        if self.height <= room:
            return self, None
        if self.height <= MAX_MOVED:
            return None, self
        taken, rest, height = [], list(self.rows), 0
        while rest and height + rest[0].height <= room:
            height += rest[0].height
            taken.append(rest.pop(0))
        top, bottom = rest[0].split(room - height)
        if top:
            taken.append(top)
            rest[0] = bottom
        part = replace(self, rows=tuple(taken))._fitted() if taken else None
        if part is None or part.height > room:
            return None, self
        return part, replace(self, rows=tuple(rest))._fitted()


@dataclass(frozen=True)
class Table:
    """Bands one below the other.

    :param head: band that stands again on top of each further page, or None
    """

    bands: tuple
    head: Band | None = None


@dataclass
class Page:
    """Where on a page stands what: ``(y, band)`` from the top of the body."""

    bands: list = field(default_factory=list)
    height: float = 0

    def add(self, band):
        self.bands.append((self.height, band))
        self.height += band.height


class Paginator:
    """Lays tables out on pages.

    :param unit: width of a unit in points
    :param first_height: room on the first page, under the title
    :param height: room on the others
    """

    def __init__(self, unit, first_height, height):
        self.pages = [Page()]
        self._unit = unit
        self._heights = (first_height, height)
        self._head = None
        self._is_fresh = True

    @property
    def _room(self):
        return self._heights[len(self.pages) > 1] - self.pages[-1].height

    def add(self, table):
        """Put ``table`` below what is there."""
        bands = [band.measured(self._unit) for band in table.bands]
        self._head = None
        if table.head:
            head = replace(table.head, keeps_next=True).measured(self._unit)
            self._add_band(head, _get_needed([head, *bands]))
            self._head = head
        for index, band in enumerate(bands):
            self._add_band(band, _get_needed(bands[index:]))

    def _add_band(self, band, needed):
        if needed > self._room and not self._is_fresh:
            self._break()
        rest = band
        while rest:
            part, rest = rest.split(self._room)
            if part is None and self._is_fresh:
                # higher than a page, and nowhere to be broken
                part, rest = rest, None
            if part:
                self.pages[-1].add(part)
                self._is_fresh = False
            if rest:
                self._break()

    def _break(self):
        self.pages.append(Page())
        if self._head:
            self.pages[-1].add(self._head)
        self._is_fresh = True


def _get_needed(bands):
    """Room that the first band and those it may not be parted from need at least."""
    needed = 0
    for band in bands:
        if not band.keeps_next:
            return needed + min(band.height, MAX_MOVED) if needed else 0
        needed += band.height
    return needed


# ----------------------------------------------------------------------
# Breaking texts into lines
# ----------------------------------------------------------------------


def wrap(text, size, width):
    """Break a text into lines.

    :return: list of lines; a line is a list of runs ``(font, text, width)``
    """
    text = fonts.clean(text)
    is_chinese = bool(fonts.HAS_WIDE.search(text))
    lines = []
    for paragraph in text.split("\n"):
        lines += _wrap_paragraph(paragraph, size, width, is_chinese)
    return lines


def _wrap_paragraph(text, size, width, is_chinese):
    lines, line, used = [], [], 0
    for token in TOKEN.findall(text):
        for runs in _get_pieces(token, size, width, is_chinese):
            length = sum(run[2] for run in runs)
            if line and used + length > width:
                lines.append(_join(line))
                line, used = [], 0
                if token == " ":
                    continue
            line += runs
            used += length
    return [*lines, _join(line)]


def _get_pieces(token, size, width, is_chinese):
    """Runs of a token; more than one piece where it is too long for a line."""
    pieces, piece, used = [], [], 0
    for run in _get_runs(token, size, is_chinese):
        if used + run[2] > width and piece:
            pieces.append(piece)
            piece, used = [], 0
        piece.append(run)
        used += run[2]
    return [*pieces, piece]


def _get_runs(token, size, is_chinese):
    """Each character with font and width; a word keeps to one font."""
    found = [(*fonts.get_font(char, is_chinese), char) for char in token]
    names = {name for name, _width, _char in found}
    if names == {fonts.WESTERN, fonts.EMBEDDED}:
        found = [(*fonts.get_embedded(char), char) for char in token]
    return [(name, char, width * size) for name, width, char in found]


def _join(runs):
    """A line: one run for neighbours in the same font, no spaces at its end."""
    while runs and runs[-1][1] == " ":
        runs = runs[:-1]
    joined = []
    for name, text, width in runs:
        is_same = joined and joined[-1][0] == name
        if is_same and not {text, joined[-1][1]} & set(fonts.BOXES):
            _name, before, length = joined[-1]
            joined[-1] = (name, before + text, length + width)
        else:
            joined.append((name, text, width))
    return joined
