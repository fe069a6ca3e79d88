from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerUndertakingConfirmation(models.Model):
    """That somebody confirmed a version, and when. Nobody changes it (S1-20, S3-13)."""

    _name = "customer.undertaking.confirmation"
    _inherit = ["customer.unchanging.mixin"]
    _description = "Confirmation of the Undertaking"
    _order = "id desc"
    _rec_name = "user_id"

    undertaking_id = fields.Many2one(
        "customer.undertaking",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    version = fields.Integer(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Confirmed By",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    date = fields.Datetime(
        string="Confirmed On",
        required=True,
        readonly=True,
        default=fields.Datetime.now,
    )
    lang = fields.Char(
        string="Language", readonly=True, help="In which the text was read."
    )

    _once = models.Constraint(
        "UNIQUE(undertaking_id, user_id)", "This is confirmed already."
    )

    @api.model
    def _make_closed_error(self):
        return UserError(self.env._("What people confirmed is changed by nobody."))
