from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .customer_account_plan import IN_FORCE, get_given_names

ACTIVITY_TYPE = "customer_archive_visits.mail_activity_type_plan_action"
# What was agreed; how it goes on is noted all the year.
AGREED = frozenset(("plan_id", "name", "date", "user_id", "target"))


class CustomerAccountPlanAction(models.Model):
    """One step of an account plan: what, who, until when, and what came of it."""

    _name = "customer.account.plan.action"
    _inherit = ["customer.dossier.item", "customer.archive.activity"]
    _description = "Action of an Account Plan"
    _order = "date, id"

    _moving_fields = frozenset(("dossier_id", "plan_id"))

    plan_id = fields.Many2one(
        "customer.account.plan", required=True, index=True, ondelete="restrict"
    )
    dossier_id = fields.Many2one(
        compute="_compute_dossier_id", store=True, readonly=False, precompute=True
    )
    partner_id = fields.Many2one(
        related="dossier_id.partner_id", string="Customer", related_sudo=False
    )
    plan_state = fields.Selection(
        related="plan_id.state", string="State of the Plan", related_sudo=False
    )
    name = fields.Char(string="Action", required=True)
    target = fields.Char(string="Expected Result")
    date = fields.Date(string="Until", required=True)
    user_id = fields.Many2one(
        "res.users",
        string="Who",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    state = fields.Selection(
        [("open", "Open"), ("done", "Done"), ("dropped", "Dropped")],
        required=True,
        default="open",
    )
    result = fields.Text()
    previous_id = fields.Many2one(
        "customer.account.plan.action",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The same action in the version before.",
    )
    line_text = fields.Char(compute="_compute_line_text")

    @api.depends("plan_id.dossier_id")
    def _compute_dossier_id(self):
        for action in self:
            dossier = action.plan_id.dossier_id
            action.dossier_id = dossier or action.dossier_id

    @api.depends("name", "target", "date", "user_id")
    @api.depends_context("lang")
    def _compute_line_text(self):
        for action in self:
            # sudo: the name of a colleague
            parts = (
                format_date(self.env, action.date),
                action.sudo().user_id.name,
                action.name,
                action.target,
            )
            action.line_text = " | ".join(filter(None, parts))

    @api.depends("date")
    def _compute_display_name(self):
        return super()._compute_display_name()

    def _get_item_name(self):
        return " ".join(filter(None, (self.dossier_id.number, str(self.date or ""))))

    @api.constrains("plan_id", "dossier_id")
    def _check_dossier(self):
        for action in self:
            if action.plan_id.dossier_id != action.dossier_id:
                raise UserError(self.env._("An action stands in the plan's dossier."))

    @api.constrains("user_id", "dossier_id")
    def _check_user(self):
        """Ask nobody to act for a customer whose dossier is closed to him."""
        is_open_to = self.env["mail.activity"]._is_open_to
        for (dossier, user), actions in self.grouped(
            lambda action: (action.dossier_id, action.user_id)
        ).items():
            if "open" in actions.mapped("state") and not is_open_to(dossier, user):
                raise UserError(
                    self.env._(
                        "%(person)s may not read this dossier. "
                        "Choose somebody who may.",
                        # sudo: the name of a colleague
                        person=user.sudo().name,
                    )
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """
        :raises UserError: for an action in a plan that is agreed already
        """
        plans = self.env["customer.account.plan"].browse(
            {vals["plan_id"] for vals in vals_list if vals.get("plan_id")}
        )
        # asked first, as for dossiers: see _check_dossiers_open
        plans.check_access("write")
        self._check_plans(plans)
        self._check_given(get_given_names(self, vals_list))
        return super().create(vals_list)

    def write(self, vals):
        if not AGREED.isdisjoint(vals):
            self._check_plans(self.plan_id | self.plan_id.browse(vals.get("plan_id")))
        self._check_given(vals)
        state = vals.get("state")
        moved = self.filtered(lambda action: state and action.state != state)
        result = super().write(vals)
        moved._sync_activities()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        self._check_plans(self.plan_id)

    @api.model
    def _check_given(self, field_names):
        if not self.env.su and "previous_id" in field_names:
            raise UserError(self.env._("Versions of a plan are made by the head."))

    def _check_plans(self, plans):
        """
        :raises UserError: where a plan is submitted or in force
        """
        if not self.env.su and not all(plan.is_editable for plan in plans):
            raise UserError(
                self.env._(
                    "What is to be done is agreed. Note the result, or ask the head "
                    "for a new version of the plan."
                )
            )

    def _move_to_dossier(self, dossier):
        """Go with the plan alone, which takes its actions along."""
        return True

    # ------------------------------------------------------------------
    # Versions
    # ------------------------------------------------------------------

    def _prepare_version_vals(self):
        return {
            "name": self.name,
            "target": self.target,
            "date": self.date,
            "user_id": self.user_id.id,
            "state": self.state,
            "result": self.result,
            "previous_id": self.id,
        }

    def _take_over(self, previous):
        """What was done under the version before is done under this one too."""
        if self.state == "open" and previous.state in ("done", "dropped"):
            self.write({"state": previous.state, "result": previous.result})

    # ------------------------------------------------------------------
    # Buttons and activities
    # ------------------------------------------------------------------

    def action_done(self):
        self.write({"state": "done"})

    def action_reopen(self):
        self.write({"state": "open"})

    def _sync_activities(self):
        """Have the desks show what is to be done now."""
        self._remove_activities()
        self._raise_activities()

    def _raise_activities(self):
        """Put open actions on the desks of those who see to them."""
        over = self.dossier_id._filter_over()
        todo = self.filtered(
            lambda action: (
                action.state == "open"
                and action.plan_state in IN_FORCE
                and action.dossier_id not in over
            )
        )
        groups = todo.grouped(lambda action: (action.user_id, action.date))
        for (user, date), actions in groups.items():
            is_open = actions.dossier_id._filter_open_to(user)
            actions.filtered(
                lambda action, is_open=is_open: action.dossier_id.id in is_open.ids
            ).with_context(mail_activity_quick_update=True).activity_schedule(
                ACTIVITY_TYPE, date_deadline=date, user_id=user.id
            )

    def _remove_activities(self):
        # sudo: activities of colleagues, raised by the archive itself
        self.sudo().activity_unlink([ACTIVITY_TYPE])

    def _hand_over(self, user):
        """Have ``user`` see to it from now on."""
        self.write({"user_id": user.id})
        self._sync_activities()

    def _on_activity_done(self, activity, feedback):
        """What is done on the desk is done."""
        if activity.activity_type_id == self.env.ref(ACTIVITY_TYPE):
            vals = {"state": "done"}
            if feedback:
                vals["result"] = feedback
            # the activity is just being closed; nothing is left to be taken back
            super().write(vals)  # pylint: disable=super-method-mismatch
        return super()._on_activity_done(activity, feedback)
