from odoo import api, models
from odoo.exceptions import UserError

from .customer_visit import OPEN_STATES


class CustomerVisit(models.Model):
    """No visit is made to a customer whose dossier is closed (S2-49)."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.visit"

    @api.constrains("dossier_id", "state")
    def _check_dossier_goes_on(self):
        to_make = self.filtered(lambda visit: visit.state in OPEN_STATES)
        if to_make._filter_over():
            raise UserError(
                self.env._("The dossier of this customer is closed. Reopen it first.")
            )

    def _filter_over(self):
        """Those with whose customers nothing more is planned."""
        over = self.dossier_id._filter_over()
        return self.filtered(lambda visit: visit.dossier_id in over)

    def _end_with_dossier(self):
        self._end_with_reason(self.env._("The customer's dossier was closed."))

    def _lose_date(self):
        """Cancel what may not go back to the plan."""
        over = self._filter_over()
        over._end_with_dossier()
        return super(CustomerVisit, self - over)._lose_date()
