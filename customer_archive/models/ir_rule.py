from odoo import models
from odoo.exceptions import AccessError


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _make_access_error(self, operation, records):
        """Name neither record nor rule when a protected record is refused.

        Odoo's own message lists names in debug mode, which every employee may
        switch on.
        """
        error = super()._make_access_error(operation, records)
        if not isinstance(records, self.env.registry["customer.archive.protected"]):
            return error
        return AccessError(
            self.env._(
                "This part of the customer archive is not open to you.\n"
                "Ask the keeper of the dossier or your manager for access."
            )
        )
