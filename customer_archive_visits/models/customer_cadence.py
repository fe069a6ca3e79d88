from odoo import api, fields, models


class CustomerCadence(models.Model):
    """Rhythm of the customers of a tier (S0-19, S0-21, S0-22)."""

    _name = "customer.cadence"
    _inherit = ["customer.cadence.mixin"]
    _description = "Rhythm of a Tier"
    _order = "tier_id, channel, company_id, id"

    tier_id = fields.Many2one(
        "customer.tier", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Empty: for all companies that have no rhythm of their own.",
    )

    _tier_channel_uniq = models.UniqueIndex(
        "(tier_id, channel, COALESCE(company_id, 0))",
        "This tier has a rhythm for that channel already.",
    )

    @api.depends("tier_id.code", "channel")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["channel"]._description_selection(self.env))
        for cadence in self:
            parts = (cadence.tier_id.code, labels.get(cadence.channel))
            cadence.display_name = " ".join(filter(None, parts))

    @api.model_create_multi
    def create(self, vals_list):
        self.env["customer.follow.up"]._sweep_soon()
        return super().create(vals_list)

    def write(self, vals):
        self.env["customer.follow.up"]._sweep_soon()
        return super().write(vals)

    def unlink(self):
        self.env["customer.follow.up"]._sweep_soon()
        return super().unlink()
