from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerStrikeable(models.AbstractModel):
    """Entry of a dossier that is struck out with a reason, never deleted (S2-29)."""

    _name = "customer.strikeable"
    _description = "Entry That Can Be Struck Out"

    active = fields.Boolean(default=True, readonly=True)
    strike_reason = fields.Char(string="Struck Out Because", readonly=True)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_collecting(self):
        if any(entry.dossier_id.state != "draft" for entry in self):
            raise UserError(
                self.env._(
                    "What is on file can't be deleted. Strike it out and give a reason."
                )
            )

    def write(self, vals):
        """Write; an entry is taken out of sight with a reason only.

        :raises UserError: without one
        """
        if vals.get("active") is False and not vals.get("strike_reason"):
            raise UserError(self.env._("Give the reason why this is struck out."))
        return super().write(vals)

    def action_strike_out(self):
        """Ask for the reason."""
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Strike Out"),
            "res_model": "customer.strike.out",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_res_model": self._name, "default_res_ids": self.ids},
        }

    def action_restore(self):
        """Take struck-out entries back."""
        self.write({"active": True, "strike_reason": False})

    def _strike_out(self, reason):
        """Strike the entries out.

        :raises UserError: without a reason
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Give the reason why this is struck out."))
        self.write({"active": False, "strike_reason": reason.strip()})
