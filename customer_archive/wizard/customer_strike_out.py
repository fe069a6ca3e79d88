from odoo import fields, models


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
        model = self.env[self.res_model]
        if isinstance(model, self.env.registry["customer.strikeable"]):
            model.browse(self.res_ids)._strike_out(self.reason)
