from odoo import api, fields, models
from odoo.tools import ormcache


class CustomerAccessCap(models.Model):
    """How many dossiers a rank may open in a day (S2-43)."""

    _name = "customer.access.cap"
    _description = "Daily Cap of Dossiers Read"
    _order = "dossier_count, id"

    group_id = fields.Many2one(
        "res.groups", string="Rank", required=True, ondelete="cascade"
    )
    dossier_count = fields.Integer(
        string="Dossiers a Day", help="0: as many as there are."
    )

    _group_uniq = models.Constraint("UNIQUE(group_id)", "One line for each rank.")
    _count_positive = models.Constraint(
        "CHECK(dossier_count >= 0)", "A number of dossiers is not negative."
    )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @ormcache()
    def _get_caps(self):
        """All caps as ``((group id, number), ...)``."""
        # sudo: whoever reads is held to the cap of his rank
        caps = self.sudo().search_fetch([("group_id", "!=", False)])
        return tuple((cap.group_id.id, cap.dossier_count) for cap in caps)

    @api.model
    def _get_cap(self, user):
        """How many dossiers ``user`` may read in a day; None: no limit.

        Of several ranks the most generous one counts: the higher implies the lower.
        """
        group_ids = set(user._get_group_ids())
        counts = [
            count for group_id, count in self._get_caps() if group_id in group_ids
        ]
        return max(counts) if counts and all(counts) else None
