from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import ValidationError


class IrFilters(models.Model):
    _inherit = "ir.filters"

    @api.constrains("user_ids", "model_id")
    def _check_not_for_everybody(self):
        """What somebody looks for may tell what he knows (S2-20)."""
        if self.env.uid == SUPERUSER_ID:
            return  # those that addons ship
        family = self.env.registry["customer.archive.protected"]
        for each in self:
            model = self.env.registry.get(each.model_id)
            if not each.user_ids and model is not None and issubclass(model, family):
                raise ValidationError(
                    self.env._(
                        "A filter on dossiers is not shared with everybody: "
                        "its conditions may tell what they hold. Name the people."
                    )
                )
