from odoo import api, models
from odoo.exceptions import AccessError, UserError


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
