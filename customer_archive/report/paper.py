"""Sheets of paper with a title, tables and a foot, as one PDF."""

import io
from collections import defaultdict
from dataclasses import dataclass
from itertools import product

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from . import fonts, grid

MARGIN = 42
# From the edge of the paper to the small lines at its head and foot.
HEAD_LINE, FOOT_LINE = 30, 28
# What is left of the foot on either side of the page number.
FOOT_SHARE = 0.42
BODY_TOP, BODY_BOTTOM = 50, 44
TITLE_SIZE, SMALL_SIZE = 17, 8
FILLS = {"label": 0.955, "head": 0.89}
BAR_GRAY, BAR_MARGIN = 0.78, 2
LINE_WIDTH, FRAME_WIDTH = 0.5, 1.1
VISIBLE, INVISIBLE = 0, 3
WATERMARK_GRAY, WATERMARK_SIZE, WATERMARK_ANGLE = 0.9, 22, 45
WATERMARK_STEP = 250


@dataclass(frozen=True)
class Sheet:
    """One form of one customer, or a list; its pages are counted by themselves.

    :param tables: tuple of grid.Table
    :param company: whose form it is
    :param mark: what stands at the foot, to put a lost page back: a number
    """

    title: str
    tables: tuple
    company: str = ""
    mark: str = ""
    is_landscape: bool = False


class Paper:
    """Draws sheets one after the other.

    :param title: title of the document
    :param foot: small text at the foot of each page, at the right
    :param format_page: function of page and number of pages that gives their text
    :param watermark: text in pale letters across each page
    """

    def __init__(self, title, author, foot, format_page, watermark=""):
        fonts.register()
        self._output = io.BytesIO()
        self._canvas = Canvas(self._output, pagesize=A4, pageCompression=1)
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas._doc.unicode_tables = {}
        self._used = defaultdict(set)
        self._foot, self._format_page = foot, format_page
        self._watermark = watermark
        self.page_count = 0

    def add(self, sheet):
        """Draw a sheet, on as many pages as it needs."""
        width, height = landscape(A4) if sheet.is_landscape else A4
        self._height = height
        body_width = width - 2 * MARGIN
        title = grid.wrap(sheet.title, TITLE_SIZE, body_width)
        title_height = (len(title) + 0.6) * TITLE_SIZE * grid.LEADING
        room = height - BODY_TOP - BODY_BOTTOM
        unit = body_width / grid.UNITS
        paginator = grid.Paginator(unit, room - title_height, room)
        for table in sheet.tables:
            paginator.add(table)
        for number, page in enumerate(paginator.pages, 1):
            self._canvas.setPageSize((width, height))
            self._draw_watermark(width)
            top = BODY_TOP
            if number == 1:
                box = (MARGIN, top, body_width)
                self._draw_lines(box, title, TITLE_SIZE, "center")
                top += title_height
            self._draw_bands(page, top, unit)
            self._draw_edges(sheet, body_width, number, len(paginator.pages))
            self._canvas.showPage()
        self.page_count += len(paginator.pages)

    def get_content(self):
        """The PDF.

        :return: bytes
        """
        for name, table in self._canvas._doc.unicode_tables.items():
            table.content = fonts.get_unicode_table(self._used[name])
        self._canvas.save()
        return self._output.getvalue()

    # Small lines ----------------------------------------------------------------

    def _draw_edges(self, sheet, width, number, count):
        foot = self._height - FOOT_LINE
        page = self._format_page(number, count)
        title = sheet.title if number > 1 else ""
        for text, top, align in (
            (sheet.company, HEAD_LINE, "left"),
            (title, HEAD_LINE, "right"),
            (sheet.mark, foot, "left"),
            (page, foot, "center"),
        ):
            line = grid.wrap(text, SMALL_SIZE, width)[:1]
            self._draw_lines((MARGIN, top, width), line, SMALL_SIZE, align)
        side = width * FOOT_SHARE
        lines = grid.wrap(self._foot, SMALL_SIZE, side)[:2]
        self._draw_lines(
            (MARGIN + width - side, foot, side), lines, SMALL_SIZE, "right"
        )

    def _draw_watermark(self, width):
        """Across the page and again and again, so that no part of it is without."""
        if not self._watermark:
            return
        canvas, lines = self._canvas, grid.wrap(self._watermark, WATERMARK_SIZE, width)
        canvas.setFillGray(WATERMARK_GRAY)
        places = product(
            range(MARGIN, int(width) - WATERMARK_STEP, 2 * WATERMARK_STEP),
            range(-WATERMARK_STEP, int(self._height), WATERMARK_STEP),
        )
        for place in places:
            canvas.saveState()
            canvas.translate(*place)
            canvas.rotate(WATERMARK_ANGLE)
            self._draw_lines((0, self._height, width), lines, WATERMARK_SIZE, "left")
            canvas.restoreState()
        canvas.setFillGray(0)

    # Tables ---------------------------------------------------------------------

    def _draw_bands(self, page, top, unit):
        for offset, band in page.bands:
            self._draw_band(band, top + offset, unit)
        if page.bands:
            width = grid.UNITS * unit
            self._draw_box((MARGIN, top, width), page.height, None, FRAME_WIDTH)

    def _draw_band(self, band, top, unit):
        left = MARGIN
        for cell in band.merged:
            self._draw_cell(cell, (left, top, cell.span * unit), band.height)
            left += cell.span * unit
        for row in band.rows:
            x = left
            for cell in row.cells:
                self._draw_cell(cell, (x, top, cell.span * unit), row.height)
                x += cell.span * unit
            top += row.height

    def _draw_cell(self, cell, box, height):
        x, top, width = box
        self._draw_box(box, height, FILLS.get(cell.kind), LINE_WIDTH)
        if cell.bar:
            self._draw_bar(box, height, cell.bar)
        text_top = top + (height - len(cell.lines) * cell.leading) / 2
        inner = (x + grid.PADDING, text_top, width - 2 * grid.PADDING)
        self._draw_lines(inner, cell.lines, cell.size, cell.align)

    def _draw_box(self, box, height, fill, line_width):
        x, top, width = box
        canvas = self._canvas
        canvas.setLineWidth(line_width)
        if fill:
            canvas.setFillGray(fill)
        canvas.rect(x, self._height - top - height, width, height, fill=bool(fill))
        canvas.setFillGray(0)

    def _draw_bar(self, box, height, part):
        """A bar from the left, as long as ``part`` of the room; a text is over it."""
        x, top, width = box
        bottom = self._height - top - height
        canvas = self._canvas
        canvas.setFillGray(BAR_GRAY)
        canvas.rect(
            x + BAR_MARGIN,
            bottom + BAR_MARGIN,
            part * (width - 2 * BAR_MARGIN),
            height - 2 * BAR_MARGIN,
            stroke=0,
            fill=1,
        )
        canvas.setFillGray(0)

    # Texts ----------------------------------------------------------------------

    def _draw_lines(self, box, lines, size, align):
        left, top, width = box
        for line in lines:
            rest = width - sum(run[2] for run in line)
            x = left + rest * {"left": 0, "center": 0.5, "right": 1}[align]
            # the middle of a Chinese character lies a third above its base line
            y = self._height - top - size * (grid.LEADING / 2 + 0.35)
            for name, text, length in line:
                self._draw_run(x, y, name, text, size)
                x += length
            top += size * grid.LEADING

    def _draw_run(self, x, y, name, text, size):
        self._used[name].update(text)
        shape = self._canvas.beginText(x, y)
        shape.setFont(name, size)
        if text in fonts.BOXES:
            # the text is there to be copied, what is seen is drawn
            shape.setTextRenderMode(INVISIBLE)
            self._draw_check_box(x, y, size, text == fonts.TICKED_BOX)
        shape.textOut(text)
        shape.setTextRenderMode(VISIBLE)
        self._canvas.drawText(shape)

    def _draw_check_box(self, x, y, size, is_ticked):
        self._canvas.setLineWidth(LINE_WIDTH)
        side, bottom = size * 0.72, y - size * 0.06
        x += size * 0.1
        self._canvas.rect(x, bottom, side, side)
        if is_ticked:
            self._canvas.setLineWidth(LINE_WIDTH * 2.4)
            points = ((0.18, 0.5), (0.42, 0.22), (0.86, 0.84))
            (x1, y1), (x2, y2), (x3, y3) = (
                (x + side * a, bottom + side * b) for a, b in points
            )
            self._canvas.lines([(x1, y1, x2, y2), (x2, y2, x3, y3)])
