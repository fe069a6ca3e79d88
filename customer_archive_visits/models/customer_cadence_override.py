from odoo import fields, models


class CustomerCadenceOverride(models.Model):
    """A customer's own rhythm, instead of the one of its tier (S1-27, S1-31)."""

    _name = "customer.cadence.override"
    _inherit = [
        # outermost: the rhythm follows what was written and allowed
        "customer.rhythm.source",
        "customer.dossier.item",
        "customer.strikeable",
        "customer.cadence.mixin",
    ]
    _description = "Own Rhythm of a Customer"
    _order = "id"

    reason = fields.Char(
        required=True, help="Why this customer is contacted more, or less, often."
    )

    _dossier_channel_uniq = models.UniqueIndex(
        "(dossier_id, channel) WHERE active",
        "This customer has a rhythm of its own for that channel already.",
    )

    def _move_to_dossier(self, dossier):
        """Go with the merged customer where the other has no such rhythm."""
        # sudo: whoever merges may write both dossiers, which was asked before
        overrides = self.sudo()
        known = overrides.search([("dossier_id", "=", dossier.id)])
        taken = set(known.mapped("channel"))
        for override in overrides.filtered("active"):
            if override.channel in taken:
                override._strike_out(self.env._("The customers were merged."))
            taken.add(override.channel)
        return super(CustomerCadenceOverride, overrides)._move_to_dossier(dossier)
