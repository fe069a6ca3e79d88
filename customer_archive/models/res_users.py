from odoo import api, models
from odoo.exceptions import UserError


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        """Who stands in for somebody deactivated loses what he saw in his place."""
        result = super().write(vals)
        if "active" in vals:
            self.env["customer.access.ground"]._forget_grounds()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_tier_history(self):
        """Keep who changed tiers; no key of the database does (S0-29)."""
        # sudo: whether there is such a change, of whoever's customer
        history = self.env["customer.tier.history"].sudo()
        if history.search_count([("user_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "A person who changed tiers of customers is archived, not deleted."
                )
            )
