from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# A row is named by the first dossier of its salesperson and by its tier.
TIERS_AT_MOST = 100


class CustomerTierQuota(models.Model):
    """Quota monitor: how many customers are in each tier, and how many should (S0-18).

    Counts of filed dossiers by company, team, salesperson and tier, never a customer.
    Each salesperson has a row for every tier, so that shares can be added up: the
    part of any group is the sum of its customers by the sum of ``base_count``.
    """

    _name = "customer.tier.quota"
    _inherit = ["customer.team.mixin"]
    _description = "Quota Monitor"
    _auto = False
    _order = "company_id, team_id, user_id, tier_rank"
    _rec_name = "tier_id"
    _depends = {
        "customer.dossier": [
            "company_id",
            "team_id",
            "user_id",
            "tier_id",
            "state",
            "active",
        ],
        "customer.tier": ["sequence", "quota", "active"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    team_id = fields.Many2one(readonly=True)
    user_id = fields.Many2one("res.users", string="Account Owner", readonly=True)
    tier_id = fields.Many2one("customer.tier", readonly=True)
    tier_rank = fields.Integer(readonly=True, aggregator=None)
    customer_count = fields.Integer(string="Number of Customers", readonly=True)
    target_count = fields.Float(
        string="Customers on Target",
        digits=(16, 1),
        readonly=True,
        help="So many of the customers on file the tier is meant to hold.",
    )
    difference_count = fields.Float(
        string="Customers Too Many",
        digits=(16, 1),
        readonly=True,
        help="Customers above the quota of the tier; below it with a minus.",
    )
    base_count = fields.Integer(
        string="Customers of All Tiers", readonly=True, aggregator=None
    )
    share = fields.Float(
        string="Actual Share (%)",
        digits=(5, 1),
        readonly=True,
        aggregator="avg",
        help="Part of the customers on file that is in the tier.",
    )
    quota = fields.Float(
        string="Target Share (%)",
        digits=(5, 1),
        readonly=True,
        aggregator="avg",
        help="Part of the customers the tier is meant to hold (S0-18).",
    )
    difference = fields.Float(
        string="Difference (Points)",
        digits=(5, 1),
        readonly=True,
        aggregator="avg",
        help="Percentage points above or below the quota.",
    )

    @property
    def _table_query(self):
        """Counts for every tier, also where it has none; last those without a tier.

        The counts come first and off an index; the tiers are joined to what is left,
        a few rows for each salesperson. Conditions on company, team and salesperson
        find their way into the count.
        """
        return SQL(
            """
            SELECT unit.first_id::bigint * %(factor)s + tier.rank AS id,
                   unit.company_id, unit.team_id, unit.user_id,
                   tier.id AS tier_id, tier.rank AS tier_rank,
                   counted.customer_count,
                   unit.base_count,
                   unit.base_count * tier.quota / 100 AS target_count,
                   counted.customer_count - unit.base_count * tier.quota / 100
                       AS difference_count,
                   100.0 * counted.customer_count / unit.base_count AS share,
                   tier.quota,
                   100.0 * counted.customer_count / unit.base_count - tier.quota
                       AS difference
              FROM (
                    SELECT company_id, team_id, user_id,
                           min(first_id) AS first_id,
                           sum(customer_count)::int AS base_count,
                           jsonb_object_agg(COALESCE(tier_id, 0), customer_count)
                               AS counts
                      FROM (
                            SELECT company_id, team_id, user_id, tier_id,
                                   min(id) AS first_id, count(*) AS customer_count
                              FROM customer_dossier
                             WHERE active IS TRUE AND state = 'filed'
                          GROUP BY company_id, team_id, user_id, tier_id
                           ) AS counted
                  GROUP BY company_id, team_id, user_id
                   ) AS unit
        CROSS JOIN (
                    SELECT id, quota::numeric,
                           (row_number() OVER (ORDER BY sequence, id))::int AS rank
                      FROM customer_tier
                     WHERE active IS TRUE
                 UNION ALL
                    SELECT NULL, 0, %(factor)s - 1
                   ) AS tier
        CROSS JOIN LATERAL (
                    SELECT CASE WHEN tier.id IS NOT NULL
                           THEN COALESCE((unit.counts ->> tier.id::text)::int, 0)
                           -- without a tier, or in one that is archived
                           ELSE (SELECT COALESCE(sum(value::int), 0)
                                   FROM jsonb_each_text(unit.counts)
                                  WHERE key::int NOT IN (
                                        SELECT id FROM customer_tier
                                         WHERE active IS TRUE))
                            END AS customer_count
                   ) AS counted
            """,
            factor=TIERS_AT_MOST,
        )

    @api.depends("tier_id", "team_id", "user_id")
    def _compute_display_name(self):
        for row in self:
            names = (row.tier_id.code, row.user_id.name or row.team_id.name)
            row.display_name = " ".join(filter(None, names))

    # ------------------------------------------------------------------
    # Shares of groups
    # ------------------------------------------------------------------

    def _read_group_select(self, aggregate_spec, query):
        """The percentages of a group, from its counts: they can't be added up."""
        parts = {
            "share:avg": SQL("sum(%s)", self._column("customer_count", query)),
            "quota:avg": SQL("sum(%s)", self._column("target_count", query)),
            "difference:avg": SQL("sum(%s)", self._column("difference_count", query)),
        }
        if aggregate_spec not in parts:
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "100.0 * %s * count(DISTINCT %s) / NULLIF(sum(%s), 0)",
            parts[aggregate_spec],
            # every salesperson has a row for each tier
            self._column("tier_rank", query),
            self._column("base_count", query),
        )

    def _column(self, name, query):
        return self._field_to_sql(self._table, name, query)

    # ------------------------------------------------------------------
    # The customers behind a number
    # ------------------------------------------------------------------

    def action_open_customers(self):
        """The customers counted in this row, as far as they are open to the user."""
        self.ensure_one()
        self.check_access("read")
        tier = self.tier_id
        # as the count has it: none, or one that is no longer used
        no_tier = Domain("tier_id", "=", False) | Domain("tier_id.active", "=", False)
        domain = Domain.AND(
            [
                Domain("state", "=", "filed"),
                Domain("company_id", "=", self.company_id.id),
                Domain("team_id", "=", self.team_id.id),
                Domain("user_id", "=", self.user_id.id),
                Domain("tier_id", "=", tier.id) if tier else no_tier,
            ]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name or self.env._("Without Tier"),
            "res_model": "customer.dossier",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": list(domain),
        }
