from dataclasses import replace

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .grid import Band, Row


class CustomerArchiveRecordPrint(models.AbstractModel):
    """Printed form of a record that is no dossier."""

    _name = "customer.archive.record.print"
    _inherit = ["customer.archive.print"]
    _description = "Printed Record"

    # The model whose records are printed.
    _printed_model = None

    @api.model
    def _get_printable(self, record_ids):
        """The records chosen, if all of them are open to the user.

        :raises AccessError: when one of them is closed to him
        """
        records = self.env[self._printed_model].sudo(False)
        records.check_access("read")
        wanted = list(dict.fromkeys(record_ids or ()))
        if not wanted:
            raise UserError(self.env._("Choose what to print."))
        closed = records.browse(wanted) - records.search([("id", "in", wanted)])
        if closed:
            closed.check_access("read")  # is refused by the rules, and on record
            raise AccessError(self.env._("Some of these are not open to you."))
        return records.browse(wanted)

    @api.model
    def _get_record_sheet(self, record, title, *tables):
        """A wide sheet that bears the name of the record, and that of no customer."""
        sheet = self._get_sheet(self.env["customer.dossier"], title, *tables)
        return replace(
            sheet, is_landscape=True, mark=record.name, company=record.company_id.name
        )

    @api.model
    def _get_pair_bands(self, record, pairs):
        """Fields of the record with their labels, two in a row."""
        for names in pairs:
            cells = [self._pair_cells(record, name, 8, 22) for name in names]
            yield Band((Row(sum(cells, ())),))
