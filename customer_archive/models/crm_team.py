from odoo import api, fields, models
from odoo.tools import SQL

from .customer_approval_delegation import SUPERVISOR_GROUP


class CrmTeam(models.Model):
    _name = "crm.team"
    _inherit = ["crm.team", "customer.access.ground"]

    _ground_fields = frozenset(("user_id", "archive_supervisor_ids"))

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
        them himself.
        """
        user = self.env.user
        away = self.env["customer.approval.delegation"]._get_represented(user)
        # who leads a team without the rank doesn't see its dossiers
        away = away.filtered(lambda person: person.has_group(SUPERVISOR_GROUP))
        return self._get_led_ids(user | away)

    @api.model
    def _get_led_ids(self, users):
        """Ids of the teams that one of ``users`` leads, or is named supervisor of."""
        return [team_id for team_id, _team in self._get_live_grounds(users)]

    @api.model
    def _select_grounds(self, user_ids):
        named = self._fields["archive_supervisor_ids"]
        return SQL(
            "SELECT led.user_id, %s, led.team_id, led.team_id,"
            " NULL::timestamp, NULL::timestamp FROM ("
            " SELECT user_id, id AS team_id FROM crm_team UNION SELECT %s, %s FROM %s"
            ") led WHERE led.user_id = ANY(%s)",
            self._name,
            SQL.identifier(named.column2),
            SQL.identifier(named.column1),
            SQL.identifier(named.relation),
            user_ids,
        )
