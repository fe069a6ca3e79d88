from odoo import api, models


class CustomerRhythmSource(models.AbstractModel):
    """Entry of a dossier on which the next call and the next visit depend."""

    _name = "customer.rhythm.source"
    _description = "Entry That Moves the Rhythm"

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries.dossier_id._refresh_follow_ups()
        return entries

    def write(self, vals):
        dossiers = self.dossier_id
        result = super().write(vals)
        (dossiers | self.dossier_id)._refresh_follow_ups()
        return result

    def unlink(self):
        dossiers = self.dossier_id
        result = super().unlink()
        dossiers._refresh_follow_ups()
        return result
