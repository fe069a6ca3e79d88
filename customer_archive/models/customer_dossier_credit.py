from odoo import api, models
from odoo.exceptions import UserError

CREDIT_FIELDS = frozenset(("credit_grade_id", "credit_history", "credit_limit"))


class CustomerDossier(models.Model):
    """Who manages the credit of customers, where the company says so (S4-6)."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    @api.model_create_multi
    def create(self, vals_list):
        graded = [vals for vals in vals_list if not CREDIT_FIELDS.isdisjoint(vals)]
        for company in self._group_by_company(graded):
            self._check_credit_right(company)
        return super().create(vals_list)

    def write(self, vals):
        """Write; credit is left to those the settings name.

        :raises UserError: when somebody else writes it
        """
        if not CREDIT_FIELDS.isdisjoint(vals):
            for company in self.company_id:
                self._check_credit_right(company)
        return super().write(vals)

    @api.model
    def _check_credit_right(self, company):
        group = self.env["customer.archive.policy"]._get_policy(company).credit_group_id
        user = self.env.user
        # sudo: the user's own groups
        if self.env.su or not group or group in user.sudo().all_group_ids:
            return
        raise UserError(
            self.env._(
                "The credit of customers is managed by “%(group)s”.",
                group=group.display_name,
            )
        )
