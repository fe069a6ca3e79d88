from odoo import models


class IrActionsServer(models.Model):
    """Code that an administrator lets Odoo run on dossiers is on record, too."""

    _name = "ir.actions.server"
    _inherit = ["customer.access.watched", "ir.actions.server"]

    _access_fields = frozenset(("code", "state", "model_id", "group_ids"))

    def _get_access_states(self):
        """S2-20: what a server action on a model of the archive does."""
        return {
            (
                "action",
                f"ir.actions.server,{action.id}",
                f"{action.model_id.model}: {action.name}",
            ): f"{action.state} | {action.code or ''}"
            for action in self
            if self._is_of_archive(action.model_id.model)
        }
