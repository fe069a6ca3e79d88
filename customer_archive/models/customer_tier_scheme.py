from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CustomerTierScheme(models.Model):
    """How customers are evaluated and placed in tiers (S0-17, S0-18, S4-8).

    Stated rules. Ties: customers with equal score are ranked by all they ever bought,
    then by who has been on file longer, then by number; or all of them go to the
    better tier, as the scheme says. Missing values get the points the criterion
    gives for them. Below the least number of customers nobody moves.
    """

    _name = "customer.tier.scheme"
    _description = "Evaluation Scheme"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for every company.")
    method = fields.Selection(
        [
            ("quota", "Quota of the Ranking"),
            ("pareto", "Share of the Value"),
            ("score", "Fixed Limits of Points"),
        ],
        required=True,
        default="quota",
        help="Quota: the best 20 % of the customers are A, and so on (S0-18). Share of "
        "the value: those who bring the first 80 % of the value are A. Fixed limits: "
        "A from 80 points. The numbers stand with the tiers.",
    )
    criterion_ids = fields.One2many(
        "customer.tier.criterion", "scheme_id", "Criteria", copy=True
    )
    value_criterion_id = fields.Many2one(
        "customer.tier.criterion",
        string="Value",
        domain="[('scheme_id', '=', id)]",
        ondelete="set null",
        help="The criterion whose value is shared out, such as the yearly amount; "
        "empty: the first one.",
    )
    ties = fields.Selection(
        [
            ("split", "Ranked by Trade, Age and Number"),
            ("together", "Together in the Better Tier"),
        ],
        required=True,
        default="split",
        help="What happens to customers with equal score where a tier ends.",
    )
    band = fields.Float(
        string="Boundary Band",
        default=2.0,
        help="A customer stays in its tier until it is this far past the border: "
        "percent of the ranking, percent of the value, or points; 0: no band.",
    )
    min_population = fields.Integer(
        string="At Least (Customers)",
        default=5,
        help="With fewer customers a ranking says little: nobody moves.",
    )
    is_scheduled = fields.Boolean(
        string="Every Month",
        help="A run is proposed on the first of each month.",
    )

    _band_positive = models.Constraint(
        "CHECK(band >= 0 AND band < 50)", "The band lies between 0 and 50."
    )

    @api.constrains("value_criterion_id")
    def _check_value_criterion(self):
        for scheme in self:
            if scheme.value_criterion_id.scheme_id not in (scheme, self.browse()):
                raise ValidationError(
                    self.env._("The value must be one of the scheme's own criteria.")
                )

    def _get_value_criterion(self):
        return self.value_criterion_id or self.criterion_ids[:1]

    def _check_usable(self):
        """
        :raises UserError: when the scheme has no criteria or there are no tiers
        """
        self.ensure_one()
        if not self.criterion_ids:
            raise UserError(
                self.env._("“%(scheme)s” has no criteria yet.", scheme=self.name)
            )
        if not self.env["customer.tier"].search_count([], limit=1):
            raise UserError(self.env._("There are no tiers yet."))
