from odoo import fields, models


class CustomerTierPast(models.TransientModel):
    """Asks for a day, and shows which tier each customer was in."""

    _name = "customer.tier.past"
    _description = "Tiers on a Day"

    date = fields.Date(string="On", required=True, default=fields.Date.context_today)
    tier_ids = fields.Many2many(
        "customer.tier", string="Tiers", help="Empty: every tier."
    )

    def action_show(self):
        """The dossiers in these tiers at the end of that day."""
        self.ensure_one()
        domain = [("open_date", "<=", self.date)]
        if self.tier_ids:
            domain.append(("past_tier_id", "in", self.tier_ids.ids))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Tiers on %(date)s", date=self.date),
            "res_model": "customer.dossier",
            "views": [
                (
                    self.env.ref("customer_archive.customer_dossier_view_list_past").id,
                    "list",
                ),
                (False, "form"),
            ],
            "domain": domain,
            "context": {"tier_date": str(self.date)},
        }
