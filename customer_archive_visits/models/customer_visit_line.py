from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerVisitLine(models.AbstractModel):
    """A line of a visit: closed while others decide, and once it is reported."""

    _name = "customer.visit.line"
    _inherit = ["customer.dossier.item"]
    _description = "Line of a Visit"
    _order = "id"

    _moving_fields = frozenset(("dossier_id", "visit_id"))
    # Columns that somebody decides on.
    _asked_fields = frozenset()

    visit_id = fields.Many2one(
        "customer.visit", required=True, index=True, ondelete="cascade"
    )
    dossier_id = fields.Many2one(
        related="visit_id.dossier_id", store=True, precompute=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        visit_ids = [vals["visit_id"] for vals in vals_list if vals.get("visit_id")]
        visits = self.env["customer.visit"].browse(visit_ids)
        # asked first, as for dossiers: see _check_dossiers_open
        visits.check_access("write")
        is_asking = any(not self._asked_fields.isdisjoint(vals) for vals in vals_list)
        self._check_changeable(visits, is_asking)
        return super().create(vals_list)

    def write(self, vals):
        self._check_changeable(self.visit_id, not self._asked_fields.isdisjoint(vals))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        self._check_changeable(self.visit_id, True)

    @api.model
    def _check_changeable(self, visits, is_asking):
        """
        :raises UserError: where the line is decided on at the moment, or on file
        """
        if self.env.su:
            return
        states = set(visits.mapped("state"))
        if "reported" in states:
            raise UserError(
                self.env._("The visit is reported. Reopen its report to change it.")
            )
        if is_asking and "waiting" in visits.mapped("request_state"):
            raise UserError(
                self.env._(
                    "This waits for approval. Withdraw the request to change it."
                )
            )

    def _move_to_dossier(self, dossier):
        """Nothing to do: a line goes where its visit goes."""
