from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# What its person gives; all the rest comes about on the plan's way.
GIVEN_FIELDS = frozenset(("user_id", "month", "company_id", "note"))


class CustomerVisitPlan(models.Model):
    """A person's month of visits (拜访计划书), approved by the superior (S1-28, S1-4).

    No dossier's item, so it names no customer: its lines are, each behind the lock of
    its own dossier, and whoever reads the plan sees those open to him. Nothing leads
    from here to the lines for that reason; they are looked up as the user.
    """

    _name = "customer.visit.plan"
    _inherit = [
        "customer.archive.activity",
        "customer.approval.mixin",
        "customer.team.mixin",
    ]
    _description = "Month Plan of Visits"
    _order = "month desc, id desc"

    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    month = fields.Date(
        required=True,
        default=lambda self: self._default_month(),
        help="Any day of the month; kept is its first.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    team_id = fields.Many2one(
        "crm.team", string="Sales Team", compute="_compute_team_id", store=True
    )
    note = fields.Text(help="What the superior should know about this month.")
    state = fields.Selection(
        [
            ("draft", "Being Planned"),
            ("review", "Waiting for Approval"),
            ("approved", "Approved"),
        ],
        required=True,
        readonly=True,
        default="draft",
        index=True,
    )
    refusal_reason = fields.Text(string="Sent Back Because", readonly=True)
    submit_date = fields.Datetime(string="Submitted On", readonly=True)
    approve_date = fields.Datetime(string="Approved On", readonly=True)
    approver_id = fields.Many2one("res.users", string="Approved By", readonly=True)

    _user_month_uniq = models.UniqueIndex(
        "(user_id, month, company_id)", "This month of this person has a plan already."
    )
    _month_first_day = models.Constraint(
        "CHECK(extract(day FROM month) = 1)", "A plan begins with its month."
    )

    @api.model
    def _default_month(self):
        """Next month: this one is under way."""
        return fields.Date.context_today(self) + relativedelta(day=1, months=1)

    @api.depends("user_id", "company_id")
    def _compute_team_id(self):
        for plan in self:
            team = plan.user_id.sale_team_id
            is_elsewhere = team.company_id and team.company_id != plan.company_id
            plan.team_id = not is_elsewhere and team

    @api.depends("user_id", "month")
    def _compute_display_name(self):
        for plan in self:
            # sudo: the name of a colleague
            name = plan.sudo().user_id.name
            plan.display_name = f"{name or ''} {plan.month or '':%Y-%m}".strip()

    def _get_last_day(self):
        return self.month + relativedelta(day=31)

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create drafts, filled with what falls due."""
        if not self.env.su:
            vals_list = [
                {name: vals[name] for name in GIVEN_FIELDS & vals.keys()}
                for vals in vals_list
            ]
        plans = super().create([self._prepare_first_day(vals) for vals in vals_list])
        plans._fill()
        return plans

    @api.model
    def _prepare_first_day(self, vals):
        if not vals.get("month"):
            return vals
        month = fields.Date.to_date(vals["month"])
        return {**vals, "month": month + relativedelta(day=1)}

    def write(self, vals):
        """
        :raises UserError: for whatever but the note; the plan keeps the rest itself
        """
        if not self.env.su and not vals.keys() <= {"note", "activity_ids"}:
            raise UserError(self.env._("The plan keeps this itself."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        if any(plan.state != "draft" for plan in self):
            raise UserError(
                self.env._("A plan that was approved or waits for approval is kept.")
            )

    def unlink(self):
        """Delete with the lines, which a cascade of the database would pass by."""
        self.check_access("unlink")
        self._unlink_except_submitted()
        # sudo: nothing came of these lines
        self.env["customer.visit.plan.line"].sudo().search(
            [("plan_id", "in", self.ids)]
        ).unlink()
        return super().unlink()

    # ------------------------------------------------------------------
    # On its way
    # ------------------------------------------------------------------

    def action_fill(self):
        """Add what has fallen due meanwhile."""
        self.check_access("write")
        self._check_state("draft")
        self._fill()

    def action_submit(self):
        """Ask the superior for approval (S1-28)."""
        self.check_access("write")
        self._check_state("draft")
        lines = self._get_lines("proposed")
        for plan in self:
            if plan not in lines.plan_id:
                raise UserError(
                    self.env._("The plan has no customers yet. Add those to visit.")
                )
        # sudo: the state follows from what the user was just found to be allowed
        plans = self.sudo()
        plans._compute_team_id()
        plans.write(
            {
                "state": "review",
                "refusal_reason": False,
                "submit_date": fields.Datetime.now(),
            }
        )
        self._drop_reminders()
        self._request_approval()

    def action_withdraw(self):
        """Take a plan back that waits for approval."""
        self.check_access("write")
        self._check_state("review")
        # sudo: withdraws the request of a plan the user may write
        self.approval_id.sudo()._cancel()
        self._reopen(False)

    def _prepare_approval_vals(self):
        return {"team_id": self.team_id.id}

    def _get_approval_company(self):
        return self.company_id

    def _on_decided(self, state, comment):
        """Make visits of what was approved; send back what was refused."""
        if state == "refused":
            self._reopen(comment)
            return
        self._make_visits()
        # sudo: whoever decided last was asked for his right by the approval
        self.sudo().write(
            {
                "state": "approved",
                "approve_date": fields.Datetime.now(),
                "approver_id": self.env.uid,
            }
        )

    def _reopen(self, reason):
        """Back to who plans; what was approved by the line is open again."""
        # sudo: see action_submit
        plans = self.sudo()
        plans.write({"state": "draft", "refusal_reason": reason})
        plans._get_lines("approved").write({"state": "proposed"})

    def _check_state(self, *states):
        """
        :raises UserError: for a plan that is in none of ``states``
        """
        labels = dict(self._fields["state"]._description_selection(self.env))
        for plan in self:
            if plan.state not in states:
                raise UserError(
                    self.env._(
                        "“%(plan)s” is in the state “%(state)s”; this can't be done "
                        "now.",
                        plan=plan.display_name,
                        state=labels[plan.state],
                    )
                )

    def _get_lines(self, *states):
        """The lines of the plans that are open to the user."""
        domain = Domain("plan_id", "in", self.ids)
        if states:
            domain &= Domain("state", "in", states)
        return self.env["customer.visit.plan.line"].search(
            domain, order="date, city, sequence, id"
        )

    # ------------------------------------------------------------------
    # Ways to the lines
    # ------------------------------------------------------------------

    def action_open_lines(self):
        """The lines, by week and town."""
        return self._open_lines({"search_default_active": 1})

    def action_open_dropped(self):
        """Those that were dropped or refused."""
        return self._open_lines({"search_default_given_up": 1})

    def _open_lines(self, context):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_archive_visits.customer_visit_plan_line_action"
        )
        return {
            **action,
            "display_name": self.display_name,
            "domain": [("plan_id", "=", self.id)],
            "context": {
                "default_plan_id": self.id,
                "create": self.state == "draft",
                **context,
            },
        }

    def action_open_left_out(self):
        """What is due in the month, and not planned."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_archive_visits.customer_follow_up_action"
        )
        return {
            **action,
            "display_name": self.env._("Left Out"),
            "domain": [("id", "in", self._get_left_out()[self].ids)],
            "context": {},
        }

    def action_open_visits(self):
        """What became of it, with the visits nobody had planned."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_archive_visits.customer_visit_action_fact"
        )
        return {
            **action,
            "domain": [
                ("user_id", "=", self.user_id.id),
                ("plan_month", "=", self.month),
                ("dossier_id.company_id", "=", self.company_id.id),
            ],
            "context": {"search_default_group_outcome": 1},
        }
