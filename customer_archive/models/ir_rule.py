from odoo import api, models
from odoo.exceptions import AccessError

# Models whose refusals name nothing, beside whatever inherits of these.
LOCKED = (
    "customer.archive.protected",
    "customer.archive.activity",
    "customer.approval.decision",
    "customer.intake",
)


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _make_access_error(self, operation, records):
        """Name neither record nor rule when a protected record is refused.

        Odoo's own message lists names in debug mode, which every employee may
        switch on.
        """
        if records._name == "mail.activity":
            # whose own refusal is neutral; the name is what somebody wrote
            return records._make_access_error(operation)
        error = super()._make_access_error(operation, records)
        if not any(map(self._is_locked, self._get_told_models(records))):
            return error
        return AccessError(
            self.env._(
                "This part of the customer archive is not open to you.\n"
                "Ask the keeper of the dossier or your manager for access."
            )
        )

    @api.model
    def _get_told_models(self, records):
        """Names of the models whose content the names of ``records`` may tell."""
        if records._name != "ir.attachment":
            return [records._name]
        # sudo: what the files hang on; what they are called, nobody is told
        return records.sudo().exists().mapped("res_model")

    @api.model
    def _is_locked(self, model_name):
        registry = self.env.registry
        locked = tuple(registry[name] for name in LOCKED)
        return model_name in registry and issubclass(registry[model_name], locked)
