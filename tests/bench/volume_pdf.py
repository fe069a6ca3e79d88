"""Binding documents into one PDF, against PyPDF2 called bare on the same files.

Ours writes numbers on the pages, which the other leaves out. Each side runs in a
process of its own, so that its memory can be told.
"""

import io
import os
import resource
import statistics
import tempfile
import time
from pathlib import Path

from PyPDF2 import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from odoo.addons.customer_archive.report.volume_pdf import VolumePdf

from .harness import Result, say

AIM = 1.3
MOST_MB = 700
PAGES = 10  # of each document
LINES = 45
ROUNDS = 3


def run(size, _ours, _baseline):
    """``size`` pages."""
    with tempfile.TemporaryDirectory() as folder:
        files = _make_files(Path(folder), size // PAGES)
        megabytes = sum(file.stat().st_size for file in files) / 2**20
        say(f"  {len(files):,} documents, {size:,} pages, {megabytes:.0f} MB")
        target = Path(folder) / "volume.pdf"
        spent, peaks = {_bind: [], _merge: []}, {_bind: 0, _merge: 0}
        for _round in range(ROUNDS):
            for side in spent:
                seconds, peak_mb = _measure(side, files, target)
                spent[side].append(seconds)
                peaks[side] = max(peaks[side], peak_mb)
        ours, bare = (statistics.median(times) for times in spent.values())
        say(
            f"  {size / ours:.0f} pages a second and {peaks[_bind]} MB at most,"
            f" bare {size / bare:.0f} and {peaks[_merge]} MB"
        )
        assert peaks[_bind] < MOST_MB, peaks
        yield Result("volume_pdf", size, ours, bare, AIM)


def _make_files(folder, count):
    """Letters of some pages, each page full of text."""
    files = []
    for number in range(count):
        file = folder / f"{number:05}.pdf"
        canvas = Canvas(str(file), pagesize=A4, pageCompression=1)
        for page in range(PAGES):
            for line in range(LINES):
                text = f"Document {number}, page {page}, line {line}: as agreed upon."
                canvas.drawString(60, 780 - 16 * line, text)
            canvas.showPage()
        canvas.save()
        files.append(file)
    return files


def _measure(side, files, target):
    """Seconds and most memory that ``side`` takes, as a process of its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        start = time.perf_counter()
        side(files, target)
        seconds = time.perf_counter() - start
        peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        os.write(writing, f"{seconds} {peak_kb // 1024}".encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        seconds, peak_mb = answer.read().split()
    os.waitpid(child, 0)
    return float(seconds), int(peak_mb)


def _bind(files, target):
    with target.open("wb") as output:
        volume = VolumePdf(output, "Volume")
        number = 1
        for file in files:
            number += volume.add(file.read_bytes(), file.stem, number)
        volume.close()
    assert number == len(files) * PAGES + 1, number


def _merge(files, target):
    # its PdfMerger takes several times as long
    writer = PdfWriter()
    for file in files:
        writer.append_pages_from_reader(PdfReader(io.BytesIO(file.read_bytes())))
    with target.open("wb") as output:
        writer.write(output)
