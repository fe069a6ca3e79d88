import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CustomerDisposalLine(models.Model):
    """One dossier of a disposal: what was decided, and what is left of it (S2-60)."""

    _name = "customer.disposal.line"
    _inherit = ["customer.dossier.item"]
    _description = "Dossier of a Disposal"
    _order = "id"
    _history = False
    _outlives_dossier = True

    disposal_id = fields.Many2one(
        "customer.disposal", required=True, index=True, ondelete="restrict"
    )
    number = fields.Char(related="dossier_id.number")
    keep_until = fields.Date(related="dossier_id.keep_until")
    decision = fields.Selection(
        [("destroy", "Destroy"), ("keep", "Keep")],
        required=True,
        default="destroy",
        help="Result of the appraisal (S2-60).",
    )
    decision_reason = fields.Char(string="Because")
    document_count = fields.Integer(string="Documents", readonly=True)
    page_count = fields.Integer(string="Pages", readonly=True)
    entry_count = fields.Integer(string="Entries", readonly=True)
    content_hash = fields.Char(
        string="Hash",
        readonly=True,
        help="SHA-256 over all that was destroyed, so that a copy can be recognised.",
    )
    destroyed_date = fields.Datetime(string="Destroyed On", readonly=True)

    _listed_once = models.UniqueIndex(
        "(disposal_id, dossier_id)", "This dossier is in the list already."
    )
    _pending_idx = models.Index("(disposal_id) WHERE destroyed_date IS NULL")

    def write(self, vals):
        """
        :raises UserError: once the list was sent for approval
        """
        if not self.env.su and any(line.disposal_id.state != "draft" for line in self):
            raise UserError(
                self.env._("A disposal is changed while it is appraised, not later.")
            )
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if any(line.disposal_id.state != "draft" for line in lines):
            raise UserError(
                self.env._("A disposal is changed while it is appraised, not later.")
            )
        return lines

    def _check_may_be_destroyed(self):
        """Ask of each dossier whether its term is over and nothing stands against it.

        :raises UserError: naming those that must be kept
        """
        self.dossier_id.invalidate_recordset(["is_expired", "is_held"])
        kept = self.dossier_id.filtered(lambda dossier: not dossier.is_expired)
        if not kept:
            return
        advice = self.env._("Decide to keep them.")
        if self.disposal_id.state != "draft":
            advice = self.env._(
                "The list has been approved: its author cancels it, and draws up "
                "another one without them."
            )
        raise UserError(
            self.env._(
                "These dossiers must be kept, for their term is not over or they "
                "are on hold: %(dossiers)s.",
                dossiers=", ".join(kept.mapped("number")),
            )
            + f" {advice}"
        )

    def _destroy(self):
        """Destroy the dossier of this line; its term is asked for once more.

        Where it must be kept by now, it is, and the line says so.
        """
        self.ensure_one()
        dossier = self.dossier_id
        self.env.cr.execute(
            SQL("SELECT id FROM customer_dossier WHERE id = %s FOR UPDATE", dossier.id)
        )
        dossier.invalidate_recordset()
        if not dossier.is_expired:
            self.write(
                {
                    "decision": "keep",
                    "decision_reason": self.env._("Kept: on hold or reopened since"),
                }
            )
            return
        documents = dossier.with_context(active_test=False).document_ids
        counts = {
            "document_count": len(documents),
            "page_count": sum(documents.mapped("pages")),
        }
        digest = hashlib.sha256()
        counts["entry_count"] = dossier._destroy_content(digest)
        self.write(
            {
                **counts,
                "content_hash": digest.hexdigest(),
                "destroyed_date": fields.Datetime.now(),
            }
        )

    def _move_to_dossier(self, dossier):
        """Stay: this was decided on the merged dossier, not on the other one."""
