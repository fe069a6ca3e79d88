from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

# So many customers are evaluated, and placed, while the manager looks on.
AT_ONCE = 5000
# What the run asked for; and what it keeps itself.
QUESTION_FIELDS = frozenset(
    ("scheme_id", "company_id", "date_to", "team_ids", "population")
)
OWN_FIELDS = frozenset(
    (
        "state",
        "refusal_reason",
        "applied_date",
        "applied_by_id",
        "line_count",
        "up_count",
        "down_count",
        "new_count",
        "terms",
        "ladder",
        "criteria",
        "first_line",
        "last_line",
        "done_line",
        "undone_by_id",
        "is_last",
    )
)


class CustomerTierRun(models.Model):
    """One evaluation of all customers: proposed, looked through, approved, applied.

    For managers; who looks after a customer finds the customer's own evaluation on
    the dossier. How the proposal comes about is in ``customer_tier_run_propose.py``,
    how it is applied and undone in ``customer_tier_run_apply.py``.
    """

    _name = "customer.tier.run"
    _inherit = ["customer.archive.activity", "customer.approval.mixin"]
    _description = "Tier Run"
    _order = "date_to desc, id desc"
    _rec_names_search = ["scheme_id.name"]

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    scheme_id = fields.Many2one(
        "customer.tier.scheme",
        required=True,
        ondelete="restrict",
        default=lambda self: self._default_scheme_id(),
        domain="[('company_id', 'in', (company_id, False))]",
    )
    date_to = fields.Date(
        string="Trade Until",
        required=True,
        default=fields.Date.context_today,
        help="Last day of the period that counts.",
    )
    team_ids = fields.Many2many(
        "crm.team", string="Sales Teams", help="Empty: the customers of all teams."
    )
    population = fields.Selection(
        [
            ("filed", "Filed Dossiers"),
            ("traded", "Filed Dossiers With Trade"),
            ("all", "All Dossiers Not Closed"),
        ],
        required=True,
        default="filed",
        help="Whose tier the run decides. Other customers keep theirs.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("proposing", "Being Evaluated"),
            ("proposed", "Proposed"),
            ("review", "Waiting for Approval"),
            ("applying", "Being Applied"),
            ("applied", "Applied"),
            ("undoing", "Being Undone"),
            ("undone", "Undone"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    refusal_reason = fields.Text(string="Sent Back Because", readonly=True, copy=False)
    applied_date = fields.Datetime(string="Applied On", readonly=True, copy=False)
    applied_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        help="Whoever approved the run last.",
    )
    undone_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    line_count = fields.Integer(string="Customers", readonly=True, copy=False)
    up_count = fields.Integer(string="Up", readonly=True, copy=False)
    down_count = fields.Integer(string="Down", readonly=True, copy=False)
    new_count = fields.Integer(string="First Time", readonly=True, copy=False)
    # What was asked when the lines were made; schemes and tiers are edited later.
    terms = fields.Json(readonly=True, copy=False)
    ladder = fields.Json(readonly=True, copy=False)
    criteria = fields.Json(readonly=True, copy=False)
    # Ids of the lines: the first, the last, and the one up to which the run is
    # applied, or undone.
    first_line = fields.Integer(readonly=True, copy=False)
    last_line = fields.Integer(readonly=True, copy=False)
    done_line = fields.Integer(readonly=True, copy=False)

    @api.model
    def _default_scheme_id(self):
        domain = [("company_id", "in", (self.env.company.id, False))]
        return self.env["customer.tier.scheme"].search(domain, limit=1)

    @api.depends("scheme_id.name", "date_to")
    @api.depends_context("lang")
    def _compute_name(self):
        for run in self:
            run.name = " ".join(
                filter(None, (run.scheme_id.name, str(run.date_to or "")))
            )

    @api.depends("name")
    def _compute_display_name(self):
        for run in self:
            run.display_name = run.name

    @api.model_create_multi
    def create(self, vals_list):
        """Create a draft; everything else comes about on its way."""
        if not self.env.su:
            own = {**dict.fromkeys(OWN_FIELDS), "state": "draft"}
            vals_list = [{**vals, **own} for vals in vals_list]
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        if any(run.state not in ("draft", "proposed", "cancelled") for run in self):
            raise UserError(
                self.env._("A run that was applied or waits for approval is kept.")
            )

    def unlink(self):
        self.check_access("unlink")
        self._unlink_except_applied()
        self._discard_lines()
        return super().unlink()

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_propose(self):
        """Evaluate the customers now, or in the background where they are many."""
        self.check_access("write")
        self._check_state("draft", "proposed")
        for run in self:
            run.scheme_id._check_usable()
            if run._count_population() > AT_ONCE:
                run._set_state("proposing")
                self._run_soon()
            else:
                run._propose()

    def action_submit(self):
        """Ask for approval."""
        self.check_access("write")
        self._check_state("proposed")
        self._set_state("review")
        self._request_approval()

    def action_withdraw(self):
        """Take a run back that waits for approval."""
        self.check_access("write")
        self._check_state("review")
        # sudo: withdraws the request of a run the user may write
        self.approval_id.sudo()._cancel()
        self._set_state("proposed")

    def action_cancel(self):
        """Give the run up; its lines are dropped, as nothing came of them."""
        self.check_access("write")
        self._check_state("draft", "proposed")
        self._discard_lines()
        self._set_state("cancelled")

    def action_undo(self):
        """Give every customer of the last run the tier back it had before."""
        self.check_access("write")
        self._check_state("applied")
        for run in self:
            run._check_last_applied()
            run._set_state("undoing", done_line=0, undone_by_id=self.env.uid)
            run._go_on_soon()

    def action_open_lines(self):
        """The customers of the run, grouped by where they move."""
        return self._open_lines({"search_default_group_move": 1})

    def action_open_up(self):
        """Those who move up."""
        return self._open_lines({"search_default_up": 1})

    def action_open_down(self):
        """Those who move down."""
        return self._open_lines({"search_default_down": 1})

    def action_open_new(self):
        """Those who get a tier for the first time."""
        return self._open_lines({"search_default_new": 1})

    def _open_lines(self, context):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_archive.customer_tier_run_line_action"
        )
        return {
            **action,
            "domain": [("run_id", "=", self.id)],
            "context": {"is_proposed": self.state == "proposed", **context},
        }

    def _prepare_approval_vals(self):
        return {"requester_id": self.env.uid}

    def _get_approval_company(self):
        return self.company_id

    def _on_decided(self, state, comment):
        """Apply what was approved; send back what was refused."""
        if state == "approved":
            self._set_state(
                "applying",
                done_line=0,
                refusal_reason=False,
                applied_by_id=self.env.uid,
                applied_date=fields.Datetime.now(),
            )
            self._go_on_soon()
        else:
            self._set_state("proposed", refusal_reason=comment)

    # ------------------------------------------------------------------
    # States
    # ------------------------------------------------------------------

    def _set_state(self, state, **values):
        # sudo: the state follows from what the user was just found to be allowed
        self.sudo().write({"state": state, **values})

    def _check_state(self, *states):
        """
        :raises UserError: for a run that is in none of ``states``
        """
        labels = dict(self._fields["state"]._description_selection(self.env))
        for run in self:
            if run.state not in states:
                raise UserError(
                    self.env._(
                        "“%(run)s” is in the state “%(state)s”; this can't be done "
                        "now.",
                        run=run.name,
                        state=labels[run.state],
                    )
                )

    def write(self, vals):
        """Write; what has been evaluated is not changed under its lines.

        :raises UserError: when the state is written by hand, or the population of
            an evaluated run is
        """
        if not self.env.su:
            if not OWN_FIELDS.isdisjoint(vals):
                raise UserError(self.env._("The run keeps this itself."))
            if not QUESTION_FIELDS.isdisjoint(vals):
                self._check_state("draft", "proposed")
        return super().write(vals)

    def _check_last_applied(self):
        """
        :raises UserError: when another run was applied after this one
        """
        later = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "in", ("applying", "applied", "undoing")),
                ("applied_date", ">=", self.applied_date),
            ]
        ).filtered(
            lambda run: (run.applied_date, run.id) > (self.applied_date, self.id)
        )
        if later:
            raise UserError(
                self.env._(
                    "Only the last run can be undone; “%(run)s” came after this one.",
                    run=later[0].name,
                )
            )

    # ------------------------------------------------------------------
    # By schedule
    # ------------------------------------------------------------------

    @api.model
    def _cron_schedule(self):
        """Make this month's runs, up to the last day of the month before (S0-18)."""
        schemes = self.env["customer.tier.scheme"].search([("is_scheduled", "=", True)])
        last_day = fields.Date.context_today(self) + relativedelta(day=1, days=-1)
        for scheme in schemes:
            companies = scheme.company_id or self.env["res.company"].search(
                [("active", "=", True)]
            )
            for company in companies:
                self._schedule(scheme, company, last_day)

    @api.model
    def _schedule(self, scheme, company, last_day):
        """Make the run of a month once, and leave it to the managers."""
        values = {
            "scheme_id": scheme.id,
            "company_id": company.id,
            "date_to": last_day,
        }
        known = self.search(
            [(name, "=", value) for name, value in values.items()]
            + [("state", "!=", "cancelled")],
            limit=1,
        )
        if known or not scheme.criterion_ids:
            return
        run = self.create(values)
        run._set_state("proposing")
        run._tell_managers()
        self._run_soon()

    def _tell_managers(self):
        """Put the run on the desks of those who may look it through."""
        managers = self.env.ref("customer_archive.group_archive_manager").all_user_ids
        for user in managers:
            if user.active and self.env["mail.activity"]._is_open_to(self, user):
                self.with_context(mail_activity_quick_update=True).activity_schedule(
                    "customer_archive.mail_activity_type_tier_run", user_id=user.id
                )

    @api.model
    def _run_soon(self, at=None):
        """Have the scheduler go on with whatever runs are under way."""
        # sudo: starts a job of the archive, whatever the user's rights
        self.env.ref("customer_archive.ir_cron_tier_run").sudo()._trigger(at)
