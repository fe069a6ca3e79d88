from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, html2plaintext


class CustomerIntake(models.Model):
    """Mail, letters and calls that came in, for the archivist to file (S1-3, S3-4).

    Behind no dossier yet, so nobody but archivists reads it, and whoever handed it
    in his own. What is filed from it stands behind the lock of its dossier.
    """

    _name = "customer.intake"
    _inherit = ["mail.thread"]
    _description = "Incoming Contact"
    _order = "date desc, id desc"

    name = fields.Char(string="Subject", required=True)
    kind = fields.Selection(
        [
            ("mail", "E-mail"),
            ("letter", "Letter"),
            ("call", "Phone Call"),
            ("report", "Report of a Department"),
            ("other", "Other"),
        ],
        required=True,
        default="call",
    )
    date = fields.Datetime(
        string="Received On", required=True, default=fields.Datetime.now
    )
    sender = fields.Char()
    partner_id = fields.Many2one("res.partner", string="Customer or Contact")
    text = fields.Text(string="Content")
    is_major = fields.Boolean(string="Major")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    dossier_id = fields.Many2one(
        "customer.dossier",
        string="File In",
        compute="_compute_dossier_id",
        store=True,
        readonly=False,
    )
    state = fields.Selection(
        [("new", "To File"), ("filed", "Filed"), ("discarded", "Discarded")],
        required=True,
        default="new",
        readonly=True,
    )
    filed_by_id = fields.Many2one("res.users", readonly=True)
    filed_date = fields.Datetime(string="Filed On", readonly=True)

    @api.depends("name")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_display_name(self):
        """Show the subject to its readers; Odoo hands names out without asking."""
        readable = self._origin.sudo(False)._filtered_access("read")
        for intake in self:
            is_shown = not intake._origin or intake._origin in readable
            intake.display_name = intake.name if is_shown else self._description

    @api.depends("partner_id", "company_id")
    def _compute_dossier_id(self):
        """Propose the dossier of the customer who wrote or called."""
        for intake in self:
            dossiers = self.env["customer.dossier"]._as_user()
            if not intake.partner_id or not dossiers.has_access("read"):
                intake.dossier_id = intake.dossier_id
                continue
            intake.dossier_id = dossiers.search(
                [
                    ("partner_id", "=", intake.partner_id.commercial_partner_id.id),
                    ("company_id", "=", intake.company_id.id),
                    ("merged_into_id", "=", False),
                ],
                limit=1,
            )

    # ------------------------------------------------------------------
    # Incoming mail
    # ------------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Take in a mail; its sender is looked up among the contacts."""
        address = email_normalize(msg_dict.get("email_from")) or ""
        partner = self.env["res.partner"].search(
            [("email_normalized", "=", address)], limit=1
        )
        values = {
            "name": msg_dict.get("subject") or self.env._("No Subject"),
            "kind": "mail",
            "sender": msg_dict.get("email_from"),
            "partner_id": partner.id,
            "text": html2plaintext(msg_dict.get("body") or ""),
            **(custom_values or {}),
        }
        return super().message_new(msg_dict, custom_values=values)

    def _mail_get_partner_fields(self, introspect_fields=False):
        """Nobody outside is proposed as a recipient of what is said here."""
        return []

    # ------------------------------------------------------------------
    # Filing
    # ------------------------------------------------------------------

    def action_file_fact(self):
        """Put the content on file as a fact of the chosen dossier.

        :raises UserError: without a dossier, or for what was filed already
        """
        self._check_to_file()
        facts = self.env["customer.fact"].create(
            [intake._prepare_fact_vals() for intake in self]
        )
        self._close("filed")
        return facts

    def action_discard(self):
        """Keep the entry, but out of the way: it is nothing for the archive."""
        self._close("discarded")

    def action_reopen(self):
        self.write({"state": "new", "filed_by_id": False, "filed_date": False})

    def _check_to_file(self):
        for intake in self:
            if intake.state != "new":
                raise UserError(
                    self.env._("“%(name)s” was dealt with already.", name=intake.name)
                )
            if not intake.dossier_id:
                raise UserError(
                    self.env._(
                        "Choose the dossier in which “%(name)s” is filed.",
                        name=intake.name,
                    )
                )

    def _prepare_fact_vals(self):
        return {
            "dossier_id": self.dossier_id.id,
            "information": "\n".join(filter(None, (self.name, self.text))),
            "learned_date": fields.Date.context_today(self, self.date),
            "is_major": self.is_major,
        }

    def _close(self, state):
        self.write(
            {
                "state": state,
                "filed_by_id": self.env.uid,
                "filed_date": fields.Datetime.now(),
            }
        )
