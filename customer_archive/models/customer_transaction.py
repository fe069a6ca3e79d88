from odoo import api, fields, models


class CustomerTransaction(models.Model):
    """One dealing with the customer (同本公司的交易情况, S0-14, S2-4)."""

    _name = "customer.transaction"
    _inherit = ["customer.dossier.item", "customer.strikeable"]
    _description = "Customer Transaction"
    _order = "date desc, id desc"

    name = fields.Char(
        string="Transaction No.", help="Number of the order or contract."
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    place = fields.Char()
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    amount = fields.Monetary(required=True)
    company_currency_id = fields.Many2one(
        related="dossier_id.company_id.currency_id", string="Company Currency"
    )
    amount_company = fields.Monetary(
        string="Amount in Company Currency",
        currency_field="company_currency_id",
        compute="_compute_company_amounts",
        store=True,
        help="The amount at the rate of the transaction's date.",
    )
    profit = fields.Monetary(help="What we earned by it; 0 while nobody knows.")
    profit_company = fields.Monetary(
        string="Profit in Company Currency",
        currency_field="company_currency_id",
        compute="_compute_company_amounts",
        store=True,
        help="The profit at the rate of the transaction's date.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        index="btree_not_null",
        domain=[("share", "=", False)],
        help="Our person in charge of the transaction.",
    )
    is_breach = fields.Boolean(
        string="Breach of Contract", help="Whether the customer broke the contract."
    )
    note = fields.Text()

    # the first page of all transactions is read off an index
    _date_idx = models.Index("(date DESC, id DESC)")

    @api.depends("dossier_id.company_id")
    def _compute_currency_id(self):
        for transaction in self:
            if not transaction.currency_id:
                company = transaction.dossier_id.company_id or self.env.company
                transaction.currency_id = company.currency_id

    @api.depends("amount", "profit", "currency_id", "date", "dossier_id.company_id")
    def _compute_company_amounts(self):
        for transaction in self:
            convert = transaction._to_company_currency
            transaction.amount_company = convert(transaction.amount)
            transaction.profit_company = convert(transaction.profit)

    def _to_company_currency(self, amount):
        """``amount`` in the company's currency at the rate of the day."""
        company = self.dossier_id.company_id or self.env.company
        return self.currency_id._convert(
            amount,
            company.currency_id,
            company,
            self.date or fields.Date.context_today(self),
        )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create; a deal is a contact, so what waited for one is settled."""
        transactions = super().create(vals_list)
        transactions.dossier_id._settle_tasks()
        return transactions

    def _get_item_name(self):
        return f"{self.name or self.dossier_id.number} ({self.date})"
