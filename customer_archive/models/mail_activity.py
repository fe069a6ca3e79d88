from odoo import api, models
from odoo.exceptions import UserError


class MailActivity(models.Model):
    _inherit = "mail.activity"

    @api.constrains("user_id", "res_model", "res_id")
    def _check_assigned_may_read(self):
        """Assign nobody an activity on a protected record that is closed to him.

        Odoo shows an activity to whoever it is assigned to.

        :raises UserError: naming nobody's access but the assigned person's
        """
        protected = self.env.registry["customer.archive.protected"]
        for activity in self:
            model = self.env.get(activity.res_model)
            if model is None or not isinstance(model, protected):
                continue
            record = model.browse(activity.res_id).with_user(activity.user_id)
            if activity.user_id and not record.has_access("read"):
                raise UserError(
                    self.env._(
                        "%(person)s may not read this dossier. Choose somebody who may.",
                        person=activity.user_id.name,
                    )
                )
