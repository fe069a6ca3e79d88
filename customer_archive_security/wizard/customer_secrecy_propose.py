from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerSecrecyPropose(models.TransientModel):
    """Asks which grade is proposed for one dossier or many, and why (S4-5)."""

    _name = "customer.secrecy.propose"
    _description = "Propose a Secrecy Grade"

    dossier_ids = fields.Json(required=True)
    dossier_count = fields.Integer(string="Dossiers", compute="_compute_dossier_count")
    secrecy_id = fields.Many2one("customer.secrecy", string="Grade", required=True)
    reason = fields.Text(required=True)

    @api.depends("dossier_ids")
    def _compute_dossier_count(self):
        for wizard in self:
            wizard.dossier_count = len(wizard.dossier_ids or ())

    def action_propose(self):
        """Send a proposal for each dossier to the leaders.

        Left out are dossiers that have the grade, or for which one is proposed
        already.

        :raises UserError: when none is left
        """
        self.ensure_one()
        dossiers = self._get_dossiers()
        changes = self.env["customer.secrecy.change"]
        waiting = changes.search(
            [("dossier_id", "in", dossiers.ids), ("state", "=", "review")]
        )
        dossiers -= waiting.dossier_id
        dossiers = dossiers.filtered(lambda d: d.secrecy_id != self.secrecy_id)
        if not dossiers:
            raise UserError(
                self.env._(
                    "These dossiers have this grade already, or wait for another one."
                )
            )
        proposed = changes._propose(dossiers, self.secrecy_id, self.reason)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Requests for Another Secrecy Grade"),
            "res_model": "customer.secrecy.change",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", proposed.ids)],
        }

    def _get_dossiers(self):
        """The dossiers chosen; the client may have written anything.

        :raises UserError: when none are chosen
        :raises AccessError: when one of them is closed to the user
        """
        ids = self.dossier_ids
        if not ids or not isinstance(ids, list) or set(map(type, ids)) != {int}:
            raise UserError(self.env._("Choose the dossiers first."))
        dossiers = self.env["customer.dossier"].browse(ids)
        dossiers.check_access("read")
        return dossiers
