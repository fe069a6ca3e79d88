from odoo import api, fields, models
from odoo.exceptions import UserError

from .customer_review_line import CRITERIA


class CustomerReviewFinding(models.Model):
    """Something a review found, who mends it by when, and what came of it (S1-21)."""

    _name = "customer.review.finding"
    _inherit = ["customer.dossier.item", "customer.deadline.mixin"]
    _description = "Finding"
    _order = "id desc"
    _deadline_activity = "customer_archive.mail_activity_type_finding"

    line_id = fields.Many2one(
        "customer.review.line",
        string="Dossier Reviewed",
        index=True,
        ondelete="restrict",
    )
    review_id = fields.Many2one(related="line_id.review_id", store=True, index=True)
    criterion = fields.Selection(
        [
            ("completeness", "Completeness"),
            ("timeliness", "Timeliness"),
            ("accuracy", "Accuracy"),
            ("tidiness", "Tidiness"),
            ("safety", "Safety"),
        ],
        required=True,
        default=CRITERIA[0],
    )
    description = fields.Text(required=True)
    user_id = fields.Many2one(
        "res.users",
        string="To Be Mended By",
        required=True,
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        domain=[("share", "=", False)],
    )
    date_deadline = fields.Date(
        string="Mend By",
        required=True,
        default=lambda self: fields.Date.add(
            fields.Date.context_today(self), days=self._get_default_days()
        ),
    )
    state = fields.Selection(
        [("open", "To Be Mended"), ("mended", "Mended"), ("closed", "Settled")],
        required=True,
        readonly=True,
        default="open",
    )
    answer = fields.Text(string="What Was Done")

    @api.model
    def _get_default_days(self):
        policy = self.env["customer.archive.policy"]._get_policy(self.env.company)
        return policy.finding_days

    @api.depends("line_id", "dossier_id")
    def _compute_user_id(self):
        for finding in self:
            line = finding.line_id
            finding.user_id = (
                finding.user_id
                or line.user_id
                or line.keeper_id
                or finding.dossier_id.user_id
            )

    @api.onchange("line_id")
    def _onchange_line_id(self):
        if self.line_id:
            self.dossier_id = self.line_id.dossier_id

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_dossier(vals) for vals in vals_list])

    @api.model
    def _with_dossier(self, vals):
        if vals.get("dossier_id") or not vals.get("line_id"):
            return vals
        line = self.env["customer.review.line"].browse(vals["line_id"])
        return {**vals, "dossier_id": line.dossier_id.id}

    def action_mend(self):
        """Say what was done; the reviewer looks and closes.

        :raises UserError: without a word of what was done
        """
        self.check_access("write")
        if any(not (finding.answer or "").strip() for finding in self):
            raise UserError(self.env._("Say what was done."))
        self.write({"state": "mended"})

    def action_close(self):
        """Close what was mended."""
        self.check_access("write")
        if not self.env.user.has_groups(
            "customer_archive.group_archive_keeper,"
            "customer_archive.group_archive_manager"
        ):
            raise UserError(self.env._("A finding is closed by whoever reviews."))
        self.write({"state": "closed"})

    def action_reopen(self):
        """Ask for more."""
        self.check_access("write")
        self.write({"state": "open"})

    def _move_to_dossier(self, dossier):
        # sudo: what is to be mended is mended in the other dossier; the merge asked
        # for the right on both
        return super(CustomerReviewFinding, self.sudo())._move_to_dossier(dossier)

    def _get_item_name(self):
        number = self.dossier_id.number or self.env._("New")
        return f"{number} ({self.date_deadline})"
