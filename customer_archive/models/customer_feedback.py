from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerFeedback(models.Model):
    """What a customer says of us: complaints, suggestions, satisfaction (S2-40)."""

    _name = "customer.feedback"
    _inherit = [
        "customer.dossier.item",
        "customer.strikeable",
        "customer.deadline.mixin",
    ]
    _description = "Customer Feedback"
    _order = "date desc, id desc"
    _deadline_activity = "customer_archive.mail_activity_type_complaint"

    kind = fields.Selection(
        [
            ("complaint", "Complaint"),
            ("suggestion", "Suggestion"),
            ("satisfaction", "Satisfaction Survey"),
        ],
        required=True,
        default="complaint",
    )
    date = fields.Date(
        string="Received On", required=True, default=fields.Date.context_today
    )
    person_id = fields.Many2one(
        "customer.key.person",
        string="Said By",
        index="btree_not_null",
        domain="[('dossier_id', '=', dossier_id)]",
    )
    text = fields.Text(string="What the Customer Says")
    rating = fields.Selection(
        [
            ("1", "1: Very Dissatisfied"),
            ("2", "2: Dissatisfied"),
            ("3", "3: Neutral"),
            ("4", "4: Satisfied"),
            ("5", "5: Very Satisfied"),
        ],
        string="Satisfaction",
    )
    cause = fields.Text(help="Why it came to that (S2-40).")
    answer = fields.Text(help="What we did and told the customer (S2-40).")
    user_id = fields.Many2one(
        "res.users",
        string="Handled By",
        required=True,
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        domain=[("share", "=", False)],
    )
    date_deadline = fields.Date(
        string="Answer By",
        compute="_compute_date_deadline",
        store=True,
        readonly=False,
        precompute=True,
    )
    state = fields.Selection(
        [("open", "To Be Answered"), ("answered", "Answered"), ("closed", "Settled")],
        required=True,
        readonly=True,
        default="open",
    )
    _survey_rated = models.Constraint(
        "CHECK(kind != 'satisfaction' OR rating IS NOT NULL)",
        "A satisfaction survey has a rating.",
    )

    @api.depends("dossier_id.user_id")
    def _compute_user_id(self):
        for feedback in self:
            feedback.user_id = (
                feedback.user_id or feedback.dossier_id.user_id or self.env.user
            )

    @api.depends("kind", "date")
    def _compute_date_deadline(self):
        policy = self.env["customer.archive.policy"]._get_policy(self.env.company)
        for feedback in self:
            if feedback.kind == "complaint" and feedback.date:
                feedback.date_deadline = fields.Date.add(
                    feedback.date, days=policy.complaint_days
                )
            else:
                feedback.date_deadline = False

    @api.model_create_multi
    def create(self, vals_list):
        feedbacks = super().create(vals_list)
        feedbacks.dossier_id._touch()
        return feedbacks

    def action_answer(self):
        """Say that the customer has his answer.

        :raises UserError: for a complaint without cause or answer (S2-40)
        """
        self.check_access("write")
        for feedback in self.filtered(lambda f: f.kind == "complaint"):
            if (
                not (feedback.cause or "").strip()
                or not (feedback.answer or "").strip()
            ):
                raise UserError(
                    self.env._("Enter the cause, and what the customer was told.")
                )
        self.write({"state": "answered"})

    def action_close(self):
        """Close: the customer is content, or nothing more is to be done."""
        self.check_access("write")
        self.write({"state": "closed"})

    def action_reopen(self):
        self.check_access("write")
        self.write({"state": "open"})

    def _get_item_name(self):
        number = self.dossier_id.number or self.env._("New")
        return f"{number} ({self.date})"
