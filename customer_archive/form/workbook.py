"""Opening a spreadsheet that somebody sent: nothing in it is trusted."""

import io
import itertools
import logging
import re
import warnings
import zipfile

import openpyxl

from odoo.exceptions import UserError

from .cells import Cell, to_text

_logger = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
MAX_SIZE = 5 * MEGABYTE
# What the file may grow to when unpacked, and how much of that may be XML to parse.
MAX_UNPACKED = 30 * MEGABYTE
MAX_MARKUP = 4 * MEGABYTE
# Elements of XML: some cost a thousand times what they take in the file.
MAX_ELEMENTS = 200000
MAX_PARTS = 1000
MAX_SHEETS = 30
MAX_ROWS = 2000
HEAD_ROWS = 20
MAX_COLUMNS = 60
# Nobody looks for an entry below.
LAST_ROW = 50000

MAGIC_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The stream of an encrypted workbook, as its directory spells it.
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# A document type is where entities are defined; spreadsheets have none.
DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.I)


class FormWorkbook:
    """The sheets of an uploaded workbook, as rows of entries.

    :raises UserError: for anything but an ordinary ``.xlsx`` of reasonable size
    """

    def __init__(self, env, content):
        self.env = env
        self._check_kind(content)
        self._check_archive(content)
        self.content = content

    # Before anything is parsed ------------------------------------------------

    def _check_kind(self, content):
        if not content:
            raise UserError(self.env._("The file is empty."))
        if len(content) > MAX_SIZE:
            raise UserError(
                self.env._(
                    "The file is too large: %(size)s MB; at most %(limit)s MB are "
                    "read. Take pictures and other sheets out.",
                    size=round(len(content) / MEGABYTE, 1),
                    limit=MAX_SIZE // MEGABYTE,
                )
            )
        if content.startswith(MAGIC_OLE):
            if ENCRYPTED in content:
                raise UserError(
                    self.env._(
                        "The file is protected by a password. Save it without one."
                    )
                )
            raise UserError(self._get_other_kind_message())
        if not content.startswith(b"PK"):
            raise UserError(self._get_other_kind_message())

    def _get_other_kind_message(self):
        return self.env._(
            "This is no Excel workbook (.xlsx). Open it in your spreadsheet program, "
            "and save it as .xlsx."
        )

    def _get_damaged_message(self):
        return self.env._(
            "The file is damaged and can't be opened. Ask for it again, or save it "
            "anew as .xlsx."
        )

    def _check_archive(self, content):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                self._check_parts(archive)
        except UserError:
            raise
        # whatever a broken archive makes the library stumble over
        except Exception as error:
            _logger.info("Unreadable workbook: %s", error)
            raise UserError(self._get_damaged_message()) from error

    def _check_parts(self, archive):
        parts = archive.infolist()
        names = {part.filename for part in parts}
        if any(part.flag_bits & 1 for part in parts):
            raise UserError(
                self.env._("The file is protected by a password. Save it without one.")
            )
        if "[Content_Types].xml" not in names or not any(
            name.startswith("xl/") for name in names
        ):
            raise UserError(self._get_other_kind_message())
        self._check_sizes(archive, parts)
        types = archive.read("[Content_Types].xml").decode()
        if "macroenabled" in types.lower() or any(
            name.lower().endswith("vbaproject.bin") for name in names
        ):
            raise UserError(
                self.env._(
                    "The file contains macros. Save it as .xlsx, without macros."
                )
            )

    def _check_sizes(self, archive, parts):
        """Refuse what would fill the memory, and definitions of entities.

        The size of a part is what the archive declares: no more is read of it, so a
        lie doesn't help.
        """
        if (
            len(parts) > MAX_PARTS
            or sum(part.file_size for part in parts) > MAX_UNPACKED
        ):
            raise UserError(self._get_bomb_message())
        size = elements = 0
        for part in parts:
            if not _is_markup(archive, part):
                continue
            size += part.file_size
            if size > MAX_MARKUP:
                raise UserError(self._get_bomb_message())
            # without zero bytes, an UTF-16 document reads like any other
            markup = archive.read(part).replace(b"\0", b"")
            # an opening and a closing tag
            elements += markup.count(b"<") / 2
            if elements > MAX_ELEMENTS:
                raise UserError(self._get_bomb_message())
            if DOCTYPE.search(markup):
                raise UserError(self._get_damaged_message())

    def _get_bomb_message(self):
        return self.env._(
            "The file unpacks to far more than a form holds. It was not opened."
        )

    # Parsing ------------------------------------------------------------------

    def read_forms(self, marker):
        """The sheets that bear a text starting with ``marker`` in their first rows.

        The name of a sheet doesn't matter; a sheet without the mark isn't read.

        :return: list of ``(text of the mark, rows)``; a row is a list of entries
        """
        try:
            # openpyxl warns of what it leaves out, which the user need not know
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                workbook = openpyxl.load_workbook(
                    io.BytesIO(self.content), read_only=True, keep_links=False
                )
                sheets = workbook.worksheets[:MAX_SHEETS]
                forms = [self._read_form(sheet, marker) for sheet in sheets]
                return [form for form in forms if form]
        except UserError:
            raise
        # the parser has no error of its own: a damaged part may raise anything
        except Exception as error:
            _logger.info("Unreadable workbook: %s", error)
            raise UserError(self._get_damaged_message()) from error

    def _read_form(self, sheet, marker):
        rows = self._read_rows(sheet)
        head = list(itertools.islice(rows, HEAD_ROWS))
        for entry in itertools.chain(*head):
            if isinstance(entry.value, str) and entry.value.strip().startswith(marker):
                return entry.value.strip(), [*head, *rows]
        return None

    def _read_rows(self, sheet):
        rows = sheet.iter_rows(max_row=LAST_ROW, max_col=MAX_COLUMNS)
        for number, row in enumerate(rows, 1):
            entries = [_to_cell(cell) for cell in row if _is_entry(cell)]
            if entries and number > MAX_ROWS:
                raise UserError(
                    self.env._(
                        "The sheet is far longer than the form: cell %(cell)s.",
                        cell=entries[0].coordinate,
                    )
                )
            if entries:
                yield entries


def _is_markup(archive, part):
    """Whether a part is XML, whatever it is called."""
    with archive.open(part) as stream:
        start = (
            stream.read(64).replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
        )
    return not start or start.startswith(b"<")


def _is_entry(cell):
    value = cell.value
    return value is not None and not (isinstance(value, str) and not to_text(value))


def _to_cell(cell):
    return Cell(cell.coordinate, cell.row, cell.column, cell.value, cell.data_type)
