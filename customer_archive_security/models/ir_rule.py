from odoo import models


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _compute_domain_keys(self):
        return [*super()._compute_domain_keys(), "archive_without_loans"]

    def _make_access_error(self, operation, records):
        """Keep on record who was refused (S2-43)."""
        if isinstance(records, self.env.registry["customer.archive.protected"]):
            records._note_denied(operation)
        elif records._name == "ir.attachment":
            records._note_denied(operation)
        return super()._make_access_error(operation, records)
