"""Which font draws a character, how wide it is, and that it can be copied again.

A free Chinese font of the server is embedded, so that a print looks the same
everywhere and in twenty years. Odoo ships none, and a company need not install one:
without it, and for the characters it lacks, readers of PDF bring a Song face for the
name ``STSong-Light``, as paper forms have it. Western text is set in Times, which
each reader has; what Times lacks (Polish, Greek, Cyrillic ...) is embedded.
"""

import re
import unicodedata
from copy import deepcopy
from functools import cache

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import CIDFontInfo, UnicodeCIDFont, structToPDF
from reportlab.pdfbase.pdfdoc import PDFStream
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from odoo.tools.misc import file_path

WESTERN = "Times-Roman"
EMBEDDED = "CustomerArchiveNoto"
CHINESE = "CustomerArchiveSong"
KOREAN = "CustomerArchiveMyeongjo"
EMBEDDED_CHINESE = "CustomerArchiveChinese"
# Found where reportlab looks for fonts; a Song face before sans serif ones.
CHINESE_FILES = (
    "uming.ttc",
    "wqy-zenhei.ttc",
    "wqy-microhei.ttc",
    "DroidSansFallbackFull.ttf",
    "DroidSansFallback.ttf",
)
EMBEDDED_FILE = "web/static/fonts/sign/NotoSans-Reg.ttf"
# Comes with reportlab, for an Odoo without the file above.
SPARE_FILE = "Vera.ttf"

# Drawn as a box with or without a tick: no font that is everywhere has both.
BOX, TICKED_BOX = "□", "☑"
BOXES = BOX + TICKED_BOX

# Characters that stand alone, each as wide as it is high.
WIDE = (
    "\u2e80-\u303f\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
    "\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
)
HAS_WIDE = re.compile(f"[{WIDE}]")
# Set in the font of the text around them.
SHARED_SIGNS = frozenset("“”‘’—…·")


class AsianFont(UnicodeCIDFont):
    """A font of the reader's, with rare characters, and text to be copied again.

    reportlab's own encoding knows no character beyond 16 bits, as some names are
    written with, and leaves programs to guess what the codes mean.

    :param name: name of the font for reportlab
    :param face: name of the font for readers of PDF
    :param encoding: name of the predefined table, of UTF-16
    """

    def __init__(self, name, face, encoding):
        super().__init__(face)
        self.name = self.fontName = name
        self.pdf_encoding = encoding

    def addObjects(self, doc):  # pylint: disable=invalid-name
        internal_name = f"F{len(doc.fontMapping) + 1}"
        info = deepcopy(CIDFontInfo[self.face.name])
        info["Name"] = f"/{internal_name}"
        info["Encoding"] = f"/{self.pdf_encoding}"
        font = structToPDF(info)
        # what the codes mean is filled in when all is drawn
        table = doc.unicode_tables[self.name] = PDFStream(content="")
        font.dict["ToUnicode"] = doc.Reference(table)
        reference = doc.Reference(font, internal_name)
        doc.idToObject["BasicFonts"].dict[internal_name] = reference
        doc.fontMapping[self.name] = f"/{internal_name}"


def get_unicode_table(chars):
    """The PDF table that says of each code of an Asian font which character it is."""
    # A rarer one needs no entry, and some programs refuse the table for it.
    codes = sorted(f"{ord(char):04x}" for char in chars if ord(char) <= 0xFFFF)
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin begincmap",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    # at most a hundred entries a block
    for start in range(0, len(codes), 100):
        block = codes[start : start + 100]
        lines.append(f"{len(block)} beginbfchar")
        lines += [f"<{code}> <{code}>" for code in block]
        lines.append("endbfchar")
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines)


@cache
def register():
    """Make the fonts known to reportlab, once in a process."""
    pdfmetrics.registerFont(AsianFont(CHINESE, "STSong-Light", "UniGB-UTF16-H"))
    pdfmetrics.registerFont(AsianFont(KOREAN, "HYSMyeongJo-Medium", "UniKS-UTF16-H"))
    try:
        path = file_path(EMBEDDED_FILE)
    except FileNotFoundError:
        path = SPARE_FILE
    pdfmetrics.registerFont(TTFont(EMBEDDED, path))


@cache
def find_chinese():
    """The free Chinese font of this server, ready to be embedded; None without one."""
    for file_name in CHINESE_FILES:
        try:
            font = TTFont(EMBEDDED_CHINESE, file_name)
        except (TTFError, OSError):
            continue
        pdfmetrics.registerFont(font)
        return font
    return None


@cache
def get_font(char, is_chinese):
    """Name of the font that draws ``char``, and its width for the size 1.

    :param is_chinese: whether the text around is Chinese
    """
    name = _choose_font(char, is_chinese)
    return name, pdfmetrics.stringWidth(char, name, 1)


@cache
def get_embedded(char):
    """The same for a character in a word of which Times lacks another one."""
    return EMBEDDED, pdfmetrics.stringWidth(char, EMBEDDED, 1)


def _choose_font(char, is_chinese):
    if char in SHARED_SIGNS:
        return _choose_asian(char, CHINESE) if is_chinese else WESTERN
    if _is_encodable(char, "cp1252"):
        return WESTERN
    if "\uac00" <= char <= "\ud7a3":
        return _choose_asian(char, KOREAN)
    if char in BOXES or HAS_WIDE.match(char):
        return _choose_asian(char, CHINESE)
    if _has(pdfmetrics.getFont(EMBEDDED), char):
        return EMBEDDED
    return _choose_asian(char, CHINESE) if _is_encodable(char, "gbk") else EMBEDDED


def _choose_asian(char, of_the_reader):
    """The embedded font if it has the character, else one of the reader's own."""
    font = find_chinese()
    return EMBEDDED_CHINESE if font and _has(font, char) else of_the_reader


def _has(font, char):
    return ord(char) in font.face.charToGlyph


def _is_encodable(char, encoding):
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def clean(text):
    """Text without what has no shape: marks of direction, controls, half pairs."""
    text = text.replace("\r\n", "\n").replace("\t", " ")
    return "".join(
        char
        for char in text
        if char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs")
    )
