from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

RATINGS = [
    ("region", "Region"),
    ("strength", "Customer's Strength"),
    ("likelihood", "Likelihood of a Deal"),
    ("prospects", "Prospects"),
    ("demand", "Demand"),
]
# A credit note is no deal: it takes back an amount, as a transaction of its own.
IS_DEAL = SQL("t.amount_company >= 0")
# Measures for which less is better, as long as nobody says otherwise.
LOWER_IS_BETTER = ("recency", "breaches")


class CustomerTierCriterion(models.Model):
    """What an evaluation looks at, and how much it counts (S0-17, S4-8).

    Each criterion gives a customer 0 to 100 points; the weights make one score of
    them. The evaluation of all customers is one SQL statement, of which a criterion
    gives its parts.
    """

    _name = "customer.tier.criterion"
    _description = "Evaluation Criterion"
    _order = "sequence, id"

    scheme_id = fields.Many2one(
        "customer.tier.scheme", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    weight = fields.Float(
        default=1.0, help="How much the criterion counts beside the others."
    )
    source = fields.Selection(
        [
            ("rating", "Rating Given by People"),
            ("field", "Number on the Dossier"),
            ("credit", "Credit Grade"),
            ("measure", "Trade"),
        ],
        required=True,
        default="measure",
    )
    rating = fields.Selection(RATINGS)
    field_id = fields.Many2one(
        "ir.model.fields",
        string="Number",
        domain=[
            ("model", "=", "customer.dossier"),
            ("store", "=", True),
            ("ttype", "in", ("integer", "float", "monetary")),
        ],
        ondelete="cascade",
    )
    measure = fields.Selection(
        [
            ("amount", "Amount"),
            ("growth", "Growth (%)"),
            ("count", "Number of Deals"),
            ("recency", "Days Since the Last Deal"),
            ("breaches", "Breaches of Contract"),
            ("profit", "Profit"),
        ],
        help="Amounts and profits are in the company's currency at the rate of each "
        "deal's date. Growth compares the period with the one before it.",
    )
    months = fields.Integer(
        default=12,
        help="Length of the period that ends with the run's last day; 0: all trade.",
    )
    direction = fields.Selection(
        [("higher", "More Is Better"), ("lower", "Less Is Better")],
        required=True,
        compute="_compute_direction",
        store=True,
        readonly=False,
        precompute=True,
    )
    scoring = fields.Selection(
        [
            ("percentile", "Place Among All Customers"),
            ("bands", "Table of Bands"),
            ("steps", "Points a Step"),
        ],
        string="Points By",
        required=True,
        compute="_compute_scoring",
        store=True,
        readonly=False,
        precompute=True,
        help="The place among all: the share of customers, in percent, that one "
        "leaves behind; equals get the same.",
    )
    step_points = fields.Float(
        string="Points a Step",
        default=20.0,
        help="What each step of a rating of 1 to 5 is worth (S0-17); 100 at most.",
    )
    band_ids = fields.One2many(
        "customer.tier.criterion.band", "criterion_id", "Bands", copy=True
    )
    missing_points = fields.Float(
        string="Points if Not Known",
        help="For customers of whom the value is not known.",
    )

    _weight_positive = models.Constraint(
        "CHECK(weight > 0)", "A criterion weighs more than nothing."
    )
    _step_range = models.Constraint(
        "CHECK(step_points > 0 AND step_points <= 100)",
        "A step is worth more than nothing, and 100 points at most.",
    )
    _missing_range = models.Constraint(
        "CHECK(missing_points BETWEEN 0 AND 100)", "Points lie between 0 and 100."
    )
    _months_positive = models.Constraint(
        "CHECK(months >= 0)", "A period has no negative length."
    )
    _source_set = models.Constraint(
        "CHECK((source = 'rating' AND rating IS NOT NULL)"
        " OR (source = 'field' AND field_id IS NOT NULL)"
        " OR (source = 'measure' AND measure IS NOT NULL) OR source = 'credit')",
        "Choose what the criterion looks at.",
    )
    _steps_of_ratings = models.Constraint(
        "CHECK(scoring != 'steps' OR source = 'rating')",
        "Only ratings have steps.",
    )

    @api.depends("source", "measure")
    def _compute_direction(self):
        for criterion in self:
            is_lower = criterion.source == "measure" and (
                criterion.measure in LOWER_IS_BETTER
            )
            criterion.direction = "lower" if is_lower else "higher"

    @api.depends("source")
    def _compute_scoring(self):
        for criterion in self:
            is_rating = criterion.source == "rating"
            criterion.scoring = "steps" if is_rating else "percentile"

    @api.constrains("scoring", "band_ids")
    def _check_bands(self):
        for criterion in self:
            if criterion.scoring == "bands" and not criterion.band_ids:
                raise ValidationError(
                    self.env._(
                        "“%(criterion)s” goes by a table of bands, which is empty.",
                        criterion=criterion.name,
                    )
                )

    @api.constrains("measure", "months")
    def _check_period(self):
        for criterion in self:
            if criterion.measure == "growth" and not criterion.months:
                raise ValidationError(
                    self.env._("Growth needs a period of at least one month.")
                )

    # ------------------------------------------------------------------
    # Parts of the statement that evaluates all customers
    # ------------------------------------------------------------------

    def _to_sql_trade(self, date_to):
        """Aggregate over the transactions ``t`` of a customer; None without trade.

        :param date_to: last day of the run's period
        """
        if self.source != "measure":
            return None
        # less of an interval than make_interval(), and an index could use it
        start = SQL("%s::date - make_interval(months => %s)", date_to, self.months)
        within = SQL("t.date > %s", start) if self.months else SQL("TRUE")
        match self.measure:
            case "amount":
                return SQL("sum(t.amount_company) FILTER (WHERE %s)", within)
            case "count":
                return SQL("count(*) FILTER (WHERE %s AND %s)", IS_DEAL, within)
            case "breaches":
                return SQL("count(*) FILTER (WHERE t.is_breach AND %s)", within)
            case "recency":
                return SQL(
                    "%s::date - max(t.date) FILTER (WHERE %s AND %s)",
                    date_to,
                    IS_DEAL,
                    within,
                )
            case "profit":
                return SQL(
                    "sum(t.profit_company) FILTER (WHERE t.profit_company <> 0 AND %s)",
                    within,
                )
            case "growth":
                before = SQL(
                    "NULLIF(GREATEST(sum(t.amount_company) FILTER (WHERE t.date <= %s"
                    " AND t.date > %s::date - make_interval(months => %s)), 0), 0)",
                    start,
                    date_to,
                    2 * self.months,
                )
                return SQL(
                    "100 * (COALESCE(sum(t.amount_company) FILTER (WHERE %s), 0) - %s)"
                    " / %s",
                    within,
                    before,
                    before,
                )

    def _to_sql_value(self, column):
        """The value of a dossier ``d``; NULL where it is not known.

        :param column: the aggregate of :meth:`_to_sql_trade`
        """
        match self.source:
            case "rating":
                return SQL(
                    "NULLIF(%s, '0')::int", SQL.identifier("d", f"rating_{self.rating}")
                )
            case "credit":
                return SQL("g.points")
            case "field":
                # a number never filled in reads 0, here as on the form
                return SQL("NULLIF(%s, 0)", SQL.identifier("d", self.field_id.name))
            case "measure" if self.measure in ("amount", "count", "breaches"):
                return SQL("COALESCE(%s, 0)", column)
        return column

    def _to_sql_points(self, value):
        """0 to 100 points for the column ``value`` (S4-8).

        Place among all: percent_rank() over those whose value is known, the lone one
        gets 100; the share of others with a worse value, equals counting alike.
        """
        match self.scoring:
            case "steps":
                known = SQL("LEAST(%s * %s, 100)", value, self.step_points)
            case "bands":
                bands = self.band_ids.sorted("from_value", reverse=True)
                known = SQL(
                    "CASE %s ELSE 0 END",
                    SQL(" ").join(
                        SQL(
                            "WHEN %s >= %s THEN %s", value, band.from_value, band.points
                        )
                        for band in bands
                    ),
                )
            case _:
                order = SQL("%s %s", value, SQL(self._get_order()))
                known = SQL(
                    "CASE count(%s) OVER () WHEN 1 THEN 100 ELSE 100 * percent_rank()"
                    " OVER (PARTITION BY %s IS NULL ORDER BY %s) END",
                    value,
                    value,
                    order,
                )
        return SQL(
            "round((CASE WHEN %s IS NULL THEN %s ELSE %s END)::numeric, 4)",
            value,
            self.missing_points,
            known,
        )

    def _get_order(self):
        """SQL keyword that sorts worse values first."""
        return "ASC" if self.direction == "higher" else "DESC"
