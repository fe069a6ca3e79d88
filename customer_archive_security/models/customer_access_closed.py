from odoo import api, models
from odoo.exceptions import UserError


class CustomerAccessClosed(models.AbstractModel):
    """Lines that nobody adds through the ORM either, the superuser included (S2-43)."""

    _name = "customer.access.closed"
    _inherit = ["customer.unchanging.mixin"]
    _description = "Line Nobody Changes"

    @api.model_create_multi
    def create(self, vals_list):
        if vals_list:
            raise self._make_closed_error()
        return super().create(vals_list)

    @api.model
    def _make_closed_error(self):
        return UserError(self.env._("The record of who looked is changed by nobody."))
