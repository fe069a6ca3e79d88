from odoo import api, models


class CustomerUnchangingMixin(models.AbstractModel):
    """Lines that stay as they were added, for the superuser too (S1-20, S2-43)."""

    _name = "customer.unchanging.mixin"
    _description = "Line That Stays as It Is"

    def write(self, vals):
        """
        :raises UserError: always, for the superuser too
        """
        if self:
            raise self._make_closed_error()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise self._make_closed_error()

    @api.model
    def _make_closed_error(self):
        """What whoever tries is told: a ``UserError``."""
        raise NotImplementedError
