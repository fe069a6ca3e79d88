"""Files as pages: what a document's file looks like on paper."""

import io
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, UnidentifiedImageError
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from . import volume_pdf

PDF_START, ZIP_START, OLE_START = b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# One of these is raised for what is none, or is larger than any paper.
NO_PICTURE = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    OSError,
    ValueError,
)
MARGIN = 28
OFFICE_SECONDS = 60
# A document may name pictures elsewhere, which would tell who opens it; and bring code.
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
{items}
</oor:items>
"""
SETTING = """<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="{name}" oor:op="fuse"><value>true</value></prop></item>"""
SAFETY = (
    "BlockUntrustedRefererLinks",
    "DisableActiveContent",
    "DisableMacrosExecution",
)


def count_pages(content):
    """How many pages of the file bear text or a picture.

    :return: None where only a person can tell: damaged files, and office files where
        there is no LibreOffice
    """
    if content.startswith((ZIP_START, OLE_START)):
        content = _convert_office(content) or b""
    try:
        if content.startswith(PDF_START):
            return sum(volume_pdf.get_marked_pages(content))
        with Image.open(io.BytesIO(content)) as picture:
            return getattr(picture, "n_frames", 1)
    except (volume_pdf.UnreadablePdf, *NO_PICTURE):
        return None


def to_pdf(content):
    """The file as a PDF; None where it can't be shown as pages.

    Office files need LibreOffice on the server.
    """
    if content.startswith(PDF_START):
        return content
    if content.startswith((ZIP_START, OLE_START)):
        return _convert_office(content)
    try:
        return _draw_pictures(content)
    except NO_PICTURE:
        return None


def _draw_pictures(content):
    output = io.BytesIO()
    canvas = Canvas(output, pageCompression=1)
    with Image.open(io.BytesIO(content)) as pictures:
        for frame in range(getattr(pictures, "n_frames", 1)):
            pictures.seek(frame)
            _draw_picture(canvas, pictures.convert("RGB"))
    canvas.save()
    return output.getvalue()


def _draw_picture(canvas, picture):
    """A picture as large as the page allows, upright or across as it is."""
    page = A4 if picture.height >= picture.width else A4[::-1]
    room = [side - 2 * MARGIN for side in page]
    scale = min(room[0] / picture.width, room[1] / picture.height)
    width, height = picture.width * scale, picture.height * scale
    canvas.setPageSize(page)
    x, y = (page[0] - width) / 2, (page[1] - height) / 2
    canvas.drawImage(ImageReader(picture), x, y, width, height)
    canvas.showPage()


def find_office():
    """Path of LibreOffice; None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def _make_profile(folder):
    items = "\n".join(SETTING.format(name=name) for name in SAFETY)
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text(
        PROFILE.format(items=items), encoding="utf-8"
    )


def _convert_office(content):
    program = find_office()
    if not program:
        return None
    with tempfile.TemporaryDirectory() as folder:
        _make_profile(Path(folder) / "profile")
        source = Path(folder) / "document"
        source.write_bytes(content)
        command = [
            program,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            folder,
            str(source),
        ]
        _run(command)
        result = Path(folder) / "document.pdf"
        return result.read_bytes() if result.exists() else None


def _run(command):
    """Run a program; it and what it started are ended where it takes too long."""
    silent = subprocess.DEVNULL
    with subprocess.Popen(
        command, stdout=silent, stderr=silent, start_new_session=True
    ) as process:
        try:
            process.wait(OFFICE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
