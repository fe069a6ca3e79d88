from odoo import models


class CustomerKeyPerson(models.Model):
    _inherit = "customer.key.person"

    def write(self, vals):
        """Write; a rank that was not known may make a contact count."""
        result = super().write(vals)
        if "rank" in vals:
            self.dossier_id._refresh_follow_ups()
        return result
