from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

CLASS_SOURCES = (
    "company_id",
    "first_deal_date",
    "national_rank",
    "potential_amount",
    "transaction_ids.active",
    "transaction_ids.amount_company",
    "transaction_ids.date",
)


class YearOfTrade(NamedTuple):
    """What a customer bought in one year, in the company's currency."""

    total: float
    largest: float


class CustomerDossier(models.Model):
    """Class of the customer, beside its tier (S4-2 to S4-4).

    Important and stable customers reach limits that the company sets; the others are
    general once they traded, and potential before.
    """

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    customer_class = fields.Selection(
        compute="_compute_customer_class",
        store=True,
        help="By the limits of the company, or as chosen by hand (S4-2 to S4-4).",
    )
    manual_class = fields.Selection(
        lambda self: self._fields["customer_class"]._description_selection(self.env),
        string="Class Chosen by Hand",
        help="Goes before the rules; empty: the class follows the rules.",
    )
    rule_class = fields.Selection(
        lambda self: self._fields["customer_class"]._description_selection(self.env),
        string="Class by the Rules",
        compute="_compute_class_reason",
    )
    class_reason = fields.Text(string="Why This Class", compute="_compute_class_reason")
    potential_amount = fields.Monetary(
        string="Yearly Potential",
        help="What the customer could buy from us in a year (S4-2).",
    )
    national_rank = fields.Integer(
        string="Place in the Country",
        aggregator=None,
        help="Place of the customer in the national ranking of its trade (S4-2).",
    )

    intangible_value = fields.Text(
        help="What the customer brings beside its orders: name, references, ways to "
        "others (S4-12)."
    )
    opportunity = fields.Text(help="What a potential customer could become (S4-14).")
    key_factors = fields.Text(help="What decides whether it comes to a deal (S4-14).")
    support_needed = fields.Text(
        help="What the salesperson needs from us to win the customer (S4-14)."
    )

    _potential_positive = models.Constraint(
        "CHECK(potential_amount >= 0 AND national_rank >= 0)",
        "A potential and a place in the country can't be negative.",
    )

    @api.depends("manual_class", *CLASS_SOURCES)
    def _compute_customer_class(self):
        for limits, dossiers in self._group_by_class_limits():
            trade = dossiers._get_trade_by_year()
            for dossier in dossiers:
                dossier.customer_class = (
                    dossier.manual_class
                    or dossier._get_rule_class(limits, trade[dossier])
                )

    @api.depends(*CLASS_SOURCES)
    @api.depends_context("lang")
    def _compute_class_reason(self):
        for limits, dossiers in self._group_by_class_limits():
            trade = dossiers._get_trade_by_year()
            for dossier in dossiers:
                dossier.rule_class = dossier._get_rule_class(limits, trade[dossier])
                dossier.class_reason = dossier._explain_class(limits, trade[dossier])

    def _group_by_class_limits(self):
        """Pairs of the limits of a company and the dossiers for which they hold."""
        limits = self.env["customer.class.limit"]
        for company, dossiers in self.grouped("company_id").items():
            yield list(limits._get_limits(company or self.env.company)), dossiers

    def _get_trade_by_year(self):
        """Trade that is not struck out: ``{dossier: {year: YearOfTrade}}``."""
        groups = self.env["customer.transaction"]._read_group(
            [("dossier_id", "in", self._origin.ids), ("active", "=", True)],
            ["dossier_id", "date:year"],
            ["amount_company:sum", "amount_company:max"],
        )
        trade = {dossier: {} for dossier in self}
        by_id = {dossier._origin.id: trade[dossier] for dossier in self}
        for dossier, date, total, largest in groups:
            by_id[dossier.id][date.year] = YearOfTrade(total, largest)
        return trade

    def _get_rule_class(self, limits, trade):
        for limit in limits:
            if limit._is_reached(self, trade):
                return limit.customer_class
        return "general" if trade or self.first_deal_date else "potential"

    def _explain_class(self, limits, trade):
        paragraphs = ["\n".join(limit._explain(self, trade)) for limit in limits]
        if trade or self.first_deal_date:
            paragraphs.append(self.env._("Otherwise General: there was trade already."))
        else:
            paragraphs.append(
                self.env._("Otherwise Potential: there was no trade yet.")
            )
        return "\n\n".join(paragraphs)

    # ------------------------------------------------------------------
    # By hand
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([_as_chosen(vals) for vals in vals_list])

    def write(self, vals):
        """Write; a class given is chosen by hand, and none is the rules' again."""
        return super().write(_as_chosen(vals))

    def action_explain_class(self):
        """Show the limits beside what this customer has."""
        self.ensure_one()
        self.check_access("read")
        view = self.env.ref("customer_archive.customer_dossier_view_form_class")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why This Class"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(view.id, "form")],
            "target": "new",
        }

    def action_follow_class_rules(self):
        """Take back the class chosen by hand."""
        self.write({"manual_class": False})

    # ------------------------------------------------------------------
    # A million of them
    # ------------------------------------------------------------------

    @api.model
    def _recompute_class(self, low, high):
        """Do what ``_compute_customer_class`` does, in one statement.

        :return: number of dossiers changed
        """
        self.flush_model()
        self.env["customer.transaction"].flush_model()
        self.env["customer.class.limit"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH trade AS (
                    SELECT dossier_id, EXTRACT(year FROM date) AS year,
                           SUM(amount_company) AS total, MAX(amount_company) AS largest
                      FROM customer_transaction
                     WHERE dossier_id >= %(low)s AND dossier_id < %(high)s AND active
                  GROUP BY dossier_id, EXTRACT(year FROM date)
                ), measured AS (
                    SELECT d.id, l.id AS limit_id,
                           COUNT(*) FILTER (WHERE t.year < %(year)s) AS years,
                           MIN(t.total) FILTER (WHERE t.year < %(year)s) AS lowest,
                           MAX(t.largest) AS largest,
                           MAX(t.total) FILTER (WHERE t.year >= %(year)s - 1) AS total
                      FROM customer_dossier d
                      JOIN customer_class_limit l ON l.company_id = d.company_id
                 LEFT JOIN trade t ON t.dossier_id = d.id
                       AND t.year BETWEEN %(year)s - l.years AND %(year)s
                     WHERE d.id >= %(low)s AND d.id < %(high)s
                  GROUP BY d.id, l.id
                ), reached AS (
                    SELECT d.id, MIN(l.customer_class) AS customer_class
                      FROM measured m
                      JOIN customer_dossier d ON d.id = m.id
                      JOIN customer_class_limit l ON l.id = m.limit_id
                     WHERE (
                        SELECT CASE l.combine WHEN 'all' THEN bool_and(is_met)
                               ELSE bool_or(is_met) END
                          FROM (VALUES
                            (l.yearly_amount,
                             m.years = l.years AND m.lowest >= l.yearly_amount),
                            (l.single_amount,
                             COALESCE(m.largest >= l.single_amount, FALSE)),
                            (l.potential_amount,
                             COALESCE(GREATEST(m.total, d.potential_amount)
                                      >= l.potential_amount, FALSE)),
                            (l.top_rank,
                             COALESCE(d.national_rank BETWEEN 1 AND l.top_rank, FALSE))
                          ) AS measure(wanted, is_met)
                         WHERE wanted > 0)
                  GROUP BY d.id
                ), fresh AS (
                    SELECT d.id, COALESCE(d.manual_class, r.customer_class,
                           CASE WHEN d.first_deal_date IS NOT NULL
                                  OR d.id IN (SELECT dossier_id FROM trade)
                                THEN 'general' ELSE 'potential' END) AS customer_class
                      FROM customer_dossier d
                 LEFT JOIN reached r ON r.id = d.id
                     WHERE d.id >= %(low)s AND d.id < %(high)s
                )
                UPDATE customer_dossier d SET customer_class = fresh.customer_class
                  FROM fresh
                 WHERE fresh.id = d.id
                   AND d.customer_class IS DISTINCT FROM fresh.customer_class
             RETURNING d.id
                """,
                year=fields.Date.context_today(self).year,
                low=low,
                high=high,
            )
        )
        self.invalidate_model(["customer_class"])
        return len(rows)


def _as_chosen(vals):
    """Values with the class among them as one chosen by hand."""
    if "customer_class" not in vals:
        return vals
    vals = dict(vals)
    chosen = vals.pop("customer_class")
    return {"manual_class": chosen, **vals}
