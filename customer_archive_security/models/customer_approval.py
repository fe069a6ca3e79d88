from odoo import api, models
from odoo.fields import Domain


class CustomerApproval(models.Model):
    _inherit = "customer.approval"

    @api.model
    def _get_turn_domain(self):
        """Loans are decided by who may read the dossier himself (S2-37, S4-21).

        To whom it is lent, though, he doesn't lend it on (S3-13).
        """
        open_to_me = Domain("is_readable", "=", True) & Domain("is_lent", "=", False)
        # any!: a step may name a group that has no right to any dossier
        return super()._get_turn_domain() & (
            Domain("res_model", "!=", "customer.loan")
            | Domain("dossier_id", "any!", open_to_me)
        )

    def _get_approvers(self):
        users = super()._get_approvers()
        if self.res_model != "customer.loan":
            return users
        lent = self.env["customer.loan"]._get_lent_ids
        is_open_to = self.env["mail.activity"]._is_open_to
        return users.filtered(
            lambda user: (
                is_open_to(self.dossier_id, user)
                and self.dossier_id.id not in lent(user)
            )
        )
