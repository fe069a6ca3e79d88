# one model in several files: pylint: disable=consider-merging-classes-inherited
from odoo import api, models
from odoo.exceptions import ValidationError


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.constrains("public", "access_token", "res_model")
    def _check_no_public_address(self):
        """S2-20: a file of a dossier has no address that opens to anybody."""
        family = self.env.registry["customer.archive.protected"]
        for file in self:
            model = self.env.registry.get(file.res_model or "")
            is_ours = model is not None and issubclass(model, family)
            if is_ours and (file.public or file.access_token):
                raise ValidationError(
                    self.env._("A file of the customer archive can't be made public.")
                )
