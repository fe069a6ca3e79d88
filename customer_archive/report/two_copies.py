from dataclasses import replace

from odoo import api, models


class ReportTwoCopies(models.AbstractModel):
    """All forms twice: for the archivist, and for the head's analysis (S1-15)."""

    _name = "report.customer_archive.two_copies"
    _inherit = ["report.customer_archive.all_forms"]
    _description = "Print of All Forms in Two Copies"

    @api.model
    def _get_sheets(self, dossiers):
        for copy_of in (self.env._("Archivist's copy"), self.env._("Head's copy")):
            for sheet in super()._get_sheets(dossiers):
                mark = self.env._("%(mark)s, %(copy)s", mark=sheet.mark, copy=copy_of)
                yield replace(sheet, mark=mark)
