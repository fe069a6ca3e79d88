from odoo import fields, models
from odoo.fields import Domain

from .customer_account_plan import IN_FORCE


class CustomerDossier(models.Model):
    """What was still to be done with a customer ends with the dossier (S2-49).

    Visits are cancelled. What was promised stays promised, yet lies on no desk: it is
    back there when the dossier is reopened.
    """

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    def write(self, vals):
        result = super().write(vals)
        if not {"state", "active"}.isdisjoint(vals):
            self._end_visits()
            self._sync_promised()
        return result

    def _filter_over(self):
        """Those of customers with whom nothing more is planned."""
        return self.filtered(
            lambda dossier: (
                not dossier.active or dossier.state in ("closed", "destroyed")
            )
        )

    def _end_visits(self):
        """Cancel what is still to be made.

        An appointment whose time has come may have been kept: its report is due.
        """
        # sudo: whoever may close a dossier need not be able to write its visits
        over = self.sudo()._filter_over()
        visits = self.env["customer.visit"].sudo()
        visits.search(
            Domain("dossier_id", "in", over.ids)
            & (
                Domain("state", "=", "planned")
                | Domain("state", "=", "confirmed")
                & Domain("date_start", ">", fields.Datetime.now())
            )
        )._end_with_dossier()

    def _sync_promised(self):
        """Have promises and planned actions on desks, or on none, as it holds now."""
        # sudo: see _end_visits
        here = [("dossier_id", "in", self.ids), ("state", "=", "open")]
        self.env["customer.commitment"].sudo().search(here)._keep_raised()
        actions = self.env["customer.account.plan.action"].sudo()
        in_force = [*here, ("plan_id.state", "in", IN_FORCE)]
        actions.search(in_force)._sync_activities()
