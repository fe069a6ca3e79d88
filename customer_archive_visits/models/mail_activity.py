from odoo import models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def write(self, vals):
        """Write; a promise follows the activity that is moved or handed on."""
        result = super().write(vals)
        if not {"date_deadline", "user_id"}.isdisjoint(vals):
            self._move_commitments()
        return result

    def _move_commitments(self):
        raised = self.filtered(
            lambda a: a.res_model == "customer.commitment" and a.active
        )
        for activity in raised:
            commitment = self.env["customer.commitment"].browse(activity.res_id)
            wanted = {"date": activity.date_deadline, "user_id": activity.user_id.id}
            if (commitment.date, commitment.user_id.id) != tuple(wanted.values()):
                commitment.write(wanted)
