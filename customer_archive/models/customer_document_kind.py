from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerDocumentKind(models.Model):
    """Kind of document: a place in the file plan (S2-34 to S2-36)."""

    _name = "customer.document.kind"
    _description = "Document Kind"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Class number on the folder (S2-36).")
    sequence = fields.Integer(default=10, help="Place in the file plan.")
    is_required = fields.Boolean(
        string="Required", help="A dossier without it is not complete (S2-57)."
    )
    tier_ids = fields.Many2many(
        "customer.tier",
        string="For Tiers",
        help="Required of customers of these tiers; none: of all.",
    )
    copies = fields.Integer(
        string="Copies Required", default=1, help="So many copies are filed (S0-5)."
    )
    is_original_collected = fields.Boolean(
        string="Original Collected",
        help="Departments hand the original to the archive (S3-2).",
    )
    original_days = fields.Integer(
        string="Original Within (Days)",
        default=30,
        help="Days after the date of the document (S3-2). The policy gives no number: "
        "thirty days are our suggestion.",
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "Another kind has this class.")
    _copies_positive = models.Constraint(
        "CHECK(copies > 0)", "A document is filed in one copy at least."
    )
    _original_days_not_negative = models.Constraint(
        "CHECK(original_days >= 0)", "Deadlines are not negative."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: whether documents of the kind are on file, of whoever's customers
        documents = self.env["customer.document"].sudo()
        documents = documents.with_context(active_test=False)
        if documents.search_count([("kind_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("A kind of which documents are on file is archived instead.")
            )

    @api.model
    def _get_collected(self):
        """The kinds of which departments hand in the original (S3-2)."""
        return self.search([("is_original_collected", "=", True)])

    @api.model
    def _get_required(self, tier):
        """The kinds a customer of ``tier`` must have on file."""
        required = self.search([("is_required", "=", True)])
        return required.filtered(lambda k: not k.tier_ids or tier in k.tier_ids)
