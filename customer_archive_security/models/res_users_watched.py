# one model in several files: pylint: disable=consider-merging-classes-inherited
from odoo import models
from odoo.fields import Command


class ResUsers(models.Model):
    _name = "res.users"
    _inherit = ["customer.access.watched", "res.users"]

    _access_fields = frozenset(("group_ids", "role"))

    def _may_change_access(self, vals):
        """Not where groups are given or taken that lead to none of the archive."""
        if not super()._may_change_access(vals):
            return False
        commands = vals.get("group_ids") or ()
        if "role" in vals or not all(
            isinstance(command, list | tuple)
            and command[0] in (Command.LINK, Command.UNLINK)
            for command in commands
        ):
            return True
        groups = self.env["res.groups"]
        ids = [command[1] for command in commands]
        reached = {*ids, *groups._get_group_definitions().get_superset_ids(ids)}
        return not reached.isdisjoint(groups._get_watched_ids())

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
