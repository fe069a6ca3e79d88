import base64
import io
import os
import tempfile
import threading
import time
import unittest
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from unittest.mock import patch

import openpyxl
from PyPDF2 import PdfReader

from odoo.tests import tagged

from ..report import page_source
from .common import ArchiveCommon
from .test_document import read_corner_numbers

OOXML = "http://schemas.openxmlformats.org"
ODF = "urn:oasis:names:tc:opendocument:xmlns"


def make_zip(**files):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return output.getvalue()


def make_docx(*pages):
    """A text with a break of page before each but the first."""
    break_ = '<w:r><w:br w:type="page"/></w:r>'
    body = break_.join(f"<w:r><w:t>{text}</w:t></w:r>" for text in pages)
    return make_zip(
        **{
            "[Content_Types].xml": f'<Types xmlns="{OOXML}/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-'
            'package.relationships+xml"/>'
            '<Override PartName="/word/document.xml" ContentType="application/vnd.'
            'openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{OOXML}/package/2006/relationships">'
            f'<Relationship Id="r" Type="{OOXML}/officeDocument/2006/relationships/'
            'officeDocument" Target="word/document.xml"/></Relationships>',
            "word/document.xml": f'<w:document xmlns:w="{OOXML}/wordprocessingml/2006/'
            f'main"><w:body><w:p>{body}</w:p></w:body></w:document>',
        }
    )


def make_odt(body):
    names = ("office", "text", "drawing")
    spaces = " ".join(f'xmlns:{name}="{ODF}:{name}:1.0"' for name in names)
    mime = "application/vnd.oasis.opendocument.text"
    return make_zip(
        **{
            "mimetype": mime,
            "META-INF/manifest.xml": f'<m:manifest xmlns:m="{ODF}:manifest:1.0" '
            f'm:version="1.2"><m:file-entry m:full-path="/" m:media-type="{mime}"/>'
            '<m:file-entry m:full-path="content.xml" m:media-type="text/xml"/>'
            "</m:manifest>",
            "content.xml": f'<office:document-content {spaces} office:version="1.2" '
            'xmlns:xlink="http://www.w3.org/1999/xlink"><office:body><office:text>'
            f"<text:p>{body}</text:p></office:text></office:body>"
            "</office:document-content>",
        }
    )


def make_xlsx(text):
    book = openpyxl.Workbook()
    book.active.append([text])
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def has_office(part):
    """Whether LibreOffice is here with that part of it; parts are packages."""
    made = {"writer": lambda: make_odt("x"), "calc": lambda: make_xlsx("x")}
    return bool(page_source.to_pdf(made[part]()))


class OfficeCase(ArchiveCommon):
    part = None

    def setUp(self):
        super().setUp()
        if not has_office(self.part):
            self.skipTest(f"LibreOffice {self.part} is not installed")

    def add(self, name, content, **vals):
        documents = self.env["customer.document"].with_user(self.users["owner"])
        return documents.create(
            {
                "dossier_id": self.dossiers["own"].id,
                "name": name,
                "content": base64.b64encode(content),
                **vals,
            }
        )

    def print_volume(self):
        report = self.env["ir.actions.report"].with_user(self.users["owner"])
        volume = self.dossiers["own"].volume_ids
        content, _kind = report._render_qweb_pdf("customer_archive.volume", volume.ids)
        return PdfReader(io.BytesIO(content)).pages


@tagged("post_install", "-at_install")
class TestOfficeSheet(OfficeCase):
    part = "calc"

    def test_a_spreadsheet_is_bound_as_pages(self):
        # S0-8
        document = self.add("Prices", make_xlsx("Price list"))
        self.assertEqual((document.pages, document.is_counted), (1, True))
        last = self.print_volume()[-1]
        self.assertIn("Price list", last.extract_text())
        self.assertEqual(read_corner_numbers(last), [(1, True)])

    def test_pages_that_are_others_than_the_catalogues_are_left_out(self):
        # S0-8
        document = self.add("Prices", make_xlsx("Price list"))
        document.sudo().write({"pages": 3, "is_counted": False})
        last = self.print_volume()[-1]
        self.assertNotIn("Price list", last.extract_text())
        self.assertEqual(read_corner_numbers(last), [])


@tagged("post_install", "-at_install")
class TestOfficeText(OfficeCase):
    part = "writer"

    def test_texts_are_bound_as_pages(self):
        # S0-8
        first = self.add("Contract", make_docx("Clause one", "Clause two"))
        second = self.add("Letter", make_odt("Dear customer"))
        self.assertEqual((first.pages, second.page_from), (2, 3))
        texts = [page.extract_text() for page in self.print_volume()[-3:]]
        for number, text in (
            (0, "Clause one"),
            (1, "Clause two"),
            (2, "Dear customer"),
        ):
            self.assertIn(text, texts[number])

    def test_nothing_is_fetched_from_elsewhere(self):
        # S2-20
        asked = []

        class Elsewhere(BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                self.send_response(404)
                self.end_headers()

            do_HEAD = do_OPTIONS = do_GET

        server = HTTPServer(("127.0.0.1", 0), Elsewhere)
        self.addCleanup(server.server_close)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.shutdown)
        address = f"http://127.0.0.1:{server.server_port}/seen.png"
        picture = f'<drawing:image xlink:href="{address}" xlink:actuate="onLoad"/>'
        body = (
            '<drawing:frame text:anchor-type="as-char">' + picture + "</drawing:frame>"
        )
        self.assertTrue(page_source.to_pdf(make_odt(body)))
        self.assertFalse(asked)


@tagged("post_install", "-at_install")
class TestOfficeProgram(unittest.TestCase):
    def test_a_program_that_hangs_is_ended_with_all_it_started(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        started = folder / "started"
        program = folder / "soffice"
        program.write_text(f"#!/bin/sh\nsleep 60 &\necho $! > {started}\nwait\n")
        program.chmod(0o755)
        path = f"{folder}:{os.environ['PATH']}"
        self.enterContext(patch.dict(os.environ, PATH=path))
        self.enterContext(patch.object(page_source, "OFFICE_SECONDS", 1))
        start = time.monotonic()
        self.assertIsNone(page_source.to_pdf(make_xlsx("x")))
        self.assertLess(time.monotonic() - start, 20)
        state = Path("/proc", started.read_text().strip(), "stat")
        # gone, or dead and not buried yet
        self.assertTrue(not state.exists() or ") Z " in state.read_text())
