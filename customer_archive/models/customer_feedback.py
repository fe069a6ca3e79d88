from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CustomerFeedback(models.Model):
    """What a customer says of us: complaints, suggestions, satisfaction (S2-40)."""

    _name = "customer.feedback"
    _inherit = [
        "customer.dossier.item",
        "customer.strikeable",
        "customer.archive.activity",
    ]
    _description = "Customer Feedback"
    _order = "date desc, id desc"

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
    is_overdue = fields.Boolean(
        compute="_compute_is_overdue", search="_search_is_overdue"
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

    @api.depends("date_deadline", "state")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for feedback in self:
            deadline = feedback.state == "open" and feedback.date_deadline
            feedback.is_overdue = bool(deadline) and deadline < today

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("state", "=", "open") & Domain("date_deadline", "<", "today")

    @api.model_create_multi
    def create(self, vals_list):
        feedbacks = super().create(vals_list)
        feedbacks.dossier_id._touch()
        feedbacks._tell()
        return feedbacks

    def write(self, vals):
        """Write; a complaint that passes to somebody else is put on his desk."""
        result = super().write(vals)
        if not {"user_id", "date_deadline"}.isdisjoint(vals):
            self._settle()
            self._tell()
        elif vals.get("active") is False:
            self._settle()
        return result

    def _tell(self):
        """Put open complaints on the desks of those who handle them."""
        is_open_to = self.env["mail.activity"]._is_open_to
        for feedback in self:
            if feedback.state != "open" or not feedback.date_deadline:
                continue
            if is_open_to(feedback, feedback.user_id):
                feedback.with_context(
                    mail_activity_quick_update=True
                ).activity_schedule(
                    "customer_archive.mail_activity_type_complaint",
                    user_id=feedback.user_id.id,
                    date_deadline=feedback.date_deadline,
                )

    def _settle(self):
        self.activity_unlink(["customer_archive.mail_activity_type_complaint"])

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
        self._settle()

    def action_close(self):
        """Close: the customer is content, or nothing more is to be done."""
        self.check_access("write")
        self.write({"state": "closed"})
        self._settle()

    def action_reopen(self):
        self.check_access("write")
        self.write({"state": "open"})
        self._tell()

    def _get_item_name(self):
        number = self.dossier_id.number or self.env._("New")
        return f"{number} ({self.date})"
