from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import clean_context

# Which field of a transaction names its source.
LINKS = {"sale.order": "sale_order_id", "account.move": "credit_note_id"}
# What follows the source, and is typed nowhere else.
FOLLOWING = frozenset(
    ("dossier_id", "name", "date", "place", "amount", "currency_id", "user_id")
)
SLICE_SIZE = 2000


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
        "it and are changed there.",
    )
    name = fields.Char(
        compute="_compute_from_source", store=True, readonly=False, precompute=True
    )
    date = fields.Date(
        compute="_compute_from_source", store=True, readonly=False, precompute=True
    )
    amount = fields.Monetary(
        compute="_compute_from_source",
        store=True,
        readonly=False,
        precompute=True,
        help="Without taxes, as sales reports count. An order counts as ordered; a "
        "credit note takes back its amount.",
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

    @api.model
    def _get_profit_fields(self):
        is_known = self.env["sale.order"]._knows_margin()
        return ("sale_order_id.margin",) if is_known else ()

    @api.model
    def _get_source_names(self):
        """Names of the models whose records become transactions."""
        return list(LINKS)

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
        fixed = FOLLOWING | (set(self._get_profit_fields()) and {"profit"})
        labels = dict(self._fields["source"]._description_selection(self.env))
        for transaction in followers:
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

    # ------------------------------------------------------------------
    # Following orders and credit notes
    # ------------------------------------------------------------------

    @api.model
    def _as_archive(self):
        """The model as the archive itself works on it, unseen.

        Whoever confirms an order may have no right on the dossier. sudo: what is
        done follows from the order alone; nothing is handed back, and no default of
        the caller's context gets in.
        """
        context = clean_context(self.env.context)
        # replaced as a whole, or the defaults would stay
        # pylint: disable=context-overridden
        return self.browse().sudo().with_context(context)

    @api.model
    def _follow(self, sources):
        """Bring the file in line with what became of ``sources``."""
        archive = self._as_archive()
        sources = sources.with_env(archive.env)
        link = LINKS[sources._name]
        known = archive.with_context(active_test=False).search(
            [(link, "in", sources.ids)]
        )
        known = known.with_env(archive.env)
        strays = known.filtered(
            lambda t: (
                (t.dossier_id.partner_id.id, t.company_id.id)
                != t[link]._get_trade_key()
            )
        )
        strays._let_go()
        known -= strays
        by_end = known.grouped(lambda t: t[link]._get_trade_end())
        by_end.pop("", archive).filtered(lambda t: not t.active).action_restore()
        for end, transactions in by_end.items():
            transactions.filtered("active")._strike_out(end)
        archive._record(sources - known[link])

    def _let_go(self):
        """Leave entries behind whose order is the order of another customer now.

        What people wrote about them stays here; the other dossier gets an entry of
        its own.
        """
        if self:
            self.write(
                {
                    "active": False,
                    "strike_reason": self.env._(
                        "The order or credit note is another customer's."
                    ),
                    **dict.fromkeys(LINKS.values(), False),
                }
            )
            # the database lets the new entry in only when this one has let go
            self.flush_recordset(LINKS.values())

    def _record(self, sources):
        """Put ``sources`` on file, and open dossiers where the policy says so."""
        sources = sources.filtered_domain(sources._get_trade_domain())
        if not sources:
            return
        dossiers = self.env["customer.dossier"]._find_of_sources(sources)
        link = LINKS[sources._name]
        # what was destroyed is not filled again
        pairs = [
            (dossier, source)
            for source in sources
            if (dossier := dossiers.get(source._get_trade_key()))
            and dossier.state != "destroyed"
        ]
        adopted = self._adopt_typed(link, pairs)
        self.create(
            [
                self._prepare_source_vals(dossier, link, source)
                for dossier, source in pairs
                if source not in adopted
            ]
        )
        if link == "sale_order_id":
            self.env["customer.dossier"]._open_at_first_order(
                sources.filtered(lambda s: s._get_trade_key() not in dossiers)
            )

    @api.model
    def _adopt_typed(self, link, pairs):
        """Have entries follow the source whose number somebody typed already.

        They would count twice else: those typed before this addon was there, or
        left behind when it was uninstalled.

        :param pairs: list of (dossier, source)
        :return: set of sources that need no entry of their own
        """
        typed = self.search(
            [
                ("dossier_id", "in", [dossier.id for dossier, _source in pairs]),
                ("name", "in", [source.name for _dossier, source in pairs]),
                *((name, "=", False) for name in LINKS.values()),
            ],
            order="id desc",
        )
        by_number = {(t.dossier_id, t.name): t for t in typed}
        found = {
            transaction: source
            for dossier, source in pairs
            if not source._get_trade_end()
            and (transaction := by_number.get((dossier, source.name)))
        }
        if found:
            transactions = self.concat(*found)
            # one statement for all, as each gets another value
            transactions.flush_recordset()
            self.env.execute_query(
                SQL(
                    """
                    UPDATE customer_transaction t SET %s = pair.source_id
                      FROM unnest(%s, %s) AS pair (id, source_id)
                     WHERE t.id = pair.id RETURNING t.id
                    """,
                    SQL.identifier(link),
                    transactions.ids,
                    [source.id for source in found.values()],
                )
            )
            transactions.invalidate_recordset([link])
            transactions.modified([link])
        return set(found.values())

    @api.model
    def _prepare_source_vals(self, dossier, link, source):
        end = source._get_trade_end()
        return {
            "dossier_id": dossier.id,
            link: source.id,
            "place": source._get_trade_place(),
            "profit": source._get_trade_profit(),
            "active": not end,
            "strike_reason": end or False,
            **source._prepare_trade_vals(),
        }

    # ------------------------------------------------------------------
    # What is not on file yet
    # ------------------------------------------------------------------

    @api.model
    def _record_earlier(self, dossiers):
        """Put on file what the customers of new ``dossiers`` bought before."""
        archive = self._as_archive()
        customers = dossiers.sudo().partner_id
        of_them = Domain("partner_id.commercial_partner_id", "in", customers.ids)
        for model_name in LINKS:
            archive._record(archive._find_unrecorded(model_name, of_them))

    @api.model
    def _cron_record_trade(self):
        """Put on file what is not, slice by slice.

        After the installation that is all there is. Later, what passed by unseen: an
        order confirmed in the moment its customer's dossier was opened, or one of a
        customer who was merged into another.
        """
        for model_name in LINKS:
            last_id = 0
            while last_id is not None:
                last_id = self._record_slice(model_name, last_id)
                if last_id and not self.env["ir.cron"]._commit_progress(SLICE_SIZE):
                    return

    @api.model
    def _record_slice(self, model_name, last_id=0):
        """Put up to ``SLICE_SIZE`` sources beyond the id ``last_id`` on file.

        :return: the last id of the slice; None where nothing was left
        """
        archive = self._as_archive()
        sources = archive._find_unrecorded(
            model_name, Domain("id", ">", last_id), SLICE_SIZE
        )
        archive._record(sources)
        return max(sources.ids, default=None)

    def _find_unrecorded(self, model_name, domain, limit=None):
        """Trade among ``domain`` whose customer has a dossier that lacks it."""
        sources = self.env[model_name]
        self.env.flush_all()
        query = sources._search(
            sources._get_trade_domain() & domain, limit=limit, order="id"
        )
        query.add_where(
            SQL(
                """
                NOT EXISTS (
                    SELECT FROM customer_transaction t
                     WHERE t.%(link)s = %(source)s.id)
                AND EXISTS (
                    SELECT FROM res_partner p
                      JOIN customer_dossier d ON d.partner_id = p.commercial_partner_id
                     WHERE p.id = %(source)s.partner_id
                       AND d.company_id = %(source)s.company_id
                       AND d.merged_into_id IS NULL
                       AND d.state != 'destroyed')
                """,
                link=SQL.identifier(LINKS[model_name]),
                source=SQL.identifier(sources._table),
            )
        )
        return sources.browse(query)
