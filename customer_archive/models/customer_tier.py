from odoo import fields, models


class CustomerTier(models.Model):
    """Tier of the ABC management, with its quota (S0-16 to S0-18)."""

    _name = "customer.tier"
    _description = "Customer Tier"
    _order = "sequence, id"
    _rec_names_search = ["code", "name"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="The letter people use: A, B, C.")
    sequence = fields.Integer(default=10, help="The most important tier comes first.")
    quota = fields.Float(
        string="Quota (%)",
        digits=(5, 2),
        help="Share of all customers this tier is meant to hold (S0-18).",
    )
    update_days = fields.Integer(
        string="Update Interval (Days)",
        help="Dossiers of this tier are checked so often (S2-25, S1-17); 0: as the "
        "policy of the company says.",
    )
    news_days = fields.Integer(
        string="News Interval (Days)",
        help="Whoever gathers news of a customer of this tier is reminded when nothing "
        "was learned for so long (S0-20); 0: never. The policy gives no number: a "
        "month is our suggestion for tier A.",
    )
    color = fields.Integer()
    measures = fields.Text(
        translate=True,
        help="How customers of this tier are looked after (S0-19 to S0-22).",
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "Each tier needs a code of its own.")
    _quota_range = models.Constraint(
        "CHECK(quota BETWEEN 0 AND 100)", "A quota lies between 0 and 100 percent."
    )

    def write(self, vals):
        if "update_days" in vals:
            self.env["customer.dossier"]._recount_soon()
        return super().write(vals)
