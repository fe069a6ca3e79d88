from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.misc import formatLang

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
    _limits_range = models.Constraint(
        "CHECK(value_share BETWEEN 0 AND 100 AND min_score BETWEEN 0 AND 100)",
        "Shares and points lie between 0 and 100.",
    )

    @api.constrains("quota", "value_share", "active")
    def _check_sums(self):
        tiers = self.search([("active", "=", True)])
        for name in ("quota", "value_share"):
            if round(sum(tiers.mapped(name)), 2) > 100:
                raise ValidationError(
                    self.env._(
                        "%(field)s: all tiers together come to more than 100 percent.",
                        field=self._fields[name]._description_string(self.env),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Keep what customers are, or once were; the links to it are not all keys."""
        # sudo: whether a tier was ever used, of whoever's customers
        used = {
            "customer.dossier": ("tier_id", "computed_tier_id"),
            "customer.tier.run.line": ("proposed_tier_id", "final_tier_id"),
            "customer.tier.history": ("old_tier_id", "tier_id"),
        }
        for model_name, names in used.items():
            records = self.env[model_name].sudo().with_context(active_test=False)
            domain = Domain.OR(Domain(name, "in", self.ids) for name in names)
            if records.search_count(domain, limit=1):
                raise UserError(
                    self.env._(
                        "A tier that customers were in is archived, not deleted."
                    )
                )

    @api.depends("name", "code", "quota")
    @api.depends_context(
        "uid", "allowed_company_ids", "lang", "tier_shares", "read_group_expand"
    )
    def _compute_display_name(self):
        """The name; over a column of the pipeline the share held and meant (S0-18)."""
        context = self.env.context
        is_column = context.get("tier_shares") and context.get("read_group_expand")
        shares = self._get_shares() if is_column else {}
        for tier in self:
            tier.display_name = tier.name
            if shares:
                tier.display_name = self.env._(
                    "%(tier)s · %(share)s %% (%(quota)s %%)",
                    tier=tier.code,
                    share=formatLang(self.env, shares.get(tier, 0), digits=1),
                    quota=f"{tier.quota:g}",
                )

    def _get_shares(self):
        """Percentages of the customers on file, as far as the user may count them."""
        quotas = self.env["customer.tier.quota"].sudo(False)
        if not quotas.has_access("read"):
            return {}
        return dict(quotas._read_group([], ["tier_id"], ["share:avg"]))

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
        for tier in self.search([("active", "=", True)]):
            limit = tier[LIMIT_FIELDS[method]]
            total = limit if method == "score" else round(total + limit, 2)
            ladder.append((tier, total))
        return ladder
