# one model in several files: pylint: disable=consider-merging-classes-inherited
from odoo import models


class ResUsers(models.Model):
    _name = "res.users"
    _inherit = ["customer.access.watched", "res.users"]

    _access_fields = frozenset(("group_ids", "role"))

    def _get_access_states(self):
        """S2-20: in which groups of the archive these people are."""
        return {
            ("member", f"res.groups,{group.id}", group.full_name): frozenset(
                self.filtered(lambda user, g=group: g in user.all_group_ids).mapped(
                    "login"
                )
            )
            for group in self.env["res.groups"]._get_watched()
        }
