from odoo import api, fields, models


class CustomerStockTakingLine(models.Model):
    """A volume that should be in the archive room, and whether it is."""

    _name = "customer.stock.taking.line"
    _inherit = ["customer.dossier.item"]
    _description = "Volume of a Stock-Taking"
    _order = "id"
    _history = False

    taking_id = fields.Many2one(
        "customer.stock.taking", required=True, index=True, ondelete="cascade"
    )
    volume_id = fields.Many2one(
        "customer.volume", required=True, readonly=True, index=True, ondelete="restrict"
    )
    location = fields.Char(
        string="Shelf Mark", readonly=True, help="Where it should be."
    )
    is_found = fields.Boolean(string="Found")
    date = fields.Datetime(string="Found On", compute="_compute_date", store=True)
    note = fields.Char(string="Remarks", help="Where it is instead, its condition.")

    @api.depends("is_found")
    def _compute_date(self):
        for line in self:
            line.date = line.is_found and fields.Datetime.now()

    def _move_to_dossier(self, dossier):
        # sudo: it follows its volume; the merge asked for the right on both dossiers
        return super(CustomerStockTakingLine, self.sudo())._move_to_dossier(dossier)
