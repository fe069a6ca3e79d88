from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import clean_context

from .customer_transaction import LINKS

SLICE_SIZE = 2000


class CustomerTransaction(models.Model):
    """How orders and credit notes come on file, and leave it again."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.transaction"

    @api.model
    def _get_source_names(self):
        """Names of the models whose records become transactions."""
        return list(LINKS)

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
        # sudo: see _as_archive; only what they bought is looked for
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
        self._fill_profits()

    @api.model
    def _fill_profits(self):
        """Take over margins that orders know since the addon for them came."""
        if not self.env["sale.order"]._knows_margin():
            return
        unknown = Domain("profit", "=", 0) & Domain("sale_order_id.margin", "!=", 0)
        archive = self._as_archive().with_context(active_test=False)
        while transactions := archive.search(unknown, limit=SLICE_SIZE):
            self.env.add_to_compute(self._fields["profit"], transactions)
            transactions.modified(["profit"])
            if not self.env["ir.cron"]._commit_progress(len(transactions)):
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
