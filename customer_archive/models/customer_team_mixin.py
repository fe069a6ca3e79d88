from odoo import api, fields, models
from odoo.fields import Domain


class CustomerTeamMixin(models.AbstractModel):
    """What belongs to a sales team, for the record rules of those who lead it."""

    _name = "customer.team.mixin"
    _description = "Record of a Sales Team"

    team_id = fields.Many2one("crm.team", string="Sales Team")
    is_supervised = fields.Boolean(
        string="Of My Teams",
        compute="_compute_is_supervised",
        search="_search_is_supervised",
    )

    @api.depends("team_id")
    @api.depends_context("uid")
    def _compute_is_supervised(self):
        team_ids = set(self.env["crm.team"]._get_supervised_ids())
        for record in self:
            record.is_supervised = record.team_id.id in team_ids

    def _search_is_supervised(self, operator, value):
        if operator != "in":
            return NotImplemented
        # Ids instead of a sub-query: under the OR of the rules a sub-query
        # would make PostgreSQL read the whole table.
        return Domain("team_id", "in", self.env["crm.team"]._get_supervised_ids())
