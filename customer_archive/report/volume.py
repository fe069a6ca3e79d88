import hashlib
import io
from dataclasses import replace

from odoo import api, models
from odoo.exceptions import UserError

from . import page_source
from .grid import LIST_SIZE, Band, Cell, Row, Table
from .volume_pdf import UNREADABLE, VolumePdf

DOCUMENT = "customer.document"
# 档案册: see forms.md of the policies, S2-36
COLUMNS = (
    ("place", 4),
    ("author", 10),
    ("reference", 8),
    ("name", 16),
    ("date", 6),
    ("pages", 4),
    ("page_from", 5),
    ("note", 7),
)


class ReportVolume(models.AbstractModel):
    """A volume as one PDF: cover, catalogue, and the documents with their pages."""

    _name = "report.customer_archive.volume"
    _inherit = ["customer.archive.print"]
    _description = "Print of a Volume"

    @api.model
    def _get_printable(self, volume_ids):
        """
        :raises AccessError: when the volume is closed to the user
        """
        volume = self.env["customer.volume"].browse(volume_ids).exists()
        if len(volume) != 1:
            raise UserError(self.env._("Print one volume at a time."))
        super()._get_printable(volume.dossier_id.ids)
        volume.check_access("read")
        return volume

    @api.model
    def _render_pdf(self, record_ids):
        """
        :raises UserError: for a volume that is printed in the background
        """
        self.sudo(False)._get_printable(record_ids)._check_printed_at_once()
        return super()._render_pdf(record_ids)

    @api.model
    def _draw(self, records, dossiers):
        """
        :raises UserError: where a file was changed since it was filed
        """
        output = io.BytesIO()
        pdf = VolumePdf(output, records.display_name, self._get_mark())
        self._write_volume(records, pdf)
        pdf.close()
        return pdf

    @api.model
    def _get_mark(self):
        """Hook: Latin letters at the foot of each page; whose copy it is."""
        return ""

    @api.model
    def _write_volume(self, volume, pdf):
        """Add the parts of the volume to ``pdf``, a document at a time."""
        self._add_front(volume, pdf)
        for document in self._get_documents(volume):
            self._add_document(pdf, document)

    @api.model
    def _get_documents(self, volume):
        """Its documents in filing order, those struck out later among them."""
        documents = volume.with_context(active_test=False).document_ids
        return documents.filtered("place").sorted("place")

    @api.model
    def _add_front(self, volume, pdf):
        """Add what comes before the documents."""
        front = self._draw_sheets(self._get_front_sheets(volume))
        pdf.add(front, self.env._("Catalogue"))

    @api.model
    def _add_document(self, pdf, document):
        """Add a document, or a sheet in its place.

        :raises UserError: for a file that begins well and is damaged further on
        """
        content = self._get_pages(document)
        title = f"{document.place}. {document.name}"
        number = content and document.page_from
        try:
            is_shown = number and pdf.add_readable(content, title, number)
        except UNREADABLE as error:
            raise UserError(
                self.env._(
                    "The file of “%(document)s” is damaged. Nothing was printed; file "
                    "a sound one instead, or strike the document out.",
                    document=document.name,
                )
            ) from error
        if not is_shown:
            pdf.add(self._draw_sheets([self._get_stand_in(document)]), title)

    @api.model
    def _get_pages(self, document):
        """The file as a PDF with the pages the catalogue has; None where there is none.

        An office file may take up others than somebody entered, or than it did when it
        was filed: the numbers of what follows would not be those of the catalogue.
        """
        filed = self._get_content(document)
        content = page_source.to_pdf(filed)
        is_made = content and content is not filed
        if is_made and page_source.count_pages(content) != document.pages:
            return None
        return content

    @api.model
    def _get_content(self, document):
        """The file of the document, as it was filed; empty bytes for paper.

        :raises UserError: when it is another one now
        """
        # the attachment itself: through the field it would be read as base64
        content = document.with_context(bin_size=False)._get_file() or b""
        # the file store may have lost it, too
        is_filed = content or document.checksum
        if is_filed and hashlib.sha256(content).hexdigest() != document.checksum:
            raise UserError(
                self.env._(
                    "The file of “%(document)s” is not the one that was filed: its "
                    "checksum differs. Nothing was printed; tell your administrator.",
                    document=document.name,
                )
            )
        return content

    @api.model
    def _draw_sheets(self, sheets):
        paper = self._open_paper()
        for sheet in sheets:
            paper.add(sheet)
        return paper.get_content()

    # ------------------------------------------------------------------
    # Cover, catalogue, stand-in
    # ------------------------------------------------------------------

    @api.model
    def _get_front_sheets(self, volume):
        yield self._get_cover(volume)
        yield self._get_catalogue(volume)

    @api.model
    def _get_cover(self, volume):
        dossier = volume.dossier_id
        dates = volume.document_ids.filtered("date").mapped("date")
        period = " – ".join(
            map(self._format_date, sorted({min(dates), max(dates)} if dates else ()))
        )
        lines = (
            (self.env._("Dossier No."), dossier.number),
            (self.env._("Customer"), dossier.partner_id.name),
            (self.env._("Volume"), str(volume.number)),
            (self.env._("Period"), period),
            (self.env._("Items"), str(volume.document_count)),
            (self.env._("Pages"), str(volume.page_count)),
            (self.env._("Shelf Mark"), volume.location or ""),
            (self.env._("Archive Keeper"), self._format(dossier, "keeper_id")),
            (self.env._("Bound On"), self._format(volume, "bind_date")),
        )
        bands = tuple(
            Band((Row((self._label_cell(label, 15), Cell(text or "", 45))),))
            for label, text in lines
        )
        return self._get_sheet(dossier, self.env._("Volume Cover"), Table(bands))

    @api.model
    def _get_catalogue(self, volume):
        head = self._head_band(
            *((self._get_column_label(name), span) for name, span in COLUMNS)
        )
        bands = tuple(map(self._get_band, self._get_documents(volume)))
        sheet = self._get_sheet(
            volume.dossier_id, self.env._("Catalogue"), Table(bands, head=head)
        )
        return replace(sheet, is_landscape=True)

    @api.model
    def _get_column_label(self, name):
        if name == "page_from":
            return self.env._("Page No.")
        return self._get_label(DOCUMENT, name)

    @api.model
    def _get_band(self, document):
        texts = {name: self._format(document, name) for name, _span in COLUMNS}
        texts["page_from"] = document._get_page_range()
        texts["note"] = self._get_remark(document)
        cells = (Cell(texts[name], span, size=LIST_SIZE) for name, span in COLUMNS)
        return Band((Row(tuple(cells)),))

    @api.model
    def _get_remark(self, document):
        """Remarks, and what the archive itself has to say of the item."""
        remarks = [document.note or ""]
        if document.is_supplement:
            added = self._format_date(document.create_date)
            remarks.append(self.env._("added on %(date)s", date=added))
        if not document.active:
            remarks.append(self.env._("struck out: %s", document.strike_reason))
        if document.copies > 1:
            remarks.append(self.env._("copies: %s", document.copies))
        return "\n".join(filter(None, remarks))

    @api.model
    def _get_stand_in(self, document):
        """A page in the place of what is kept on paper, or can't be shown."""
        lines = (
            (self._get_label(DOCUMENT, "place"), str(document.place)),
            (self._get_label(DOCUMENT, "name"), document.name),
            (self.env._("Page No."), document._get_page_range()),
            (self._get_label(DOCUMENT, "medium"), self._format(document, "medium")),
            (self.env._("Shelf Mark"), document.volume_id.location or ""),
            (self._get_label(DOCUMENT, "content_name"), document.content_name or ""),
            (self._get_label(DOCUMENT, "checksum"), document.checksum or ""),
        )
        bands = tuple(
            Band((Row((self._label_cell(label, 15), Cell(text, 45))),))
            for label, text in lines
            if text
        )
        title = self.env._("In Place of the Original")
        return self._get_sheet(document.dossier_id, title, Table(bands))
