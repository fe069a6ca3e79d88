from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerSecrecy(models.Model):
    """Grade of secrecy of a dossier (密级: S4-5, S4-15)."""

    _name = "customer.secrecy"
    _inherit = ["customer.clearance.mixin"]
    _description = "Secrecy Grade"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10, help="The least secret grade comes first.")
    is_default = fields.Boolean(
        string="For New Dossiers", help="New dossiers have this grade (S4-5)."
    )
    no_copies = fields.Boolean(
        string="No Copies or Extracts",
        help="Such dossiers are read only: nobody prints or exports them, a loan with "
        "copies allows it neither (S2-37). What is given outside is approved.",
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "Each secrecy grade needs a code of its own."
    )

    @api.model
    def _get_dossier_field(self):
        return "secrecy_id"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: whether a grade is used, of whoever's customers
        dossiers = self.env["customer.dossier"].sudo().with_context(active_test=False)
        if dossiers.search_count([("secrecy_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("A secrecy grade that dossiers have is archived instead.")
            )
