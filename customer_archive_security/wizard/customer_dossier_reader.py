from odoo import fields, models


class CustomerDossierReader(models.TransientModel):
    _name = "customer.dossier.reader"
    _description = "Somebody Who Can See a Dossier"
    _order = "date_end DESC NULLS LAST, id"

    readers_id = fields.Many2one(
        "customer.dossier.readers", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", string="Reader", readonly=True)
    ways = fields.Char(string="Through What", readonly=True)
    clearance = fields.Char(readonly=True)
    date_end = fields.Datetime(string="Until", readonly=True)
    may_write = fields.Boolean(string="May Change It", readonly=True)
