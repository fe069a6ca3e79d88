from dataclasses import replace

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.customer_archive.models.customer_entrusted import Kind


class CustomerEntrusted(models.AbstractModel):
    """Dossiers that a person has borrowed, and actions of incidents."""

    _inherit = "customer.entrusted"

    @api.model
    def _get_kinds(self):
        return [
            *map(self._leave_handovers, super()._get_kinds()),
            Kind(
                "loan",
                self.env._("Dossiers Borrowed"),
                "customer.loan",
                ["user_id"],
                Domain("state", "in", ("requested", "granted")),
                company_path="company_id",
                method="_end_loans",
            ),
            Kind(
                "paper",
                self.env._("Paper Dossiers Not Handed Back"),
                "customer.loan",
                ["user_id"],
                Domain("paper_out_date", "!=", False)
                & Domain("paper_back_date", "=", False),
                company_path="company_id",
                # handed back by hand, signed in the register (S2-57)
                method="",
            ),
        ]

    @api.model
    def _leave_handovers(self, kind):
        """The handover itself, for which the person asks, is no such request."""
        if kind.code != "request":
            return kind
        others = Domain("res_model", "!=", "customer.handover")
        return replace(kind, domain=kind.domain & others)

    @api.model
    def _end_loans(self, kind, loans, users, successors):
        """Whoever goes gives back what was lent to him, for his work of then."""
        loans._end("revoked")
