"""Spreadsheets as they come in: the form filled in well, oddly, or damaged."""

import io
import re
import zipfile

import openpyxl

from ..form import layout
from ..form.writer import FormWriter

SHEET = "xl/worksheets/sheet1.xml"
TYPES = "[Content_Types].xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def blank(env, lang=layout.CHINESE):
    return FormWriter(env, lang, env["customer.dossier"]).get_content()


def filled(dossier, lang=layout.CHINESE):
    return FormWriter(dossier.env, lang, dossier).get_content()


class FormFile:
    """A form opened for editing, cell by cell or part by part of its archive."""

    def __init__(self, content):
        self.book = openpyxl.load_workbook(io.BytesIO(content))
        self.sheet = self.book.worksheets[0]

    def find(self, label, after=None):
        """The first cell with that text, after the cell that says ``after``."""
        is_after = after is None
        for row in self.sheet.iter_rows():
            for cell in row:
                if is_after and cell.value == label:
                    return cell
                is_after = is_after or cell.value == after
        raise LookupError(f"{label} after {after}")

    def put(self, label, value, after=None, number_format=None):
        """Write ``value`` beside the label."""
        return self.set(self.find(label, after).offset(0, 1), value, number_format)

    def put_line(self, label, value, title, line=0, number_format=None):
        """Write ``value`` into a column of the table under ``title``."""
        cell = self.find(label, title).offset(1 + line, 0)
        return self.set(cell, value, number_format)

    def set(self, cell, value, number_format=None):
        cell.value = value
        if number_format:
            cell.number_format = number_format
        return self

    def save(self):
        output = io.BytesIO()
        self.book.save(output)
        return output.getvalue()


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(files):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return output.getvalue()


def with_part(content, name, data):
    return pack({**parts(content), name: data})


def without_part(content, name):
    return pack({key: data for key, data in parts(content).items() if key != name})


def replaced(content, name, old, new, count=1):
    """The workbook with ``old`` in a part put another way."""
    data = parts(content)[name].decode()
    assert old in data, f"{old!r} is not in {name}"
    return with_part(content, name, data.replace(old, new, count).encode())


def with_doctype(content, doctype, encoding="utf-8"):
    """The sheet with a document type before its root."""
    data = parts(content)[SHEET].decode()
    head, root = re.match(r"(<\?xml.*?\?>\s*)?(<.*)", data, re.S).groups()
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    return with_part(content, SHEET, f"{head}{doctype}{root}".encode(encoding))


def encrypted(content):
    """The archive with each part marked as encrypted."""
    data = bytearray(content)
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(magic)
        while start >= 0:
            data[start + offset] |= 1
            start = data.find(magic, start + 1)
    return bytes(data)


def flipped(content):
    """One byte within the compressed sheet is another."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.getinfo(SHEET)
        offset = part.header_offset + 30 + len(SHEET) + part.compress_size // 2
    data = bytearray(content)
    data[offset] ^= 0xFF
    return bytes(data)
