from odoo import api, fields, models
from odoo.exceptions import ValidationError

# What decides the limit of a tier, by the method of the evaluation scheme.
LIMIT_FIELDS = {"quota": "quota", "pareto": "value_share", "score": "min_score"}


class CustomerTier(models.Model):
    """Tier of the ABC management, with its limits (S0-16 to S0-18)."""

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
    value_share = fields.Float(
        string="Share of Value (%)",
        digits=(5, 2),
        help="For schemes that go by the share of the value: the customers of this "
        "tier together bring so much of it.",
    )
    min_score = fields.Float(
        string="Points From",
        digits=(5, 2),
        help="For schemes with fixed limits: the points, of 100, from which a customer "
        "belongs to this tier.",
    )
    update_days = fields.Integer(
        string="Update Interval (Days)",
        help="Dossiers of this tier are checked so often (S2-25, S1-17); 0: as the "
        "policy of the company says.",
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
    _limits_range = models.Constraint(
        "CHECK(value_share BETWEEN 0 AND 100 AND min_score BETWEEN 0 AND 100)",
        "Shares and points lie between 0 and 100.",
    )

    @api.constrains("quota", "value_share", "active")
    def _check_sums(self):
        tiers = self.search([])
        for name in ("quota", "value_share"):
            if round(sum(tiers.mapped(name)), 2) > 100:
                raise ValidationError(
                    self.env._(
                        "%(field)s: all tiers together come to more than 100 percent.",
                        field=self._fields[name]._description_string(self.env),
                    )
                )

    def write(self, vals):
        if "update_days" in vals:
            self.env["customer.dossier"]._recount_soon()
        return super().write(vals)

    @api.model
    def _get_ladder(self, method):
        """The tiers from best to last, each with the limit that ``method`` sets.

        :return: list of ``(tier, limit)``; the limit is the cumulated percentage, or
            the points from which the tier begins. The last tier takes the rest.
        """
        ladder, total = [], 0.0
        for tier in self.search([]):
            limit = tier[LIMIT_FIELDS[method]]
            total = limit if method == "score" else round(total + limit, 2)
            ladder.append((tier, total))
        return ladder
