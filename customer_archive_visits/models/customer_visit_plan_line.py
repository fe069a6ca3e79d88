from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .customer_interaction import RANKS
from .customer_visit import PURPOSES

# Why it is due, as the rhythm said when the line was made.
DUE_FIELDS = (
    "due_date",
    "last_date",
    "interval_number",
    "interval_type",
    "min_rank",
    "is_own_rhythm",
)
# What who plans may say; the rest is decided, or known to the archive.
PLANNED_FIELDS = frozenset(
    ("sequence", "date", "city", "person_id", "purpose", "objective")
)


class CustomerVisitPlanLine(models.Model):
    """A customer to visit in a month plan, behind the lock of its dossier."""

    _name = "customer.visit.plan.line"
    _inherit = ["customer.objective.mixin", "customer.dossier.item"]
    _description = "Line of a Month Plan"
    _order = "id"
    # the plan is the record of who planned and decided what
    _history = False

    plan_id = fields.Many2one(
        "customer.visit.plan",
        string="Month Plan",
        required=True,
        index=True,
        ondelete="cascade",
    )
    plan_state = fields.Selection(related="plan_id.state", string="State of the Plan")
    is_my_turn = fields.Boolean(related="plan_id.is_my_turn", related_sudo=False)
    user_id = fields.Many2one(related="plan_id.user_id")
    month = fields.Date(related="plan_id.month")
    partner_id = fields.Many2one(
        related="dossier_id.partner_id", string="Customer", related_sudo=False
    )
    tier_id = fields.Many2one(related="dossier_id.tier_id", related_sudo=False)
    tier_code = fields.Char(related="dossier_id.tier_code", related_sudo=False)
    sequence = fields.Integer(default=1000)
    date = fields.Date(
        required=True, default=lambda self: self._default_date(), string="Proposed Date"
    )
    city = fields.Char(
        compute="_compute_city", store=True, readonly=False, precompute=True
    )
    person_id = fields.Many2one(
        "customer.key.person",
        string="Person to Meet",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('dossier_id', '=', dossier_id)]",
        help="Proposed is somebody of the rank the rhythm asks for.",
    )
    person_rank = fields.Selection(related="person_id.rank", related_sudo=False)
    purpose = fields.Selection(PURPOSES, required=True, default="maintain")
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("dropped", "Dropped"),
        ],
        required=True,
        readonly=True,
        default="proposed",
    )
    drop_reason = fields.Char(string="Given Up Because", readonly=True)
    visit_id = fields.Many2one(
        "customer.visit",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The visit it became, or that was arranged before.",
    )
    visit_state = fields.Selection(
        related="visit_id.state", string="State of the Visit", related_sudo=False
    )

    # Why it is due
    due_date = fields.Date(readonly=True)
    last_date = fields.Date(string="Last Visit", readonly=True)
    interval_number = fields.Integer(readonly=True, aggregator=None)
    interval_type = fields.Selection(
        [("day", "Days"), ("week", "Weeks"), ("month", "Months")], readonly=True
    )
    min_rank = fields.Selection(RANKS, string="Rank at Least", readonly=True)
    is_own_rhythm = fields.Boolean(string="Own Rhythm", readonly=True)
    reason = fields.Char(string="Why", compute="_compute_reason")

    _given_up_needs_reason = models.Constraint(
        "CHECK(state NOT IN ('refused', 'dropped') OR drop_reason <> '')",
        "Give the reason.",
    )

    @api.model
    def _default_date(self):
        plan = self.env["customer.visit.plan"].browse(
            self.env.context.get("default_plan_id")
        )
        return plan.exists().month

    @api.depends("dossier_id")
    def _compute_city(self):
        for line in self:
            line.city = line.city or line.dossier_id.partner_id.city

    @api.depends("person_id", *DUE_FIELDS)
    @api.depends_context("lang")
    def _compute_reason(self):
        for line in self:
            if not line.due_date:
                line.reason = self.env._("not due by the rhythm")
                continue
            # a follow-up as it was then puts it into words
            follow_up = self.env["customer.follow.up"].new(
                {
                    "channel": "visit",
                    "person_id": line.person_id.id,
                    **{name: line[name] for name in DUE_FIELDS},
                }
            )
            line.reason = follow_up._get_reason()

    @api.constrains("date", "plan_id")
    def _check_date(self):
        for line in self:
            plan = line.plan_id
            if not plan.month <= line.date <= plan._get_last_day():
                raise ValidationError(
                    self.env._("The date lies outside the month of the plan.")
                )

    @api.onchange("dossier_id")
    def _onchange_dossier_id(self):
        """Propose whom to meet; the client shows it before it is saved."""
        if self.dossier_id and self.person_id.dossier_id != self.dossier_id:
            due = self._get_due_vals(self.dossier_id)
            self.person_id = due.get(self.dossier_id.id, {}).get("person_id")

    def _get_item_name(self):
        return f"{self.dossier_id.number} ({self.date})"

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Add customers to a plan that is still being made, with why they are due."""
        if self.env.su:
            return super().create(vals_list)
        given = PLANNED_FIELDS | {"plan_id", "dossier_id"}
        vals_list = [
            {**self.default_get(["plan_id", "dossier_id"]), **vals}
            for vals in vals_list
        ]
        plans = self.env["customer.visit.plan"].browse(
            vals["plan_id"] for vals in vals_list if vals.get("plan_id")
        )
        plans.check_access("read")
        plans.check_access("write")
        plans._check_state("draft")
        self._check_dossiers_open(vals_list)
        dossiers = self.env["customer.dossier"].browse(
            vals["dossier_id"] for vals in vals_list if vals.get("dossier_id")
        )
        due = self._get_due_vals(dossiers)
        lines = super().create(
            [
                {
                    **due.get(vals.get("dossier_id"), {}),
                    **{name: vals[name] for name in given & vals.keys()},
                }
                for vals in vals_list
            ]
        )
        lines._check_person()
        return lines

    @api.model
    def _get_due_vals(self, dossiers):
        """Why each of the dossiers is due for a visit, and whom to meet there.

        :return: {dossier id: values}
        """
        follow_ups = self.env["customer.follow.up"].search(
            [
                ("dossier_id", "in", dossiers.ids),
                ("channel", "=", "visit"),
                ("due_date", "!=", False),
            ]
        )
        return {
            follow_up.dossier_id.id: {
                "person_id": follow_up.person_id.id,
                **{name: follow_up[name] for name in DUE_FIELDS},
            }
            for follow_up in follow_ups
        }

    def write(self, vals):
        """
        :raises UserError: when the plan is no longer being made, or for what is not
            its person's to say
        """
        if self.env.su:
            return super().write(vals)
        self.check_access("write")
        if not PLANNED_FIELDS.issuperset(vals):
            raise UserError(self.env._("The plan keeps this itself."))
        self.plan_id.check_access("write")
        self.plan_id._check_state("draft")
        result = super().write(vals)
        self._check_person()
        return result

    def _check_person(self):
        for line in self:
            if line.person_id and line.person_id.dossier_id != line.dossier_id:
                raise UserError(self.env._("Choose a person of the same dossier."))

    def _move_to_dossier(self, dossier):
        """Go along, with the person, whatever the state of the plan."""
        # sudo: the merge asked for the right on both dossiers
        return super(CustomerVisitPlanLine, self.sudo())._move_to_dossier(dossier)

    # ------------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------------

    def action_give_up(self):
        """Ask why a customer isn't visited: dropped by who plans, or refused."""
        self._check_decidable("proposed", "approved")
        is_mine = set(self.plan_id.mapped("state")) == {"draft"}
        title = self.env._("Drop") if is_mine else self.env._("Refuse")
        return self.env["customer.visit.reason"]._ask(self, title)

    def _end_with_reason(self, reason):
        self._check_decidable("proposed", "approved")
        for state, lines in self.grouped("plan_state").items():
            lines._set_state(
                "dropped" if state == "draft" else "refused", drop_reason=reason
            )

    def action_take_back(self):
        """Propose again what was given up."""
        self._check_decidable("dropped", "refused", "approved")
        self._set_state("proposed", drop_reason=False)

    def action_approve(self):
        """Approve single lines; with the last of them the plan is decided."""
        self._check_decidable("proposed")
        self.plan_id._check_state("review")
        self._set_state("approved")
        plans = self.plan_id
        # sudo: whether lines are left, those the user doesn't see included
        open_plans = plans.sudo()._get_lines("proposed").plan_id
        (plans - open_plans.sudo(False)).action_approve()

    def action_open_visit(self):
        """The visit a line became."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.visit",
            "res_id": self.visit_id.id,
            "views": [(False, "form")],
        }

    def _check_decidable(self, *states):
        """
        :raises UserError: when the plan, or the line, isn't the user's to decide now
        """
        self.check_access("read")
        self.check_access("write")
        plans = self.plan_id
        plans.check_access("read")
        for plan in plans:
            plan._check_state("draft", "review")
            if plan.state == "draft":
                plan.check_access("write")
            elif not plan.is_my_turn:
                raise UserError(
                    self.env._("The plan waits for approval. Withdraw it to change it.")
                )
        if any(line.state not in states for line in self):
            raise UserError(self.env._("This has been decided already."))

    def _set_state(self, state, **values):
        # sudo: the state follows from what the user was just found to be allowed
        self.sudo().write({"state": state, **values})
