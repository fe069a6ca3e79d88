from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerLegalHold(models.Model):
    """Why a dossier is not destroyed though its term is over: a dispute, an audit."""

    _name = "customer.legal.hold"
    _inherit = ["customer.dossier.item"]
    _description = "Legal Hold"
    _order = "date_start desc, id desc"

    reason = fields.Text(required=True)
    user_id = fields.Many2one(
        "res.users",
        string="Ordered By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    date_start = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_end = fields.Date(string="Released On", readonly=True)
    release_reason = fields.Text(string="Released Because")

    def _get_item_name(self):
        return self.reason

    def action_release(self):
        """Let the dossier's term count again.

        :raises UserError: without a reason
        """
        self.check_access("write")
        for hold in self.filtered(lambda hold: not hold.date_end):
            if not (hold.release_reason or "").strip():
                raise UserError(self.env._("Say why the hold is released."))
            hold.date_end = fields.Date.context_today(self)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A hold is released, not deleted."))

    def _move_to_dossier(self, dossier):
        # sudo: a hold holds whatever becomes of the dossier; the merge asked for the
        # right on both dossiers
        return super(CustomerLegalHold, self.sudo())._move_to_dossier(dossier)
