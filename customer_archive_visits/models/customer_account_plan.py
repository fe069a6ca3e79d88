from odoo import api, fields, models
from odoo.exceptions import UserError

OPEN_STATES = ("draft", "review")
IN_FORCE = ("approved", "filed")
STATES = [
    ("draft", "Draft"),
    ("review", "In Review"),
    ("approved", "Approved"),
    ("filed", "Filed"),
    ("superseded", "Superseded"),
]
# The five sections of S1-23, and what is said in each.
SECTIONS = {
    "summary": ("summary",),
    "overview": (
        "overview_persons",
        "overview_events",
        "overview_swot",
        "overview_needs",
    ),
    "competition": (
        "rival_strengths",
        "rival_weaknesses",
        "rival_status",
        "rival_strategies",
    ),
    "assessment": ("history", "business", "lifecycle", "our_swot", "relations"),
    "plan": ("objectives",),
}
CONTENT = sum(SECTIONS.values(), ())


def get_given_names(model, vals_list):
    """Names of the fields that whoever creates records gives, by a context too."""
    names = set().union(*vals_list)
    for key in model.env.context:
        names.add(key.removeprefix("default_"))
    return names & set(model._fields)


class CustomerAccountPlan(models.Model):
    """What we mean to achieve with a customer in a year, and how (S1-23, S1-24)."""

    _name = "customer.account.plan"
    _inherit = [
        "customer.dossier.item",
        "customer.archive.activity",
        "customer.approval.mixin",
    ]
    _description = "Account Plan"
    _order = "year desc, id desc"

    # What others decide, or follows from what they decided.
    _decided_fields = frozenset(
        (
            "state",
            "version",
            "previous_id",
            "approved_by_id",
            "approved_date",
            "filed_by_id",
            "filed_date",
            "refusal_reason",
        )
    )

    partner_id = fields.Many2one(
        related="dossier_id.partner_id", string="Customer", related_sudo=False
    )
    year = fields.Integer(
        required=True,
        aggregator=None,
        default=lambda self: fields.Date.context_today(self).year,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Author",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    team_id = fields.Many2one(related="dossier_id.team_id")
    state = fields.Selection(STATES, required=True, readonly=True, default="draft")

    # 1. Summary
    summary = fields.Text()

    # 2. The customer
    overview_persons = fields.Text(string="Persons")
    overview_events = fields.Text(string="Events")
    overview_swot = fields.Text(string="Customer's SWOT")
    overview_needs = fields.Text(string="Needs")

    # 3. Competition
    rival_strengths = fields.Text(string="Competitors' Strengths")
    rival_weaknesses = fields.Text(string="Competitors' Weaknesses")
    rival_status = fields.Text(string="State of Competition")
    rival_strategies = fields.Text(string="Competitors' Strategies")

    # 4. Assessment
    history = fields.Text(string="History of the Relation")
    business = fields.Text()
    lifecycle = fields.Selection(
        [
            ("exploration", "Exploration"),
            ("growth", "Growth"),
            ("stable", "Stable"),
            ("decline", "Decline"),
        ],
        string="Life Cycle of the Relation",
    )
    our_swot = fields.Text(string="Our SWOT")
    relations = fields.Text(
        string="Relations With Key Persons",
        help="How the account manager stands with the persons who matter.",
    )

    # 5. Plan
    objectives = fields.Text()
    action_ids = fields.One2many("customer.account.plan.action", "plan_id", "Actions")
    action_count = fields.Integer(string="Steps", compute="_compute_action_count")
    done_count = fields.Integer(string="Done", compute="_compute_action_count")

    # Review
    is_editable = fields.Boolean(compute="_compute_is_editable")
    refusal_reason = fields.Text(string="Returned Because", readonly=True)
    approved_by_id = fields.Many2one("res.users", readonly=True)
    approved_date = fields.Date(string="Approved On", readonly=True)
    filed_by_id = fields.Many2one("res.users", readonly=True)
    filed_date = fields.Date(string="Filed On", readonly=True)

    _year_range = models.Constraint(
        "CHECK(year BETWEEN 1900 AND 2999)", "Write the year with four digits."
    )

    @api.depends("action_ids.state")
    def _compute_action_count(self):
        for plan in self:
            plan.action_count = len(plan.action_ids)
            done = plan.action_ids.filtered(lambda action: action.state == "done")
            plan.done_count = len(done)

    @api.depends("state", "approval_id")
    @api.depends_context("uid")
    def _compute_is_editable(self):
        """A draft, and what waits for the reader: the head joins in (S1-24)."""
        for plan in self:
            is_mine = plan.state == "review" and plan.is_my_turn
            plan.is_editable = plan.state == "draft" or is_mine

    @api.depends("year", "version")
    def _compute_display_name(self):
        return super()._compute_display_name()

    def _get_item_name(self):
        return self.env._(
            "%(number)s %(year)s, version %(version)s",
            number=self.dossier_id.number or "",
            year=self.year,
            version=self.version,
        ).strip()

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """
        :raises UserError: for a plan that begins with more than a draft
        """
        self._check_given(get_given_names(self, vals_list))
        return super().create(vals_list)

    def write(self, vals):
        """
        :raises UserError: for a change of what is reviewed or approved
        """
        self._check_given(vals)
        self._check_editable(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(plan.state != "draft" for plan in self):
            raise UserError(self.env._("A plan that was submitted stays on file."))

    def unlink(self):
        """Delete with the actions, on which a cascade would run no checks."""
        self.action_ids.unlink()
        return super().unlink()

    @api.model
    def _check_given(self, field_names):
        if not self.env.su and not self._decided_fields.isdisjoint(field_names):
            raise UserError(
                self.env._("A plan is approved and filed by its buttons, step by step.")
            )

    def _check_editable(self, vals):
        if self.env.su or {"year", "user_id", *CONTENT}.isdisjoint(vals):
            return
        if not all(plan.is_editable for plan in self):
            raise UserError(
                self.env._(
                    "This plan is submitted or approved. "
                    "Only the head has it adjusted, as a new version."
                )
            )

    # ------------------------------------------------------------------
    # Review
    # ------------------------------------------------------------------

    def action_submit(self):
        """Ask for approval; an adjustment by the head is approved by that (S1-24)."""
        self.check_access("write")
        for plan in self:
            plan._check_submittable()
        is_head = self.env.user.has_group("customer_archive.group_archive_manager")
        adjusted = self.filtered(lambda plan: is_head and plan.version > 1)
        adjusted._approve()
        submitted = self - adjusted
        submitted._request_approval()
        # sudo: the state follows the request
        submitted.sudo().write({"state": "review", "refusal_reason": False})

    def _check_submittable(self):
        if self.state != "draft":
            raise UserError(self.env._("Only a draft is submitted."))
        if not (self.summary or "").strip() or not self.action_ids:
            raise UserError(
                self.env._(
                    "Write the summary and at least one action before you submit."
                )
            )

    def action_withdraw(self):
        """Take the plan back from review."""
        self.check_access("write")
        waiting = self.filtered(lambda plan: plan.state == "review")
        # sudo: withdraws a request on a plan the user may write
        waiting.approval_id.sudo()._cancel()
        waiting.sudo().state = "draft"

    def _prepare_approval_vals(self):
        return {"dossier_id": self.dossier_id.id, "team_id": self.dossier_id.team_id.id}

    def _get_approval_company(self):
        return self.company_id

    def _on_decided(self, state, comment):
        if state == "approved":
            self._approve()
        else:
            # sudo: whoever decided was asked for his right by the approval
            self.sudo().write({"state": "draft", "refusal_reason": comment})

    def _approve(self):
        """Put the plan in force, in the place of the version before."""
        # sudo: whoever decided was asked for his right by the approval
        plans = self.sudo()
        for plan in plans:
            plan._supersede_previous()
        plans.write(
            {
                "state": "approved",
                "approved_by_id": self.env.uid,
                "approved_date": fields.Date.context_today(self),
            }
        )
        plans.action_ids._raise_activities()
        plans.dossier_id._settle_tasks()

    def action_file(self):
        """Put the approved plan on file (S1-24).

        :raises UserError: for anybody but an archivist
        """
        self.check_access("write")
        if not self.env.user.has_group("customer_archive.group_archive_keeper"):
            raise UserError(self.env._("Plans are filed by an archivist."))
        if any(plan.state != "approved" for plan in self):
            raise UserError(self.env._("Only an approved plan is filed."))
        # sudo: the state of a plan is written here alone
        self.sudo().write(
            {
                "state": "filed",
                "filed_by_id": self.env.uid,
                "filed_date": fields.Date.context_today(self),
            }
        )

    def _move_to_dossier(self, dossier):
        """Leave the years that ``dossier`` has a plan of where they were written."""
        known = set(self.search([("dossier_id", "=", dossier.id)]).mapped("year"))
        plans = self.filtered(lambda plan: plan.year not in known)
        return super(CustomerAccountPlan, plans)._move_to_dossier(dossier)
