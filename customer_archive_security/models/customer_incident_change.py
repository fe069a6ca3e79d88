from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerIncidentChange(models.Model):
    """One changed value of an incident, known to the same few (S4-20, S2-48)."""

    _name = "customer.incident.change"
    _inherit = ["customer.unchanging.mixin", "customer.change.mixin"]
    _description = "Change of an Incident"
    _order = "id desc"

    incident_id = fields.Many2one(
        "customer.incident",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )

    def _get_changed_model(self):
        return "customer.incident"

    @api.model
    def _make_closed_error(self):
        return UserError(self.env._("The history of an incident stays as it is."))
