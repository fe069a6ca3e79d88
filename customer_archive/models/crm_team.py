from odoo import api, fields, models


class CrmTeam(models.Model):
    _inherit = "crm.team"

    archive_supervisor_ids = fields.Many2many(
        "res.users",
        "crm_team_archive_supervisor_rel",
        string="Dossier Supervisors",
        groups="customer_archive.group_archive_admin",
        domain=[("share", "=", False)],
        help="Supervisors beside the team leader who see the dossiers of this team.",
    )

    @api.model
    def _get_supervised_ids(self):
        """Ids of the teams whose dossiers the current user supervises.

        Asked anew at each query, so that leaving a team ends the access at once.
        """
        uid = self.env.uid
        # sudo: only answers which teams the user himself leads
        teams = self.sudo().with_context(active_test=False)
        return teams.search(
            ["|", ("user_id", "=", uid), ("archive_supervisor_ids", "in", [uid])]
        ).ids
