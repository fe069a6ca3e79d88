import logging
from datetime import UTC, datetime

from psycopg2.errors import CheckViolation
from psycopg2.extensions import ISOLATION_LEVEL_READ_COMMITTED

from odoo import api, fields, models, modules
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.service.server import thread_local
from odoo.sql_db import Cursor
from odoo.tools import SQL

from .customer_access_table import create_partitions, create_tables, insert_notes

_logger = logging.getLogger(__name__)

# Of the transaction: notes to be written; ids of dossiers the user read today.
PENDING = "customer_access_log"
SEEN = "customer_access_seen"
TRIES = 5
# What a request is for, told by where it went; otherwise by how much it read.
PATHS = {
    "/web/export": "export",
    "/report": "print",
    "/web/content": "file",
    "/web/image": "file",
}
METHODS = {"export_data": "export"}
API_CHANNELS = ("json2", "xmlrpc")


class CustomerAccessLog(models.Model):
    """Who looked at which dossier, how, when and with what right (S2-43, S4-21).

    A view on monthly partitions, so that what is too old goes by the month and
    nothing is ever deleted row by row. Numbers and names are copies without foreign
    keys: whatever happens to user or dossier changes no line here. Lines come from
    :meth:`_note` alone; triggers refuse what the ORM would (see
    :mod:`customer_access_table`).
    """

    _name = "customer.access.log"
    _inherit = ["customer.access.closed"]
    _description = "Access to Dossiers"
    _auto = False
    _log_access = False
    _order = "slot desc, id desc"
    _rec_name = "dossier_number"

    slot = fields.Datetime(
        string="Time", readonly=True, help="Beginning of the time slot (S2-47)."
    )
    date = fields.Datetime(string="First Look", readonly=True)
    user_id = fields.Many2one("res.users", string="Looked By", readonly=True)
    dossier_res_id = fields.Integer(string="Dossier ID", readonly=True)
    dossier_number = fields.Char(string="Dossier No.", readonly=True)
    customer_name = fields.Char(string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    what = fields.Selection(
        [
            ("form", "Opened"),
            ("list", "Read in a List"),
            ("group", "Figures of a Group"),
            ("search", "Searched by Content"),
            ("export", "Exported"),
            ("print", "Printed"),
            ("file", "File Opened"),
            ("api", "Read by Interface"),
            ("disclosure", "Given Outside"),
            ("denied", "Denied"),
        ],
        string="Kind of Access",
        readonly=True,
    )
    channel = fields.Selection(
        [
            ("web", "Web Client"),
            ("json2", "JSON-2 Interface"),
            ("xmlrpc", "XML-RPC or JSON-RPC Interface"),
            ("other", "Server"),
        ],
        readonly=True,
    )
    details = fields.Char(readonly=True, help="What was asked for; never content.")
    count = fields.Integer(
        string="Times", readonly=True, help="Requests within the time slot."
    )
    loan_id = fields.Many2one("customer.loan", readonly=True)
    # of the loan itself, which loses it with the dossier (S2-13)
    purpose = fields.Text(
        related="loan_id.purpose", help="Purpose of the loan (S2-47, S3-12)."
    )

    is_kept = fields.Boolean(
        string="Of a Dossier I Keep",
        compute="_compute_is_kept",
        search="_search_is_kept",
    )

    def init(self):
        create_tables(self.env.cr)

    # ------------------------------------------------------------------
    # Reading it
    # ------------------------------------------------------------------

    @api.depends("dossier_number", "what")
    @api.depends_context("lang")
    def _compute_display_name(self):
        whats = dict(self._fields["what"]._description_selection(self.env))
        for line in self:
            line.display_name = line.dossier_number or whats.get(line.what)

    @api.depends("dossier_res_id")
    @api.depends_context("uid")
    def _compute_is_kept(self):
        # sudo: who keeps a dossier is no secret
        dossiers = self.env["customer.dossier"].sudo().with_context(active_test=False)
        kept = dossiers.search(
            [
                ("id", "in", self.mapped("dossier_res_id")),
                ("keeper_id", "=", self.env.uid),
            ]
        )
        for line in self:
            line.is_kept = line.dossier_res_id in kept._ids

    def _search_is_kept(self, operator, value):
        if operator != "in":
            return NotImplemented
        uid = self.env.uid

        def to_sql(model, alias, _query):
            return SQL(
                "EXISTS (SELECT 1 FROM customer_dossier AS kept"
                " WHERE kept.id = %s AND kept.keeper_id = %s)",
                model._field_to_sql(alias, "dossier_res_id"),
                uid,
            )

        return Domain.custom(to_sql=to_sql, predicate=lambda line: line.is_kept)

    def action_view_readers(self):
        """Who can see the dossier of this line, and through what (S1-19)."""
        self.ensure_one()
        self.check_access("read")
        readers = self.env["customer.dossier.readers"]
        readers.check_access("read")
        return readers._open(self.dossier_res_id)

    # ------------------------------------------------------------------
    # Noting
    # ------------------------------------------------------------------

    @api.model
    def _note(self, dossiers, what, **details):
        """Keep that the current user did ``what`` with ``dossiers``.

        Written when the transaction ends, with a cursor of its own: a read-only
        request can't write, and what is rolled back has been looked at all the same.
        Where it can't be written, the request fails before its answer is sent.

        :param dossiers: ``customer.dossier``, empty where none is meant
        :param what: a value of the field ``what``
        :param details: short facts such as a reference; never content
        """
        text = ", ".join(str(value) for value in details.values() if value)[:200]
        channel = self._get_channel()
        pending = self._get_pending()
        for dossier_id in dossiers.ids or [0]:
            pending.add((self.env.uid, dossier_id, what, channel, text))

    @api.model
    def _has_noted(self, dossiers):
        """Whether a look of the current user at all of these is noted already."""
        what = self._get_what(len(dossiers))
        channel = self._get_channel()
        pending = self.env.cr.postcommit.data.get(PENDING, ())
        return all(
            (self.env.uid, dossier_id, what, channel, "") in pending
            for dossier_id in dossiers.ids
        )

    @api.model
    def _get_channel(self):
        """Through which door the current call came."""
        if request:
            is_json2 = request.httprequest.path.startswith("/json/")
            return "json2" if is_json2 else "web"
        return "xmlrpc" if getattr(thread_local, "rpc_model_method", "") else "other"

    @api.model
    def _get_what(self, count):
        """What reading ``count`` dossiers is, by the request it happens in."""
        method = getattr(thread_local, "rpc_model_method", "").rpartition(".")[2]
        if method in METHODS:
            return METHODS[method]
        if self._get_channel() in API_CHANNELS:
            return "api"
        if not request and self.env.context.get("archive_copy_number"):
            return "print"
        path = request.httprequest.path if request else ""
        for prefix, what in PATHS.items():
            if path.startswith(prefix):
                return what
        return "form" if count == 1 else "list"

    # ------------------------------------------------------------------
    # Daily cap
    # ------------------------------------------------------------------

    @api.model
    def _check_cap(self, dossiers):
        """Refuse dossiers beyond the daily cap of the user's rank.

        What was read today stays open, and so does what he opened himself today: he
        never loses what he is writing.

        :raises UserError: when they are too many
        """
        cap = self.env["customer.access.cap"]._get_cap(self.env.user)
        if cap is None:
            return
        midnight = self._get_midnight()
        seen = self._get_seen_since(midnight)
        unseen = dossiers.browse(set(dossiers.ids) - seen)
        if len(seen) + len(unseen) > cap:
            # sudo: who opened a dossier and when is no secret
            unseen = unseen.sudo().filtered(
                lambda new: (
                    new.create_uid != self.env.user or new.create_date < midnight
                )
            )
        if unseen and len(seen) + len(unseen) > cap:
            self._note(unseen, "denied", asked="cap")
            raise UserError(
                self.env._(
                    "Your rank may read %(cap)s dossiers a day, and you have read "
                    "%(count)s today. Those stay open to you, and nothing you wrote "
                    "is lost. Others open again tomorrow, or ask your administrator.",
                    cap=cap,
                    count=len(seen),
                )
            )
        seen.update(dossiers.ids)

    @api.model
    def _get_midnight(self):
        """When the user's day began."""
        midnight = datetime.now(self.env.tz).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        return midnight.astimezone(UTC).replace(tzinfo=None)

    @api.model
    def _get_seen_since(self, midnight):
        """Ids of the dossiers the user read since: a set that the caller adds to.

        One query a transaction.
        """
        data = self.env.cr.postcommit.data
        seen = data.get((SEEN, self.env.uid))
        if seen is None:
            rows = self.env.execute_query(
                SQL(
                    "SELECT DISTINCT dossier_res_id FROM customer_access_entry"
                    " WHERE user_id = %s AND slot >= %s"
                    " AND what <> 'denied' AND dossier_res_id <> 0",
                    self.env.uid,
                    midnight,
                )
            )
            seen = data[SEEN, self.env.uid] = {dossier_id for (dossier_id,) in rows}
        return seen

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------

    @api.model
    def _get_pending(self):
        """What this transaction noted and is still to be written: a set."""
        cr = self.env.cr
        pending = cr.postcommit.data.get(PENDING)
        if pending is None:
            pending = cr.postcommit.data[PENDING] = set()
            # A test on the bare cursor ends in a rollback that must leave nothing:
            # it calls _write_pending.
            if not (modules.module.current_test and isinstance(cr, Cursor)):
                registry = self.env.registry
                cr.postcommit.add(lambda: write_notes(registry, pending))
                cr.postrollback.add(lambda: write_rolled_back_notes(registry, pending))
        return pending

    @api.model
    def _write_pending(self):
        """Write at once, in this transaction, what it noted so far."""
        pending = self._get_pending()
        insert_notes(self.env.cr, pending)
        pending.clear()


def write_notes(registry, notes):
    """Write ``notes`` in a transaction of their own.

    Two requests may count up the same line at once: each sees what the other has just
    written. Where nobody made the partition of a new month, it is made here.
    """
    for _try in range(TRIES):
        try:
            with registry.cursor() as cr:
                if isinstance(cr, Cursor):
                    cr.connection.set_isolation_level(ISOLATION_LEVEL_READ_COMMITTED)
                insert_notes(cr, notes)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
            failure = error
        except CheckViolation as error:
            failure = error
            with registry.cursor() as cr:
                create_partitions(cr)
        else:
            notes.clear()
            return
    raise failure


def write_rolled_back_notes(registry, notes):
    """The same at the end of what failed: its answer is an error anyhow."""
    try:
        write_notes(registry, notes)
    except Exception:
        _logger.exception("Access to the customer archive could not be recorded")
