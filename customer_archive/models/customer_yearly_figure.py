from odoo import api, fields, models


class CustomerYearlyFigure(models.Model):
    """The customer's figures of one year (公司近3年销售业绩, S0-13, S3-8)."""

    _name = "customer.yearly.figure"
    _inherit = ["customer.dossier.item", "customer.strikeable"]
    _description = "Yearly Figure"
    _order = "year desc, id desc"

    year = fields.Integer(
        required=True, default=lambda self: fields.Date.context_today(self).year - 1
    )
    currency_id = fields.Many2one(related="dossier_id.company_id.currency_id")
    revenue = fields.Monetary(help="What the customer himself sold in that year.")
    profit = fields.Monetary(help="What the customer himself earned in that year.")
    trade_amount = fields.Monetary(
        string="Bought From Us",
        compute="_compute_trade",
        help="Sum of the transactions of that year, in the company's currency.",
    )
    trade_count = fields.Integer(string="Transactions", compute="_compute_trade")
    note = fields.Char()

    _dossier_year_uniq = models.UniqueIndex(
        "(dossier_id, year) WHERE active",
        "The dossier has figures of this year already.",
    )
    _year_idx = models.Index("(year DESC, id DESC)")
    _year_range = models.Constraint(
        "CHECK(year BETWEEN 1900 AND 2999)", "Write the year with four digits."
    )

    @api.depends(
        "year",
        "dossier_id.transaction_ids.active",
        "dossier_id.transaction_ids.date",
        "dossier_id.transaction_ids.amount_company",
    )
    def _compute_trade(self):
        groups = self.env["customer.transaction"]._read_group(
            [("dossier_id", "in", self.dossier_id.ids), ("active", "=", True)],
            ["dossier_id", "date:year"],
            ["amount_company:sum", "__count"],
        )
        trade = {
            (dossier.id, date.year): (amount, count)
            for dossier, date, amount, count in groups
        }
        for figure in self:
            key = (figure.dossier_id._origin.id, figure.year)
            figure.trade_amount, figure.trade_count = trade.get(key, (0.0, 0))

    def _get_item_name(self):
        return str(self.year)

    def _move_to_dossier(self, dossier):
        """Leave a year that ``dossier`` knows already where it was written."""
        known = set(dossier.yearly_figure_ids.mapped("year"))
        return super(
            CustomerYearlyFigure, self.filtered(lambda figure: figure.year not in known)
        )._move_to_dossier(dossier)
