from odoo import models
from odoo.exceptions import UserError


class CustomerDisposalLine(models.Model):
    _inherit = "customer.disposal.line"

    def _check_may_be_destroyed(self):
        """Ask for the paper too: what is out can't be shredded (S2-13, S2-28).

        :raises UserError: naming the dossiers whose paper is not back
        """
        result = super()._check_may_be_destroyed()
        # sudo: that paper is out is told by the number of the dossier alone
        loans = self.env["customer.loan"].sudo()
        out = loans.search(
            [
                ("dossier_id", "in", self.dossier_id.ids),
                ("paper_out_date", "!=", False),
                ("paper_back_date", "=", False),
            ]
        )
        if out:
            raise UserError(
                self.env._(
                    "The paper of these dossiers is lent out: %(dossiers)s. Have it "
                    "handed back first, or decide to keep them.",
                    dossiers=", ".join(out.dossier_id.mapped("number")),
                )
            )
        return result
