from odoo import api, fields, models
from odoo.fields import Domain

from .customer_dossier import KEEPER_GROUP
from .customer_dossier_state import FILING_GROUPS

WORKING_GROUPS = f"customer_archive.group_archive_user,{KEEPER_GROUP}"


class CustomerDossier(models.Model):
    """Documents and volumes, which kinds are missing, and what reviews found."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    document_ids = fields.One2many("customer.document", "dossier_id", "Documents")
    volume_ids = fields.One2many("customer.volume", "dossier_id", "Volumes")
    # for those who read such lines: others read all fields of a dossier, too
    review_line_ids = fields.One2many(
        "customer.review.line", "dossier_id", "Reviews", groups=WORKING_GROUPS
    )
    finding_ids = fields.One2many(
        "customer.review.finding", "dossier_id", groups=WORKING_GROUPS
    )
    disposal_line_ids = fields.One2many(
        "customer.disposal.line", "dossier_id", "Disposals", groups=FILING_GROUPS
    )
    missing_kind_ids = fields.Many2many(
        "customer.document.kind",
        string="Documents Missing",
        compute="_compute_missing_kind_ids",
        search="_search_missing_kind_ids",
        help="Kinds of the checklist that are not on file in enough copies (S2-57).",
    )

    @api.depends("document_ids.kind_id", "document_ids.copies", "tier_id")
    def _compute_missing_kind_ids(self):
        groups = self.env["customer.document"]._read_group(
            [("dossier_id", "in", self.ids)],
            ["dossier_id", "kind_id"],
            ["copies:sum"],
        )
        copies = {(dossier.id, kind): count for dossier, kind, count in groups}
        kinds = self.env["customer.document.kind"]
        required = {
            tier: kinds._get_required(tier) for tier in set(self.mapped("tier_id"))
        }
        required.setdefault(
            self.env["customer.tier"], kinds._get_required(self.env["customer.tier"])
        )
        for dossier in self:
            dossier.missing_kind_ids = required[dossier.tier_id].filtered(
                lambda kind, d=dossier: copies.get((d.id, kind), 0) < kind.copies
            )

    def _search_missing_kind_ids(self, operator, value):
        """Find dossiers that lack one of the kinds ``value``; any kind: True."""
        if operator != "in":
            return NotImplemented
        kinds = self.env["customer.document.kind"].search([("is_required", "=", True)])
        if True not in value:
            kinds = kinds.filtered(lambda kind: kind.id in value)
        return Domain.OR(self._lacks(kind) for kind in kinds)

    @api.model
    def _lacks(self, kind):
        lacking = ~Domain("document_ids", "any", [("kind_id", "=", kind.id)])
        return (
            lacking & Domain("tier_id", "in", kind.tier_ids.ids)
            if kind.tier_ids
            else lacking
        )

    def _get_open_volume(self):
        """The volume being filled; made where there is none."""
        self.ensure_one()
        volumes = self.volume_ids
        volume = volumes.filtered(lambda volume: volume.state == "open")[:1]
        if volume:
            return volume
        self.check_access("write")
        # sudo: whoever may file a document fills a volume; binding is the archivist's
        volume = volumes.sudo().create(
            {
                "dossier_id": self.id,
                "number": max(volumes.mapped("number"), default=0) + 1,
            }
        )
        return volume.sudo(self.env.su)
