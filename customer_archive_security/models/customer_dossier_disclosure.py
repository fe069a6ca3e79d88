from odoo import fields, models
from odoo.exceptions import UserError


class CustomerDossier(models.Model):
    """What of a dossier was given outside, and to whom (S2-44, S4-24)."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    disclosure_line_ids = fields.One2many(
        "customer.disclosure.line", "dossier_id", string="Given Outside"
    )

    def action_disclose(self):
        """Begin a request to give content of these dossiers outside.

        :raises UserError: for dossiers of several companies
        """
        self.check_access("read")
        if len(self.company_id) != 1:
            raise UserError(
                self.env._("Choose dossiers of one company; its leaders decide.")
            )
        disclosure = self.env["customer.disclosure"]._begin(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Give Data Outside"),
            "res_model": "customer.disclosure",
            "res_id": disclosure.id,
            "views": [(False, "form")],
        }
