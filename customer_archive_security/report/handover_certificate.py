from odoo import api, models
from odoo.tools import format_datetime

from odoo.addons.customer_archive.report.grid import (
    LIST_SIZE,
    Band,
    Cell,
    Row,
    Table,
)
from odoo.addons.customer_archive.report.paper import Sheet

HANDOVER, LINE = "customer.handover", "customer.handover.line"
TEXT_HEIGHT, SIGNING_HEIGHT = 40, 48


class ReportHandoverCertificate(models.AbstractModel):
    """交接单: who hands what over to whom, signed by both heads (S3-17, S4-25)."""

    _name = "report.customer_archive_security.handover_certificate"
    _inherit = ["customer.archive.record.print"]
    _description = "Print of the Handover Certificate"

    _printed_model = HANDOVER

    @api.model
    def _get_printed_dossiers(self, records):
        """None: numbers and customers are no content."""
        return self.env["customer.dossier"]

    @api.model
    def _get_sheets(self, handovers):
        for handover in handovers:
            yield Sheet(
                self.env._("Handover Certificate"),
                (
                    Table((*self._get_head_bands(handover),)),
                    self._get_part_table(handover),
                    Table((*self._get_text_bands(handover),)),
                    Table((*self._get_signing_bands(handover),)),
                    self._get_line_table(handover),
                ),
                company=handover.company_id.name,
                mark=handover.number,
            )

    @api.model
    def _get_head_bands(self, handover):
        for names in (
            ("number", "state"),
            ("user_id", "team_id"),
            ("reason", "date"),
            ("successor_id", "keeper_id"),
        ):
            cells = [self._pair_cells(handover, name, 12, 18) for name in names]
            yield Band((Row(sum(cells, ())),))
        yield Band(
            (Row(self._pair_cells(handover, "rule", 12, 48)),),
        )
        for row in handover.tier_successor_ids:
            cells = self._pair_cells(row, "tier_id", 12, 18)
            cells += self._pair_cells(row, "user_id", 12, 18)
            yield Band((Row(cells),))

    @api.model
    def _get_part_table(self, handover):
        """Numbers of each kind, two kinds a line."""
        parts = handover.part_ids
        bands = [self._title_band(self.env._("What Is Handed Over"))]
        for first in range(0, len(parts), 2):
            cells = ()
            for part in parts[first : first + 2]:
                cells += (Cell(part.name, 24), Cell(str(part.count), 6, align="right"))
            if len(cells) == 2:
                cells += (Cell("", 30),)
            bands.append(Band((Row(cells),)))
        return Table(tuple(bands))

    @api.model
    def _get_text_bands(self, handover):
        for name in ("materials", "note"):
            cells = self._pair_cells(handover, name, 12, 48)
            yield Band((Row(cells, TEXT_HEIGHT),))
        declared = self.env._(
            "I have handed in all papers and data of customers and have kept nothing, "
            "neither originals nor copies."
        )
        not_declared = self.env._("Not declared.")
        text = declared if handover.is_nothing_kept else not_declared
        label = self._label_cell(self.env._("Declaration"), 12)
        yield Band((Row((label, Cell(text, 48))),))

    @api.model
    def _get_signing_bands(self, handover):
        """Who signed in the system, and room to sign by hand."""
        for label, name, date in handover._get_signatures():
            time = format_datetime(self.env, date, dt_format="short")
            yield self._signing_band(label, name, time)
        yield self._signing_band(self.env._("Handed over by"), handover.user_id.name)
        heirs = handover.line_ids.successor_id or handover.successor_id
        for heir in heirs:
            yield self._signing_band(self.env._("Taken over by"), heir.name)

    @api.model
    def _signing_band(self, label, name, time=""):
        return Band(
            (
                Row(
                    (
                        self._label_cell(label, 18),
                        Cell("  ".join(filter(None, (name, time))), 18),
                        self._label_cell(self.env._("Signature and date"), 9),
                        Cell("", 15),
                    ),
                    SIGNING_HEIGHT / 1.5,
                ),
            )
        )

    @api.model
    def _get_line_table(self, handover):
        head = self._head_band(
            (self.env._("No."), 5),
            (self._get_label(LINE, "post"), 10),
            (self._get_label(LINE, "number"), 12),
            (self._get_label(LINE, "customer"), 18),
            (self._get_label(LINE, "tier_code"), 5),
            (self._get_label(LINE, "successor_id"), 10),
        )
        bands = [
            Band((Row(self._get_line_cells(number, line)),))
            for number, line in enumerate(handover.line_ids, 1)
        ]
        return Table(tuple(bands), head=head)

    @api.model
    def _get_line_cells(self, number, line):
        texts = (
            (str(number), 5),
            (self._format(line, "post"), 10),
            (line.number, 12),
            (line.customer or "", 18),
            (line.tier_code or "", 5),
            (self._format(line, "successor_id"), 10),
        )
        return tuple(Cell(text, span, size=LIST_SIZE) for text, span in texts)
