from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .customer_dossier import KEEPER_GROUP

RECEIPT_FIELDS = frozenset(("received_date", "received_by_id", "received_place"))


class CustomerDocument(models.Model):
    """Originals that departments hand to the archive, and their receipt (S3-2).

    By when is a number of the kind of document; who collects them confirms.
    """

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.document"

    has_original = fields.Boolean(
        default=True, help="Off for what was never on paper: nothing is collected."
    )
    original_due_date = fields.Date(
        string="Original Due",
        compute="_compute_original_due_date",
        help="Days after the date of the document, by its kind (S3-2).",
    )
    original_state = fields.Selection(
        [
            ("due", "To Be Handed In"),
            ("overdue", "Overdue"),
            ("received", "With the Archive"),
        ],
        string="Original",
        compute="_compute_original_state",
        search="_search_original_state",
    )
    received_date = fields.Date(string="Received On", copy=False)
    received_by_id = fields.Many2one("res.users", copy=False)
    received_place = fields.Char(
        string="Original Lies At", help="Where it is, if not with its volume."
    )
    user_id = fields.Many2one(related="dossier_id.user_id")
    keeper_id = fields.Many2one(related="dossier_id.keeper_id")

    # what is still to be handed in, by kind and date
    _original_idx = models.Index("(kind_id, date) WHERE received_date IS NULL")

    @api.depends("kind_id", "date", "create_date", "has_original")
    def _compute_original_due_date(self):
        for document in self:
            kind, start = document.kind_id, document._get_original_start()
            is_due = kind.is_original_collected and document.has_original
            days = timedelta(days=kind.original_days)
            document.original_due_date = is_due and start and start + days

    def _get_original_start(self):
        return self.date or self.create_date and self.create_date.date()

    @api.depends("original_due_date", "received_date")
    def _compute_original_state(self):
        today = fields.Date.context_today(self)
        for document in self:
            due = document.original_due_date
            if document.received_date:
                document.original_state = "received"
            elif due:
                document.original_state = "overdue" if due < today else "due"
            else:
                document.original_state = False

    def _search_original_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = Domain.OR(self._get_original_domain(state) for state in value if state)
        if False in value:
            states = ("due", "overdue", "received")
            found |= ~Domain.OR(map(self._get_original_domain, states))
        return found

    @api.model
    def _get_original_domain(self, state):
        if state == "received":
            return Domain("received_date", "!=", False)
        kinds = self.env["customer.document.kind"].with_context(active_test=False)
        missing = Domain("received_date", "=", False) & Domain(
            "has_original", "=", True
        )
        return missing & Domain.OR(
            Domain("kind_id", "in", kinds.ids) & self._get_start_domain(state, days)
            for days, kinds in kinds._get_collected().grouped("original_days").items()
        )

    @api.model
    def _get_start_domain(self, state, days):
        """Documents whose original fell due before today, or is not due yet."""
        limit = fields.Date.context_today(self) - timedelta(days=days)
        operator = "<" if state == "overdue" else ">="
        return Domain("date", operator, limit) | (
            Domain("date", "=", False) & Domain("create_date", operator, limit)
        )

    # ------------------------------------------------------------------
    # Receipt
    # ------------------------------------------------------------------

    @api.model
    def _has_field_access(self, field, operation):
        """Leave it to the archivist to say what the archive has received (S3-2)."""
        if operation == "write" and field.name in RECEIPT_FIELDS and not self.env.su:
            return self.env.user.has_group(KEEPER_GROUP)
        return super()._has_field_access(field, operation)

    def action_receive(self):
        """Confirm that the originals are with the archive now (S3-2)."""
        self.check_access("write")
        fresh = self.filtered(lambda document: not document.received_date)
        receipt = {
            "received_date": fields.Date.context_today(self),
            "received_by_id": self.env.uid,
        }
        for place, documents in fresh.grouped(self._get_place).items():
            documents.write({**receipt, "received_place": place})
        fresh.filtered(lambda document: document.medium == "file").medium = "both"
        fresh.dossier_id._settle_tasks()

    def action_return(self):
        """Take a receipt back: the original is not there after all."""
        self.write({"received_date": False, "received_by_id": False})

    @staticmethod
    def _get_place(document):
        return document.received_place or document.volume_id.location

    @api.model
    def _to_sql_missing(self):
        """Documents ``o`` whose original is not there, each with ``due``."""
        return SQL(
            """
            SELECT o.dossier_id,
                   COALESCE(o.date, o.create_date::date) + k.original_days AS due
              FROM customer_document o
              JOIN customer_document_kind k ON k.id = o.kind_id
             WHERE k.is_original_collected AND o.has_original
               AND o.active AND o.received_date IS NULL
            """
        )
