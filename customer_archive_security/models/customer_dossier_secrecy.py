from odoo import fields, models
from odoo.exceptions import UserError


class CustomerDossier(models.Model):
    """The grade of a dossier on file changes by an approved proposal (S4-5, S4-15)."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    secrecy_change_ids = fields.One2many(
        "customer.secrecy.change", "dossier_id", "Requests for Another Secrecy Grade"
    )

    def write(self, vals):
        """
        :raises UserError: when another grade is written on a dossier on file
        """
        if "secrecy_id" in vals and not self.env.su:
            self._check_grade_collecting(vals["secrecy_id"])
        return super().write(vals)

    def _check_grade_collecting(self, secrecy_id):
        for dossier in self:
            if dossier.state in ("draft", "review"):
                continue
            if dossier.secrecy_id.id == secrecy_id:
                continue
            raise UserError(
                self.env._(
                    "The secrecy grade of %(dossier)s changes by a proposal that the "
                    "leaders approve. Propose another grade with your reason.",
                    dossier=dossier.display_name,
                )
            )

    def action_propose_secrecy(self):
        """Propose another grade for these dossiers, with a reason."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Propose a Secrecy Grade"),
            "res_model": "customer.secrecy.propose",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_dossier_ids": self.ids},
        }
