"""Many PDFs as one, with page numbers in the corner, written page by page.

Holds one source at a time in memory, however many there are: what was copied is
written at once. What is left is a table of places, by which another process goes on.
"""

import io
import re

from odoo.tools.pdf import PdfFileReader, PdfReadError
from odoo.tools.pdf import pypdf as library

generic = library.generic
Name, Number = generic.NameObject, generic.NumberObject
Dictionary, Array = generic.DictionaryObject, generic.ArrayObject

A4 = (595.276, 841.89)
MARGIN, NUMBER_SIZE = 28, 11
MARK_SIZE, MARK_BOTTOM = 7, 12
# What a page keeps; the rest leads to other pages of its source.
PAGE_KEYS = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
ANNOTATION_KEYS = ("/Type", "/Subtype", "/Rect", "/AP", "/AS", "/F", "/MK", "/Contents")
# What goes on where a volume was left.
STATE = ("_title", "_mark", "_position", "_offsets", "_pages", "_bookmarks")
# The first objects of each volume: table of pages, font of the numbers, "save".
TREE_ID, FONT_ID, SAVE_ID = 1, 2, 3
# Operators that leave a mark on the paper: text, images, strokes and fills.
MARK = re.compile(
    rb"(?:^|[\s\])>])(?:Tj|TJ|'|\"|Do|sh|EI|f\*?|F|B\*?|b\*?|S|s)(?=\s|$)"
)
UNREADABLE = (
    PdfReadError,
    AssertionError,
    AttributeError,
    KeyError,
    IndexError,
    NotImplementedError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
    OSError,
)


class UnreadablePdf(Exception):
    """A file that says it is a PDF and can't be read as one."""


def open_pdf(content):
    """A reader of the PDF ``content``, its pages resolved.

    :raises UnreadablePdf: for damaged files, and for those with a password
    """
    try:
        reader = PdfFileReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadablePdf
        len(reader.pages)
    except UNREADABLE as error:
        raise UnreadablePdf from error
    return reader


def get_marked_pages(content):
    """Whether each page of the PDF bears text or a picture (S0-8), as a list of bool.

    :raises UnreadablePdf: see :func:`open_pdf`
    """
    reader = open_pdf(content)
    try:
        return [is_marked(page) for page in reader.pages]
    except UNREADABLE as error:
        raise UnreadablePdf from error


def is_marked(page):
    """Whether anything is drawn on the page."""
    if page.get("/Annots"):
        return True
    return bool(MARK.search(_get_drawing(page)))


def _get_drawing(page):
    contents = page.get("/Contents")
    contents = contents.get_object() if contents is not None else None
    if contents is None or isinstance(contents, generic.NullObject):
        return b""
    if isinstance(contents, list):
        parts = [part.get_object().get_data() for part in contents]
        return b"\n".join(
            part.encode() if isinstance(part, str) else part for part in parts
        )
    data = contents.get_data()
    return data.encode() if isinstance(data, str) else data


class VolumePdf:
    """Writes a PDF to ``file`` as its parts are added; :meth:`close` ends it.

    Given the ``state`` of another one it goes on where that one was.

    Each part begins on the front of a sheet. Numbers stand in the top right corner of
    fronts and the top left corner of backs (S0-8).

    :param file: binary file open for writing
    :param mark: Latin letters at the foot of each page
    """

    def __init__(self, file, title="", mark="", state=None):
        self._file, self._title = file, title
        self._mark = mark.encode("latin-1", "replace").decode("latin-1")
        self._position = 0
        # where each object stands; there is none of number 0
        self._offsets = [0]
        self._pages = []
        self._bookmarks = []
        if state:
            vars(self).update(zip(STATE, state, strict=True))
        else:
            self._begin()

    def _begin(self):
        self._write(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
        self._new_id()
        self._add_object(
            Dictionary(
                {
                    Name("/Type"): Name("/Font"),
                    Name("/Subtype"): Name("/Type1"),
                    Name("/BaseFont"): Name("/Helvetica"),
                }
            )
        )
        self._add_object(_make_stream(b"q\n"))

    def get_state(self):
        """What another one needs to go on behind what was written so far.

        :return: a list that JSON can hold
        """
        return [getattr(self, name) for name in STATE]

    @property
    def page_count(self):
        """Sides written so far, blank ones too."""
        return len(self._pages)

    def get_content(self):
        """The PDF, where it was written to memory.

        :return: bytes
        """
        return self._file.getvalue()

    def add(self, content, bookmark=None, first_number=None):
        """Append a PDF on a new sheet; number its pages from ``first_number`` on.

        :return: how many pages were numbered
        :raises UnreadablePdf: before anything of it is written
        """
        reader = open_pdf(content)
        try:
            marked = [first_number and is_marked(page) for page in reader.pages]
        except UNREADABLE as error:
            raise UnreadablePdf from error
        self._begin_sheet()
        if bookmark:
            self._bookmarks.append((bookmark, len(self._pages)))
        number = first_number or 0
        copier = _Copier(self)
        for page, has_number in zip(reader.pages, marked, strict=True):
            self._add_page(copier, page, number if has_number else None)
            number += bool(has_number)
            copier.write_pending()
        return number - (first_number or 0)

    def add_readable(self, content, bookmark, first_number):
        """Do as :meth:`add` does, where the PDF can be read.

        :return: whether it could
        """
        try:
            self.add(content, bookmark, first_number)
        except UnreadablePdf:
            return False
        return True

    def close(self):
        """Write the table of pages, the bookmarks and the end of the file."""
        kids = Array(_make_reference(page_id) for page_id in self._pages)
        self._write_object(
            TREE_ID,
            Dictionary(
                {
                    Name("/Type"): Name("/Pages"),
                    Name("/Kids"): kids,
                    Name("/Count"): Number(len(kids)),
                }
            ),
        )
        catalog = Dictionary(
            {
                Name("/Type"): Name("/Catalog"),
                Name("/Pages"): _make_reference(TREE_ID),
            }
        )
        if self._bookmarks:
            catalog[Name("/Outlines")] = _make_reference(self._add_bookmarks())
        root_id = self._add_object(catalog)
        info_id = self._add_object(
            Dictionary({Name("/Title"): generic.create_string_object(self._title)})
        )
        self._write_end(root_id, info_id)

    # Pages ------------------------------------------------------------------

    def _begin_sheet(self):
        if len(self._pages) % 2:
            box = Array(Number(round(value)) for value in (0, 0, *A4))
            self._pages.append(
                self._add_object(
                    Dictionary(
                        {
                            Name("/Type"): Name("/Page"),
                            Name("/Parent"): _make_reference(TREE_ID),
                            Name("/MediaBox"): box,
                            Name("/Resources"): Dictionary(),
                        }
                    )
                )
            )

    def _add_page(self, copier, page, number):
        copy = Dictionary(
            {
                Name("/Type"): Name("/Page"),
                Name("/Parent"): _make_reference(TREE_ID),
            }
        )
        for key in PAGE_KEYS:
            if key in page:
                copy[Name(key)] = copier.translate(page.raw_get(key))
        if annotations := copier.copy_annotations(page):
            copy[Name("/Annots")] = annotations
        contents = copier.copy_contents(page)
        if number is not None or self._mark:
            copy[Name("/Resources")] = copier.copy_resources(page, FONT_ID)
            stamp = self._add_object(_make_stream(self._draw_stamp(page, number)))
            contents = [
                _make_reference(SAVE_ID),
                *contents,
                _make_reference(stamp),
            ]
        if contents:
            copy[Name("/Contents")] = Array(contents)
        self._pages.append(self._add_object(copy))

    def _draw_stamp(self, page, number):
        """The number in the corner of the page as it is looked at, and the mark."""
        box = [float(value) for value in page.cropbox]
        left, bottom = min(box[0], box[2]), min(box[1], box[3])
        width, height = abs(box[2] - box[0]), abs(box[3] - box[1])
        turn = int(page.get("/Rotate", 0) or 0) % 360
        matrix = {
            0: (1, 0, 0, 1, left, bottom),
            90: (0, 1, -1, 0, left + width, bottom),
            180: (-1, 0, 0, -1, left + width, bottom + height),
            270: (0, -1, 1, 0, left, bottom + height),
        }.get(turn, (1, 0, 0, 1, left, bottom))
        if turn in (90, 270):
            width, height = height, width
        place = " ".join(f"{value:.2f}" for value in matrix)
        texts = [(self._mark, MARK_SIZE, MARGIN, MARK_BOTTOM)]
        if number is not None:
            text = str(number)
            text_width = len(text) * NUMBER_SIZE * 0.556  # digits of Helvetica
            is_front = len(self._pages) % 2 == 0
            x = width - MARGIN - text_width if is_front else MARGIN
            texts.append((text, NUMBER_SIZE, x, height - MARGIN))
        shown = "".join(_draw_text(*text) for text in texts if text[0])
        return f"\nQ q {place} cm 0 g {shown}Q\n".encode("latin-1")

    # Bookmarks --------------------------------------------------------------

    def _add_bookmarks(self):
        root_id = self._new_id()
        ids = [self._new_id() for _bookmark in self._bookmarks]
        for index, (title, side) in enumerate(self._bookmarks):
            target = Array([_make_reference(self._pages[side]), Name("/Fit")])
            entry = Dictionary(
                {
                    Name("/Title"): generic.create_string_object(title),
                    Name("/Parent"): _make_reference(root_id),
                    Name("/Dest"): target,
                }
            )
            if index:
                entry[Name("/Prev")] = _make_reference(ids[index - 1])
            if index + 1 < len(ids):
                entry[Name("/Next")] = _make_reference(ids[index + 1])
            self._write_object(ids[index], entry)
        self._write_object(
            root_id,
            Dictionary(
                {
                    Name("/Type"): Name("/Outlines"),
                    Name("/First"): _make_reference(ids[0]),
                    Name("/Last"): _make_reference(ids[-1]),
                    Name("/Count"): Number(len(ids)),
                }
            ),
        )
        return root_id

    # The file ---------------------------------------------------------------

    def _new_id(self):
        self._offsets.append(0)
        return len(self._offsets) - 1

    def _add_object(self, value):
        object_id = self._new_id()
        self._write_object(object_id, value)
        return object_id

    def _write_object(self, object_id, value):
        self._offsets[object_id] = self._position
        buffer = io.BytesIO()
        value.write_to_stream(buffer, None)
        self._write(b"%d 0 obj\n" % object_id + buffer.getvalue() + b"\nendobj\n")

    def _write_end(self, root_id, info_id):
        start, size = self._position, len(self._offsets)
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
        for offset in self._offsets[1:]:
            self._write(b"%010d 00000 n \n" % offset)
        self._write(
            b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R >>\n"
            b"startxref\n%d\n%%%%EOF\n" % (size, root_id, info_id, start)
        )

    def _write(self, data):
        self._file.write(data)
        self._position += len(data)


class _Copier:
    """Copies objects of one source, each once, under new numbers."""

    def __init__(self, target):
        self._target = target
        self._ids = {}
        self._pending = []

    def translate(self, value):
        """``value`` with references to the copies of what it refers to."""
        if isinstance(value, generic.IndirectObject):
            return self._refer(value)
        if isinstance(value, generic.StreamObject):
            return self._copy_stream(value)
        if isinstance(value, dict):
            return self._copy_dictionary(value)
        if isinstance(value, list):
            return Array(self.translate(item) for item in value)
        return value

    def copy_contents(self, page):
        """What draws the page, as a list of references."""
        contents = page.raw_get("/Contents") if "/Contents" in page else None
        resolved = contents.get_object() if contents is not None else None
        if resolved is None or isinstance(resolved, generic.NullObject):
            return []
        if isinstance(resolved, list):
            return [self.translate(part) for part in resolved]
        return [self.translate(contents)]

    def copy_resources(self, page, font_id):
        """The resources of the page, and the font of its number."""
        source = page.get("/Resources", Dictionary())
        resources = self._copy_dictionary(source.get_object())
        fonts = source.get_object().get("/Font", Dictionary()).get_object()
        fonts = self._copy_dictionary(fonts)
        fonts[Name("/CustomerArchive")] = _make_reference(font_id)
        resources[Name("/Font")] = fonts
        return resources

    def copy_annotations(self, page):
        """Filled fields and notes as they look; their links lead nowhere."""
        annotations = page.get("/Annots")
        annotations = annotations.get_object() if annotations is not None else None
        if not isinstance(annotations, list):
            return Array()
        return Array(
            Dictionary(
                {
                    Name(key): self.translate(annotation.raw_get(key))
                    for key in ANNOTATION_KEYS
                    if key in annotation
                }
            )
            for annotation in (item.get_object() for item in annotations)
            if isinstance(annotation, dict) and "/AP" in annotation
        )

    def write_pending(self):
        """Write what was referred to and is not written yet."""
        while self._pending:
            object_id, source = self._pending.pop()
            value = source.get_object()
            value = generic.NullObject() if value is None else self.translate(value)
            self._target._write_object(object_id, value)

    def _refer(self, source):
        key = source.idnum, source.generation
        if key not in self._ids:
            self._ids[key] = self._target._new_id()
            self._pending.append((self._ids[key], source))
        return _make_reference(self._ids[key])

    def _copy_dictionary(self, source):
        # a page tree of the source would bring all its pages along
        return Dictionary(
            {
                Name(key): self.translate(source.raw_get(key))
                for key in source
                if key not in ("/Parent", "/StructParent", "/StructParents")
            }
        )

    def _copy_stream(self, source):
        copy = generic.StreamObject()
        copy.update(self._copy_dictionary(source))
        copy.pop("/Length", None)
        copy._data = source._data
        return copy


def _draw_text(text, size, x, y):
    safe = re.sub(r"([()\\])", r"\\\1", text)
    return f"BT /CustomerArchive {size} Tf {x:.2f} {y:.2f} Td ({safe}) Tj ET "


def _make_stream(data):
    stream = generic.StreamObject()
    stream._data = data
    return stream


def _make_reference(object_id):
    return generic.IndirectObject(object_id, 0, None)
