from odoo import fields, models


class CustomerHandoverLine(models.Model):
    """A dossier that was handed over: its stub as it was then, and nothing else.

    No link leads to the dossier: who signs for a handover need not read it.
    """

    _name = "customer.handover.line"
    _description = "Dossier Handed Over"
    _order = "post desc, number, id"

    handover_id = fields.Many2one(
        "customer.handover", required=True, index=True, ondelete="cascade"
    )
    post = fields.Selection(
        [("owner", "Account Owner"), ("keeper", "Archive Keeper")], required=True
    )
    number = fields.Char(string="Dossier No.", required=True)
    customer = fields.Char()
    tier_code = fields.Char(string="Tier")
    successor_id = fields.Many2one("res.users", string="Taken Over By")
