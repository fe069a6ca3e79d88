from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CustomerApproval(models.Model):
    """A request on its way through the steps of a route.

    Carries the stub of what is asked for, never its content.
    """

    _name = "customer.approval"
    _inherit = ["customer.archive.activity"]
    _description = "Approval"
    _order = "id desc"

    name = fields.Char(compute="_compute_name")
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record",
        model_field="res_model",
        required=True,
        readonly=True,
        index=True,
    )
    kind = fields.Char(compute="_compute_name", string="About")
    dossier_id = fields.Many2one(
        "customer.dossier", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    requester_id = fields.Many2one(
        "res.users", string="Asked By", required=True, readonly=True, index=True
    )
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    date = fields.Datetime(
        string="Asked On", required=True, readonly=True, default=fields.Datetime.now
    )
    route_id = fields.Many2one(
        "customer.approval.route", required=True, readonly=True, ondelete="restrict"
    )
    step_id = fields.Many2one(
        "customer.approval.step",
        string="Waiting For",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    step_date = fields.Datetime(
        string="Waiting Since", readonly=True, default=fields.Datetime.now
    )
    state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("cancelled", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="pending",
    )
    decision_ids = fields.One2many(
        "customer.approval.decision", "approval_id", "Decisions", readonly=True
    )
    is_my_turn = fields.Boolean(
        string="Waiting for Me",
        compute="_compute_is_my_turn",
        search="_search_is_my_turn",
    )

    _pending_once = models.UniqueIndex(
        "(res_model, res_id) WHERE state = 'pending'",
        "This is waiting for a decision already.",
    )

    @api.depends("res_model", "res_id")
    def _compute_name(self):
        for approval in self:
            approval.name = approval.kind = False
            # what an addon brought is gone with it
            if approval.res_model not in self.env:
                continue
            # sudo: names of protected records carry their stub alone
            record = self.env[approval.res_model].sudo().browse(approval.res_id)
            approval.name = record.exists().display_name
            approval.kind = self.env["ir.model"]._get(approval.res_model).name

    @api.depends("name")
    def _compute_display_name(self):
        for approval in self:
            approval.display_name = approval.name

    # ------------------------------------------------------------------
    # Whose turn it is
    # ------------------------------------------------------------------

    @api.depends("state", "step_id", "requester_id", "team_id")
    @api.depends_context("uid")
    def _compute_is_my_turn(self):
        # sudo: compares the steps of routes, tells whose turn it is alone
        mine = self.sudo().filtered_domain(self._get_turn_domain())
        for approval in self:
            approval.is_my_turn = approval in mine

    def _search_is_my_turn(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_turn_domain()

    @api.model
    def _get_turn_domain(self):
        """Pending requests the current user may decide, as himself or for others."""
        user = self.env.user
        people = user | self.env["customer.approval.delegation"]._get_represented(user)
        # nobody decides on his own request, for somebody away neither
        return (
            Domain("state", "=", "pending")
            & Domain("requester_id", "!=", user.id)
            & (Domain("route_id.is_distinct", "=", False) | self._get_unsigned_domain())
            & Domain.OR(self._get_turn_domain_of(person) for person in people)
        )

    @api.model
    def _get_unsigned_domain(self):
        """Requests on which the current user has decided no step yet."""
        return Domain("decision_ids", "not any", [("user_id", "=", self.env.uid)])

    @api.model
    def _get_turn_domain_of(self, user):
        # sudo: groups and teams of somebody who is represented
        user = user.sudo()
        in_group = Domain("step_id.kind", "=", "group") & Domain(
            "step_id.group_id", "in", user.all_group_ids.ids
        )
        teams = self.env["crm.team"]._get_led_ids(user)
        superior = Domain("team_id", "in", teams)
        if user.has_group("customer_archive.group_archive_manager"):
            superior = Domain.TRUE
        elif not user.has_group("customer_archive.group_archive_supervisor"):
            superior = Domain.FALSE
        return Domain("requester_id", "!=", user.id) & (
            in_group | (Domain("step_id.kind", "=", "superior") & superior)
        )

    def _get_represented(self):
        """On whose behalf the current user decides; empty where it is his own turn."""
        self.ensure_one()
        user = self.env.user
        # sudo: see _compute_is_my_turn
        if self.sudo().filtered_domain(self._get_turn_domain_of(user)):
            return user.browse()
        delegations = self.env["customer.approval.delegation"]
        for person in delegations._get_represented(user):
            if self.sudo().filtered_domain(self._get_turn_domain_of(person)):
                return person
        return user.browse()

    # ------------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------------

    def action_approve(self):
        """Approve each of these requests."""
        self._decide("approved")

    def action_approve_with_comment(self):
        """Ask for the comment, then approve."""
        return self._ask_comment(self.env._("Approve"), is_approving=True)

    def action_refuse(self):
        """Ask for the reason, then refuse."""
        return self._ask_comment(self.env._("Refuse"), is_approving=False)

    def _ask_comment(self, title, is_approving):
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "customer.approval.refuse",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_approval_ids": self.ids,
                "is_approving": is_approving,
            },
        }

    def action_open_record(self):
        """Open what is asked for, under its own lock."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def _decide(self, decision, comment=None):
        """Write the user's decision on the step each request waits for.

        :raises UserError: when it is not his turn, or somebody was faster
        """
        self.check_access("read")
        # sudo: locks the rows, changes nothing
        if self.sudo().try_lock_for_update() != self.sudo():
            raise UserError(
                self.env._("Somebody else is deciding this at this very moment.")
            )
        self.invalidate_recordset(["state", "step_id", "is_my_turn"])
        for approval in self:
            approval._check_turn()
            approval._record_decision(decision, comment)
            if decision == "refused":
                approval._finish("refused", comment)
            else:
                approval._go_on()

    def _check_turn(self):
        if self.state != "pending":
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(name)s has been decided already: %(state)s.",
                    name=self.name,
                    state=labels[self.state],
                )
            )
        if self.requester_id == self.env.user:
            raise UserError(
                self.env._("You asked for this yourself; somebody else decides it.")
            )
        if not self.is_my_turn:
            raise UserError(
                self.env._(
                    "This waits for “%(step)s”, which is not yours to decide.",
                    # sudo: the step's name, to whoever sees the request
                    step=self.sudo().step_id.name,
                )
            )
        record = self.env[self.res_model].browse(self.res_id)
        if not record.has_access("read"):
            raise UserError(
                self.env._(
                    "%(name)s is not open to you, so you can't decide on it.",
                    name=self.name,
                )
            )

    def _record_decision(self, decision, comment):
        # sudo: steps are settings
        step = self.sudo().step_id
        # sudo: decisions are written here alone, after it was asked whose turn it is
        self.env["customer.approval.decision"].sudo().create(
            {
                "approval_id": self.id,
                "step_id": step.id,
                "step_name": step.name,
                "user_id": self.env.uid,
                "on_behalf_id": self._get_represented().id,
                "decision": decision,
                "comment": comment,
            }
        )

    def _go_on(self):
        """To the next step nobody has decided yet, or to the end."""
        # sudo: see _record_decision
        approval = self.sudo()
        done = approval.decision_ids.step_id
        waiting = approval.route_id.step_ids - done
        if waiting:
            approval.write(
                {"step_id": waiting[0].id, "step_date": fields.Datetime.now()}
            )
        else:
            self._finish("approved")

    def _finish(self, state, comment=None):
        # sudo: the state of a request follows its decisions, nobody writes it
        approval = self.sudo()
        approval.write({"state": state, "step_id": False})
        approval.activity_unlink(["customer_archive.mail_activity_type_decide"])
        record = approval.env[approval.res_model].browse(approval.res_id)
        record.with_user(self.env.user)._on_decided(state, comment)

    def _cancel(self):
        """Withdraw pending requests, as their record was changed otherwise."""
        # sudo: see _finish
        pending = self.sudo().filtered(lambda approval: approval.state == "pending")
        pending.write({"state": "cancelled", "step_id": False})
        pending.activity_unlink(["customer_archive.mail_activity_type_decide"])

    def _withdraw(self, reason):
        """Withdraw pending requests whose requester is gone; send the records back."""
        self._cancel()
        for approval in self:
            # sudo: see _finish
            record = approval.env[approval.res_model].sudo().browse(approval.res_id)
            record.exists()._on_decided("refused", reason)

    # ------------------------------------------------------------------
    # Reminders
    # ------------------------------------------------------------------

    def _get_approvers(self):
        """Users whose turn it is, without those who stand in for them."""
        self.ensure_one()
        step = self.step_id
        if step.kind == "group":
            users = step.group_id.all_user_ids
        else:
            users = self.team_id.user_id | self.team_id.archive_supervisor_ids
        users -= self.requester_id
        if not users:
            managers = self.env.ref("customer_archive.group_archive_manager")
            users = managers.all_user_ids - self.requester_id
        record = self.env[self.res_model].browse(self.res_id)
        is_open_to = self.env["mail.activity"]._is_open_to
        return users.filtered(
            lambda user: user.active and not user.share and is_open_to(record, user)
        )

    def _tell_approvers(self):
        """Remind whoever may decide this now."""
        approval = self.with_context(mail_activity_quick_update=True)
        for user in self._get_approvers():
            approval.activity_schedule(
                "customer_archive.mail_activity_type_decide", user_id=user.id
            )

    @api.model
    def _cron_remind(self):
        """Put requests that wait too long on the desks of those who may decide."""
        pending = self.search([("state", "=", "pending")])
        now = fields.Datetime.now()
        overdue = pending.filtered(
            lambda a: (
                a.step_id.reminder_days
                and (now - a.step_date).days >= a.step_id.reminder_days
                and not a.activity_ids
            )
        )
        self.env["ir.cron"]._commit_progress(remaining=len(overdue))
        for approval in overdue:
            approval._tell_approvers()
            if not self.env["ir.cron"]._commit_progress(1):
                break
