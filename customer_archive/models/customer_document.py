import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..filing import Paper
from ..report import page_source

# What decides where a document is filed and which pages it takes up.
FILING_FIELDS = frozenset(
    ("kind_id", "date", "front_id", "role", "manual_place", "pages", "volume_id")
)


class CustomerDocument(models.Model):
    """A document of the dossier, on paper, as a file, or both (S0-5 to S0-8)."""

    _name = "customer.document"
    _inherit = ["customer.dossier.item", "customer.strikeable"]
    _description = "Document"
    _order = "place, id"

    _moving_fields = frozenset(("dossier_id", "volume_id", "front_id"))
    # they follow from the others
    _no_history_fields = frozenset(("place", "page_from", "page_to", "is_bound"))

    name = fields.Char(string="Title", required=True, help="题名 of the catalogue.")
    kind_id = fields.Many2one(
        "customer.document.kind",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["customer.document.kind"].search(
            [("active", "=", True)], order="sequence desc", limit=1
        ),
    )
    author = fields.Char(
        string="Issued By",
        help="责任者: the person or body responsible for the text.",
    )
    reference = fields.Char(help="文号: the number the document bears.")
    date = fields.Date(string="Document Date")

    end_date = fields.Date(
        string="Valid Until", help="End of a contract: its retention counts from there."
    )

    country_state_id = fields.Many2one(related="dossier_id.country_state_id")
    team_id = fields.Many2one(related="dossier_id.team_id")

    # Pairs (S0-6)
    front_id = fields.Many2one(
        "customer.document",
        string="Filed Behind",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('dossier_id', '=', dossier_id), ('id', '!=', id)]",
        help="The document this one belongs to: the reply to this request, the main "
        "text of this annex, the printed copy of this draft (S0-6, S0-7).",
    )
    role = fields.Selection(
        [
            ("draft", "Final Draft of the Printed Copy"),
            ("annex", "Annex of the Main Text"),
            ("language", "The Same in Another Language"),
            ("forwarded", "Original That Was Forwarded"),
            ("request", "Request That Was Replied To"),
        ],
        string="As",
        help="What it is to the document in front (S0-6).",
    )
    behind_ids = fields.One2many("customer.document", "front_id", "Belonging to It")

    # What is there (S0-5)
    copies = fields.Integer(default=1)
    medium = fields.Selection(
        [
            ("paper", "Paper"),
            ("file", "Electronic File"),
            ("both", "Paper and File"),
        ],
        string="Kept As",
        required=True,
        default="file",
        help="Both are kept where the policy asks for it (S2-19).",
    )
    content = fields.Binary(attachment=True)
    content_name = fields.Char(string="File Name")
    checksum = fields.Char(
        readonly=True, help="SHA-256 of the file, to see that it is unchanged."
    )
    pages = fields.Integer(
        help="Sides that bear text (S0-8): counted from the file, or entered for paper."
    )
    is_counted = fields.Boolean(
        string="Pages Counted", readonly=True, help="The pages are those of the file."
    )
    note = fields.Text(string="Remarks")

    # Where it is filed (S0-7, S0-8)
    volume_id = fields.Many2one(
        "customer.volume",
        index=True,
        ondelete="restrict",
        domain="[('dossier_id', '=', dossier_id)]",
    )
    place = fields.Integer(string="Item No.", readonly=True, help="件号 in the volume.")
    page_from = fields.Integer(string="From Page", readonly=True)
    page_to = fields.Integer(string="To Page", readonly=True)
    is_bound = fields.Boolean(
        string="Bound", readonly=True, help="Keeps its place and pages for good."
    )
    is_supplement = fields.Boolean(
        string="Added Later",
        readonly=True,
        help="Filed after the volume was bound; its pages go on from the last (S0-8).",
    )
    manual_place = fields.Integer(
        string="Place by Hand", help="Place in the volume instead of the rules of S0-7."
    )
    manual_reason = fields.Char(string="Placed by Hand Because")

    _place_reasoned = models.Constraint(
        "CHECK(COALESCE(manual_place, 0) = 0 OR manual_reason IS NOT NULL)",
        "Say why the document is placed by hand.",
    )
    _counts_positive = models.Constraint(
        "CHECK(copies > 0 AND COALESCE(pages, 0) >= 0"
        " AND COALESCE(manual_place, 0) >= 0)",
        "Copies, pages and places are not negative, and there is one copy at least.",
    )
    _role_with_front = models.Constraint(
        "CHECK((front_id IS NULL) = (role IS NULL))",
        "A document is filed behind another as something: choose both, or neither.",
    )

    @api.constrains("front_id", "dossier_id")
    def _check_front(self):
        if self._has_cycle("front_id"):
            raise ValidationError(
                self.env._("Documents can't be filed behind each other in a circle.")
            )
        for document in self:
            front = document.front_id
            if front and front.dossier_id != document.dossier_id:
                raise ValidationError(
                    self.env._("Documents that belong together are of one dossier.")
                )

    @api.constrains("volume_id", "dossier_id")
    def _check_volume(self):
        for document in self:
            volume = document.volume_id
            if volume and volume.dossier_id != document.dossier_id:
                raise ValidationError(
                    self.env._("A document is filed in a volume of its own dossier.")
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        documents = super().create([self._with_counts(vals) for vals in vals_list])
        documents._file_in_open_volume()
        documents.volume_id._refile()
        return documents

    def write(self, vals):
        volumes = self.volume_id
        if not FILING_FIELDS.isdisjoint(vals) and not self.env.su:
            self._check_unbound()
        result = super().write(self._with_counts(vals))
        if not FILING_FIELDS.isdisjoint(vals) or {"content", "active"} & vals.keys():
            (volumes | self.volume_id)._refile()
        return result

    def unlink(self):
        self._check_unbound()
        volumes = self.volume_id
        result = super().unlink()
        volumes._refile()
        return result

    def _check_unbound(self):
        """
        :raises UserError: where a volume was bound with these documents in it
        """
        for document in self:
            if document.is_bound:
                raise UserError(
                    self.env._(
                        "%(volume)s is bound: what is in it keeps its place and pages. "
                        "Strike the document out, or add another behind it.",
                        volume=document.volume_id.display_name,
                    )
                )

    def _with_counts(self, vals):
        """``vals`` with checksum and pages of the file they bring."""
        if "content" not in vals:
            return vals
        if not vals["content"]:
            return {**vals, "checksum": False, "is_counted": False}
        content = base64.b64decode(vals["content"])
        counted = {"checksum": hashlib.sha256(content).hexdigest()}
        pages = page_source.count_pages(content)
        counted["is_counted"] = pages is not None
        if pages is not None:
            counted["pages"] = pages
        return {**vals, **counted}

    def _file_in_open_volume(self):
        """Put documents without a volume into the one that is being filled."""
        unfiled = self.filtered(lambda document: not document.volume_id)
        for dossier, documents in unfiled.grouped("dossier_id").items():
            documents.volume_id = dossier._get_open_volume()

    # ------------------------------------------------------------------
    # Filing
    # ------------------------------------------------------------------

    def _get_paper(self):
        """The document as far as its place goes."""
        self.ensure_one()
        return Paper(
            id=self.id,
            kind=self.kind_id.sequence,
            date=self.date or None,
            front_id=self.front_id.id or None,
            role=self.role or None,
            place=self.manual_place or None,
        )

    def _get_print_plan(self):
        """What a print of these documents shows, to see that it is still so."""
        return [[document.id, str(document.write_date)] for document in self]

    def _get_page_range(self):
        """Pages in the volume, as text: 3, 3–7, or nothing."""
        if not self.page_from:
            return ""
        if self.page_from == self.page_to:
            return str(self.page_from)
        return f"{self.page_from}–{self.page_to}"

    def _get_file(self):
        """The bytes of the file; None where there is none.

        :raises AccessError: for whoever may not read the document
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: the file of a document that was just found open to the user
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_field", "=", "content"),
                    ("res_id", "=", self.id),
                ],
                limit=1,
            )
        )
        content = attachment.raw if attachment else None
        # a volume has hundreds of them: none stays in memory
        attachment.invalidate_recordset(["raw"])
        return content

    def _move_to_dossier(self, dossier):
        self.volume_id._move_to_dossier(dossier)
        return super()._move_to_dossier(dossier)

    def _get_item_name(self):
        return self.name

    @api.onchange("front_id")
    def _onchange_front_id(self):
        if not self.front_id:
            self.role = False
        elif not self.role:
            self.role = "annex"
