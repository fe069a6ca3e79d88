from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerVisitReason(models.TransientModel):
    """Asks why a visit is cancelled, or a promise dropped."""

    _name = "customer.visit.reason"
    _description = "Reason"

    res_model = fields.Selection(
        [("customer.visit", "Visit"), ("customer.commitment", "Promise or Open Issue")],
        required=True,
    )
    res_ids = fields.Json(required=True)
    reason = fields.Char()

    @api.model
    def _ask(self, records, title):
        """The dialog that asks why ``records`` end."""
        records.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_res_model": records._name,
                "default_res_ids": records.ids,
            },
        }

    def action_confirm(self):
        """End them with the reason.

        :raises UserError: without a reason
        """
        self.ensure_one()
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Give the reason."))
        self._get_ended()._end_with_reason(reason)

    def _get_ended(self):
        """What the dialog was opened for; the client may have written anything.

        :raises UserError: for what is no list of records
        """
        ids = self.res_ids
        if not isinstance(ids, list) or set(map(type, ids)) != {int}:
            raise UserError(self.env._("This can't be ended here."))
        return self.env[self.res_model].browse(ids)
