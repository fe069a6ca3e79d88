from dataclasses import replace

from odoo import api, models
from odoo.fields import Command, Domain

from odoo.addons.customer_archive.models.customer_entrusted import Kind


class CustomerEntrusted(models.AbstractModel):
    """Dossiers that a person has borrowed, and incidents he sees to."""

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
            Kind(
                "incident_action",
                self.env._("Actions About Incidents"),
                "customer.incident.action",
                ["user_id"],
                Domain("state", "=", "open"),
                dossier_path="",
                company_path="incident_id.company_id",
                method="_pass_incident_actions",
            ),
            Kind(
                "incident",
                self.env._("Incidents to Look Into"),
                "customer.incident",
                ["handler_ids"],
                dossier_path="",
                company_path="company_id",
                method="_leave_incidents",
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
        loans._end("revoked", self.env._("The borrower handed over his work."))

    @api.model
    def _pass_incident_actions(self, kind, actions, users, successors):
        """Another handler sees to it, or who leads: never whom it is about."""
        leads = self.env["customer.incident"]._get_leads()
        for incident, own in actions.grouped("incident_id").items():
            handlers = incident.handler_ids.filtered("active")
            people = (handlers | leads) - users - incident.person_ids
            if people:
                own.write({"user_id": people[0].id})

    @api.model
    def _leave_incidents(self, kind, incidents, users, successors):
        incidents.write({"handler_ids": [Command.unlink(user.id) for user in users]})
