import io

from reportlab.graphics.barcode import code128
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from odoo import api, models
from odoo.exceptions import UserError

from . import fonts, grid

# Sheets of 3 x 8 labels, 70 x 36 mm, as stationers sell them.
COLUMNS, ROWS = 3, 8
WIDTH, HEIGHT = 70 * mm, 36 * mm
TOP = (A4[1] - ROWS * HEIGHT) / 2


class ReportVolumeLabel(models.AbstractModel):
    """Labels for the backs of volumes: code with bars, customer, place (S2-11)."""

    _name = "report.customer_archive.volume_label"
    _inherit = ["customer.archive.print"]
    _description = "Print of Volume Labels"

    @api.model
    def _render_pdf(self, volume_ids):
        """Draw a label for each volume.

        :return: bytes
        :raises AccessError: when one of them is closed to the user
        """
        form = self.sudo(False)
        volumes = form.env["customer.volume"].browse(volume_ids).exists()
        if not volumes:
            raise UserError(self.env._("Choose what to print."))
        volumes.check_access("read")
        fonts.register()
        output = io.BytesIO()
        canvas = Canvas(output, pagesize=A4, pageCompression=1)
        for index, volume in enumerate(volumes):
            place = index % (COLUMNS * ROWS)
            if index and not place:
                canvas.showPage()
            x = place % COLUMNS * WIDTH
            y = A4[1] - TOP - (place // COLUMNS + 1) * HEIGHT
            form._draw_label(canvas, x, y, volume)
        canvas.save()
        return output.getvalue()

    @api.model
    def _draw_label(self, canvas, x, y, volume):
        bars = code128.Code128(volume.code, barHeight=10 * mm, barWidth=0.9)
        bars.drawOn(canvas, x + (WIDTH - bars.width) / 2, y + 14 * mm)
        lines = (
            (volume.dossier_id.partner_id.name or "", 9, 27),
            (volume.code, 9, 9),
            (volume.location or "", 8, 4.5),
        )
        for text, size, height in lines:
            for line in grid.wrap(text, size, WIDTH - 8 * mm)[:1]:
                left = x + (WIDTH - sum(run[2] for run in line)) / 2
                for font, part, length in line:
                    canvas.setFont(font, size)
                    canvas.drawString(left, y + height * mm, part)
                    left += length
