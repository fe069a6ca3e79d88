from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..filing import get_order, get_page_ranges
from .customer_volume_print import STATES as PRINT_STATES


class CustomerVolume(models.Model):
    """Documents of a dossier bound together (案卷), with a catalogue (S0-8, S2-36).

    While it is open its documents are in filing order. Binding fixes places and pages;
    what comes later goes on from the last page.
    """

    _name = "customer.volume"
    _inherit = ["customer.dossier.item"]
    _description = "Volume"
    _order = "number, id"

    number = fields.Integer(string="Volume", readonly=True, default=1)
    state = fields.Selection(
        [("open", "Being Filled"), ("bound", "Bound")],
        required=True,
        readonly=True,
        default="open",
    )
    bind_date = fields.Date(string="Bound On", readonly=True)
    location = fields.Char(
        string="Shelf Mark", help="Room, cabinet and shelf (S2-11, S2-16, S2-60)."
    )
    code = fields.Char(
        compute="_compute_code",
        search="_search_code",
        help="Number of the dossier and of the volume, as on the label.",
    )
    document_ids = fields.One2many("customer.document", "volume_id", "Documents")
    stock_taking_line_ids = fields.One2many(
        "customer.stock.taking.line",
        "volume_id",
        "Stock-Takings",
        groups="customer_archive.group_archive_keeper",
    )
    document_count = fields.Integer(string="Items", compute="_compute_counts")
    page_count = fields.Integer(string="Pages", compute="_compute_counts")
    note = fields.Text(string="Remarks")
    print_id = fields.Many2one(
        "customer.volume.print",
        string="Printed for Me",
        compute="_compute_print",
        help="What the reader himself asked to be printed in the background.",
    )
    print_state = fields.Selection(
        PRINT_STATES, string="Print", compute="_compute_print"
    )
    print_done_count = fields.Integer("Documents Bound", compute="_compute_print")
    print_document_count = fields.Integer("Documents to Bind", compute="_compute_print")
    print_error = fields.Text("Why Not Printed", compute="_compute_print")

    _number_uniq = models.Constraint(
        "UNIQUE(dossier_id, number)", "The dossier has a volume of this number already."
    )

    @api.depends("dossier_id.number", "number")
    def _compute_code(self):
        for volume in self:
            volume.code = f"{volume.dossier_id.number}-{volume.number}"

    def _search_code(self, operator, value):
        if operator != "in":
            return NotImplemented
        codes = [code.rpartition("-") for code in value if code]
        return Domain.OR(
            Domain("dossier_id.number", "=", number)
            & Domain("number", "=", int(volume))
            for number, _dash, volume in codes
            if volume.isdigit()
        )

    @api.depends("document_ids.page_to")
    def _compute_counts(self):
        groups = self.env["customer.document"]._read_group(
            [("volume_id", "in", self.ids)], ["volume_id"], ["__count", "page_to:max"]
        )
        counts = {volume.id: (count, last) for volume, count, last in groups}
        for volume in self:
            count, last = counts.get(volume.id, (0, 0))
            volume.document_count, volume.page_count = count, last or 0

    @api.depends_context("uid")
    def _compute_print(self):
        prints = self.env["customer.volume.print"].sudo(False)
        own = {p.volume_id.id: p for p in prints._get_own(self._origin)}
        for volume in self:
            printed = own.get(volume._origin.id, prints)
            volume.print_id = printed
            volume.print_state = printed.state
            volume.print_done_count = printed.done_count
            volume.print_document_count = printed.document_count
            volume.print_error = printed.error

    def _get_item_name(self):
        return self.env._(
            "%(dossier)s, volume %(number)s",
            dossier=self.dossier_id.number,
            number=self.number,
        )

    # ------------------------------------------------------------------
    # Filing
    # ------------------------------------------------------------------

    def _refile(self):
        """Give each document of these volumes its place and its pages (S0-7, S0-8).

        What was bound stays where it is.
        """
        for volume in self.exists():
            # sudo: places and pages follow from what the user was allowed to change;
            # they tell nothing of a document
            documents = volume.sudo().with_context(active_test=False).document_ids
            bound = documents.filtered("is_bound").sorted("place")
            rest = (documents - bound).filtered("active")
            rest = rest.browse(get_order(document._get_paper() for document in rest))
            start = max(bound.mapped("page_to"), default=0) + 1
            ranges = get_page_ranges(rest.mapped("pages"), start)
            for place, document in enumerate(rest, len(bound) + 1):
                first, last = ranges[place - len(bound) - 1]
                vals = {
                    "place": place,
                    "page_from": first,
                    "page_to": last,
                    "is_supplement": bool(bound),
                }
                if any(document[name] != value for name, value in vals.items()):
                    document.write(vals)

    def _move_to_dossier(self, dossier):
        """Follow as the next volumes of the other dossier."""
        # sudo: the merge asked for the right on both dossiers
        volumes = self.sudo().filtered(lambda volume: volume.dossier_id != dossier)
        last = max(dossier.sudo().volume_ids.mapped("number"), default=0)
        for number, volume in enumerate(volumes.sorted("number"), last + 1):
            volume.write({"dossier_id": dossier.id, "number": number})

    def action_bind(self):
        """Bind the volumes: places and pages are fixed from now on.

        :raises UserError: for an empty volume
        """
        self.check_access("write")
        for volume in self:
            if not volume.document_ids:
                raise UserError(
                    self.env._(
                        "%(volume)s is empty: there is nothing to bind.",
                        volume=volume.display_name,
                    )
                )
        # sudo: part of binding, which the user may
        self.sudo().document_ids.write({"is_bound": True})
        open_volumes = self.filtered(lambda volume: volume.state == "open")
        open_volumes.write(
            {"state": "bound", "bind_date": fields.Date.context_today(self)}
        )

    # ------------------------------------------------------------------
    # Printing
    # ------------------------------------------------------------------

    def action_print(self):
        """The volume as one PDF: at once, or in the background where it is large."""
        self.ensure_one()
        self.check_access("read")
        if self._is_printed_at_once():
            report = self.env.ref("customer_archive.volume_report")
            return report.report_action(self, config=False)
        self.env["customer.volume.print"]._ask(self)
        return True

    def action_download_print(self):
        return self.print_id.action_download()

    def action_discard_print(self):
        return self.print_id.action_discard()

    def _is_printed_at_once(self):
        policy = self.env["customer.archive.policy"]._get_policy(self.company_id)
        return self.page_count <= policy.volume_pages_at_once

    def _check_printed_at_once(self):
        """
        :raises UserError: for a volume nobody should wait for
        """
        if not self._is_printed_at_once():
            raise UserError(
                self.env._(
                    "%(volume)s has %(pages)s pages. Open it and press “Print”: it is "
                    "made in the background, and you are told when it is there.",
                    volume=self.display_name,
                    pages=self.page_count,
                )
            )
