from odoo import api, models
from odoo.exceptions import UserError


class CustomerAccessClosed(models.AbstractModel):
    """Lines that nobody writes through the ORM, the superuser included (S2-43)."""

    _name = "customer.access.closed"
    _description = "Line Nobody Changes"

    @api.model_create_multi
    def create(self, vals_list):
        if vals_list:
            raise self._make_closed_error()
        return super().create(vals_list)

    def write(self, vals):
        if self:
            raise self._make_closed_error()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise self._make_closed_error()

    @api.model
    def _make_closed_error(self):
        return UserError(self.env._("The record of who looked is changed by nobody."))
