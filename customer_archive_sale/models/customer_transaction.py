from odoo import api, fields, models
from odoo.exceptions import UserError

# Which field of a transaction names its source.
LINKS = {"sale.order": "sale_order_id", "account.move": "credit_note_id"}
# What follows the source, and is typed nowhere else.
FOLLOWING = frozenset(
    ("dossier_id", "name", "date", "place", "amount", "currency_id", "user_id")
)


class CustomerTransaction(models.Model):
    """Orders and credit notes as transactions, without a second truth (S4-1).

    A transaction that has a source holds no value of its own: its columns are
    computed from the source, on screen and for imports they are read-only.
    """

    _inherit = "customer.transaction"

    sale_order_id = fields.Many2one(
        "sale.order",
        string="Sales Order",
        readonly=True,
        ondelete="set null",
        check_company=True,
    )
    credit_note_id = fields.Many2one(
        "account.move", readonly=True, ondelete="set null", check_company=True
    )
    source = fields.Selection(
        [
            ("typed", "Typed"),
            ("order", "Sales Order"),
            ("credit_note", "Credit Note"),
        ],
        compute="_compute_source",
        help="Where the values come from. Those of an order or a credit note follow "
        "it and are changed there. The amount is without taxes, as sales reports "
        "count: an order as ordered, a credit note as what it takes back.",
    )
    name = fields.Char(
        compute="_compute_from_source", store=True, readonly=False, precompute=True
    )
    date = fields.Date(
        compute="_compute_from_source", store=True, readonly=False, precompute=True
    )
    amount = fields.Monetary(
        compute="_compute_from_source", store=True, readonly=False, precompute=True
    )
    user_id = fields.Many2one(
        compute="_compute_from_source", store=True, readonly=False, precompute=True
    )
    place = fields.Char(
        compute="_compute_place", store=True, readonly=False, precompute=True
    )
    profit = fields.Monetary(
        compute="_compute_profit", store=True, readonly=False, precompute=True
    )
    is_profit_known = fields.Boolean(
        compute="_compute_is_profit_known",
        help="Whether the profit follows the margin of the sales order.",
    )

    _sale_order_uniq = models.UniqueIndex(
        "(sale_order_id) WHERE sale_order_id IS NOT NULL",
        "The sales order is on file already.",
    )
    _credit_note_uniq = models.UniqueIndex(
        "(credit_note_id) WHERE credit_note_id IS NOT NULL",
        "The credit note is on file already.",
    )

    # ------------------------------------------------------------------
    # Values of the source
    # ------------------------------------------------------------------

    @api.depends("sale_order_id", "credit_note_id")
    def _compute_source(self):
        for transaction in self:
            transaction.source = (
                (transaction.sale_order_id and "order")
                or (transaction.credit_note_id and "credit_note")
                or "typed"
            )

    @api.depends(
        "sale_order_id.name",
        "sale_order_id.date_order",
        "sale_order_id.amount_untaxed",
        "sale_order_id.user_id",
        "credit_note_id.name",
        "credit_note_id.invoice_date",
        "credit_note_id.amount_untaxed",
        "credit_note_id.invoice_user_id",
    )
    def _compute_from_source(self):
        """Follow the source; what was typed stays as it is."""
        for transaction in self:
            if source := transaction._get_source():
                values = source._prepare_trade_vals()
                transaction.name = values["name"]
                transaction.date = values["date"] or transaction.date
                transaction.amount = values["amount"]
                transaction.user_id = values["user_id"]

    @api.depends("sale_order_id.currency_id", "credit_note_id.currency_id")
    def _compute_currency_id(self):
        typed = self.browse()
        for transaction in self:
            if source := transaction._get_source():
                transaction.currency_id = source.currency_id
            else:
                typed += transaction
        return super(CustomerTransaction, typed)._compute_currency_id()

    # Another address makes another place. A customer who moves house does not: the
    # deal was made where it was made.
    @api.depends(
        "sale_order_id.partner_shipping_id", "credit_note_id.partner_shipping_id"
    )
    def _compute_place(self):
        for transaction in self:
            if source := transaction._get_source():
                transaction.place = source._get_trade_place()

    @api.depends(lambda self: self._get_profit_fields())
    def _compute_profit(self):
        for transaction in self:
            order = transaction.sale_order_id
            if order and order._knows_margin():
                transaction.profit = order._get_trade_profit()

    @api.depends("sale_order_id")
    def _compute_is_profit_known(self):
        knows_margin = self.env["sale.order"]._knows_margin()
        for transaction in self:
            transaction.is_profit_known = knows_margin and transaction.sale_order_id

    @api.model
    def _get_profit_fields(self):
        is_known = self.env["sale.order"]._knows_margin()
        return ("sale_order_id.margin",) if is_known else ()

    def _get_source(self):
        """The order or credit note this follows; nothing where it was typed."""
        return self.sale_order_id or self.credit_note_id

    # ------------------------------------------------------------------
    # No second truth
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # before the database compares with entries the user may not see
            links = list(LINKS.values())
            defaults = self.default_get(links)
            if any(
                {**defaults, **vals}.get(link) for vals in vals_list for link in links
            ):
                raise UserError(self._get_linked_message())
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_own_values(vals)
        return super().write(vals)

    def _check_own_values(self, vals):
        """Leave what follows a source to the source.

        :raises UserError: naming what to change instead
        """
        if not set(LINKS.values()).isdisjoint(vals):
            raise UserError(self._get_linked_message())
        self.check_access("write")
        # sudo: asks whether what the user may write has a source, which he may not
        # be allowed to read
        followers = self.sudo().filtered(lambda t: t.source != "typed")
        labels = dict(self._fields["source"]._description_selection(self.env))
        for transaction in followers:
            fixed = FOLLOWING | ({"profit"} if transaction.is_profit_known else set())
            if not fixed.isdisjoint(vals):
                raise UserError(
                    self.env._(
                        "%(name)s follows its source: change the %(kind)s instead.",
                        name=transaction.name,
                        kind=labels[transaction.source],
                    )
                )
            end = transaction._get_source()._get_trade_end()
            if end and vals.get("active"):
                raise UserError(
                    self.env._(
                        "%(name)s can't be restored. %(reason)s",
                        name=transaction.name,
                        reason=end,
                    )
                )

    def _get_linked_message(self):
        return self.env._(
            "Orders and credit notes come on file by themselves; they can't be linked "
            "by hand."
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_followers(self):
        # as superuser the dossier itself is deleted, with all that hangs on it
        if not self.env.su and any(t.source != "typed" for t in self):
            raise UserError(
                self.env._(
                    "What comes from an order or a credit note can't be deleted. "
                    "Strike it out and give a reason."
                )
            )

    def _move_to_dossier(self, dossier):
        """Move also what follows a source: its customer is being merged."""
        # sudo: the merge asked for the right to write both dossiers
        followers = self.sudo().filtered(lambda t: t.source != "typed")
        super(CustomerTransaction, followers)._move_to_dossier(dossier)
        typed = self - followers.sudo(False)
        return super(CustomerTransaction, typed)._move_to_dossier(dossier)
