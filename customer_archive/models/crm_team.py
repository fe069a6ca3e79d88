from odoo import api, fields, models

from .customer_approval_delegation import SUPERVISOR_GROUP


class CrmTeam(models.Model):
    _inherit = "crm.team"

    archive_supervisor_ids = fields.Many2many(
        "res.users",
        "crm_team_archive_supervisor_rel",
        string="Dossier Supervisors",
        groups="customer_archive.group_archive_admin",
        # a text: Odoo takes the fields of a list for what the column depends on, and
        # would search the rows while a user is made whose share is not known yet
        domain="[('share', '=', False)]",
        help="Supervisors beside the team leader who see the dossiers of this team.",
    )

    @api.model
    def _get_supervised_ids(self):
        """Ids of the teams whose dossiers the current user supervises.

        Those of somebody away for whom he decides count too, where that one sees
        them himself. Asked anew at each query, so that leaving a team ends the
        access at once.
        """
        user = self.env.user
        away = self.env["customer.approval.delegation"]._get_represented(user)
        # who leads a team without the rank doesn't see its dossiers
        away = away.filtered(lambda person: person.has_group(SUPERVISOR_GROUP))
        return self._get_led_ids(user | away)

    @api.model
    def _get_led_ids(self, users):
        """Ids of the teams that one of ``users`` leads, or is named supervisor of."""
        # sudo: only answers which teams these users lead
        teams = self.sudo().with_context(active_test=False)
        return teams.search(
            [
                "|",
                ("user_id", "in", users.ids),
                ("archive_supervisor_ids", "in", users.ids),
            ]
        ).ids
