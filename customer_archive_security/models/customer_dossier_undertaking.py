from odoo import api, fields, models
from odoo.fields import Domain


class CustomerDossier(models.Model):
    """Dossiers are closed to who has not confirmed the undertaking, if it is strict.

    A global rule asks for it, so that an administrator sees it among the rules.
    """

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    is_undertaken = fields.Boolean(
        string="Undertaking Confirmed",
        compute="_compute_is_undertaken",
        search="_search_is_undertaken",
        help="I have confirmed the undertaking, or the company does not insist on it.",
    )

    @api.model
    def _is_open_by_undertaking(self):
        """Whether dossiers of the current company are open: not until confirmed."""
        policies = self.env["customer.archive.policy"]
        if not policies._is_undertaking_strict(self.env.company.id):
            return True
        return self.env["customer.undertaking"]._has_confirmed(self.env.user)

    @api.depends_context("uid", "company")
    def _compute_is_undertaken(self):
        self.is_undertaken = self._is_open_by_undertaking()

    def _search_is_undertaken(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.TRUE if self._is_open_by_undertaking() else Domain.FALSE
