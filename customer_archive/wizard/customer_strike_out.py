from odoo import fields, models
from odoo.exceptions import UserError


class CustomerStrikeOut(models.TransientModel):
    """Asks why entries of a dossier are struck out (S2-29)."""

    _name = "customer.strike.out"
    _description = "Strike Out"

    res_model = fields.Char(required=True)
    res_ids = fields.Json(required=True)
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Strike out with the reason, under the lock of the entries."""
        self.ensure_one()
        self._get_entries()._strike_out(self.reason)

    def _get_entries(self):
        """What the dialog was opened for; the client may have written anything.

        :raises UserError: for what is no entry of a dossier
        """
        model, ids = self.env.get(self.res_model), self.res_ids
        is_entry = isinstance(model, self.env.registry["customer.strikeable"])
        if not is_entry or not isinstance(ids, list) or set(map(type, ids)) != {int}:
            raise UserError(self.env._("This can't be struck out."))
        return model.browse(ids)
