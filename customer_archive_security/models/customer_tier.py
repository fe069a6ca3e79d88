from odoo import api, models


class CustomerTier(models.Model):
    _name = "customer.tier"
    _inherit = ["customer.tier", "customer.clearance.mixin"]

    @api.model
    def _get_dossier_field(self):
        return "tier_id"
