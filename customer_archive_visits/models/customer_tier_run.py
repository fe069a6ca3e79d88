from odoo import models


class CustomerTierRun(models.Model):
    _inherit = "customer.tier.run"

    def _finish_slices(self):
        """Have the rhythm of all customers follow a run of many slices."""
        result = super()._finish_slices()
        if self._is_in_slices():
            self.env["customer.follow.up"]._sweep_soon()
        return result
