from odoo import fields, models
from odoo.exceptions import UserError


class CustomerFollowUpPostpone(models.TransientModel):
    """Asks to when, and why, a call or visit is put off."""

    _name = "customer.follow.up.postpone"
    _description = "Put Off a Call or Visit"

    follow_up_ids = fields.Json(required=True)
    date = fields.Date(string="To", required=True)
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Put off, under the lock of the dossiers."""
        self.ensure_one()
        ids = self.follow_up_ids
        if not isinstance(ids, list) or set(map(type, ids)) != {int}:
            raise UserError(self.env._("This can't be put off."))
        self.env["customer.follow.up"].browse(ids)._postpone(self.date, self.reason)
