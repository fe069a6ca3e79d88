from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

ACTIVITY_TYPES = {
    "promise": "customer_archive_visits.mail_activity_type_promise",
    "issue": "customer_archive_visits.mail_activity_type_issue",
}
ACTIVITY_FIELDS = frozenset(("kind", "user_id", "date", "state", "dossier_id"))


class CustomerCommitment(models.Model):
    """Something promised to a customer, or left to be solved (S1-2, S1-33, S1-46).

    With a date it is an activity of whoever is to see to it, until it is kept. It
    rests while the dossier is closed.
    """

    _name = "customer.commitment"
    _inherit = ["customer.dossier.item", "customer.archive.activity"]
    _description = "Promise or Open Issue"
    _order = "date, id"

    _moving_fields = frozenset(("dossier_id", "visit_id"))

    name = fields.Char(string="What", required=True)
    kind = fields.Selection(
        [("promise", "Promise"), ("issue", "Open Issue")],
        required=True,
        default="promise",
    )
    visit_id = fields.Many2one(
        "customer.visit",
        index="btree_not_null",
        ondelete="set null",
        domain="[('dossier_id', '=', dossier_id)]",
    )
    dossier_id = fields.Many2one(
        compute="_compute_dossier_id", store=True, readonly=False, precompute=True
    )
    partner_id = fields.Many2one(
        related="dossier_id.partner_id", string="Customer", related_sudo=False
    )
    user_id = fields.Many2one(
        "res.users",
        string="Who",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    date = fields.Date(string="Due On")
    state = fields.Selection(
        [("open", "Open"), ("kept", "Done"), ("dropped", "Dropped")],
        required=True,
        readonly=True,
        default="open",
    )
    closed_date = fields.Date(string="Closed On", readonly=True)
    drop_reason = fields.Char(string="Dropped Because", readonly=True)
    note = fields.Text(string="How It Was Done")

    _date_of_promise = models.Constraint(
        "CHECK(kind != 'promise' OR date IS NOT NULL)",
        "Say until when the promise is to be kept.",
    )

    @api.constrains("visit_id", "dossier_id")
    def _check_visit(self):
        for commitment in self:
            visit = commitment.visit_id
            if visit and visit.dossier_id != commitment.dossier_id:
                raise ValidationError(self.env._("Choose a visit of the same dossier."))

    @api.constrains("state", "drop_reason")
    def _check_drop_reason(self):
        for commitment in self:
            if commitment.state == "dropped" and not commitment.drop_reason:
                raise ValidationError(
                    self.env._("Give the reason why this is dropped.")
                )

    @api.depends("visit_id.dossier_id")
    def _compute_dossier_id(self):
        for commitment in self:
            dossier = commitment.visit_id.dossier_id
            commitment.dossier_id = dossier or commitment.dossier_id

    @api.depends("date")
    def _compute_display_name(self):
        return super()._compute_display_name()

    def _get_item_name(self):
        return " ".join(filter(None, (self.dossier_id.number, str(self.date or ""))))

    def _move_to_dossier(self, dossier):
        """Go with the visit, where there is one."""
        return super(
            CustomerCommitment, self.filtered(lambda c: not c.visit_id)
        )._move_to_dossier(dossier)

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        visits = self.env["customer.visit"].browse(
            vals["visit_id"] for vals in vals_list if vals.get("visit_id")
        )
        # asked first, as for dossiers: see _check_dossiers_open
        visits.check_access("write")
        commitments = super().create(vals_list)
        commitments._sync_activities()
        return commitments

    def write(self, vals):
        """Write; whoever is to see to it finds it on his desk."""
        if "state" in vals:
            vals = {**vals, **self._prepare_state_vals(vals["state"])}
        result = super().write(vals)
        if not ACTIVITY_FIELDS.isdisjoint(vals):
            self._sync_activities()
        return result

    @api.model
    def _prepare_state_vals(self, state):
        """What is written together with the state."""
        today = fields.Date.context_today(self)
        vals = {"closed_date": state != "open" and today}
        if state != "dropped":
            vals["drop_reason"] = False
        return vals

    @api.ondelete(at_uninstall=False)
    def _unlink_except_promised(self):
        if any(c.dossier_id.state != "draft" and c.visit_id for c in self):
            raise UserError(
                self.env._("What was promised stays on file. Drop it with a reason.")
            )

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_keep(self):
        """Note that it was done."""
        self.write({"state": "kept"})

    def action_reopen(self):
        self.write({"state": "open"})

    def action_drop(self):
        """Ask for the reason."""
        return self.env["customer.visit.reason"]._ask(self, self.env._("Drop"))

    def _end_with_reason(self, reason):
        self.write({"state": "dropped", "drop_reason": reason})

    # ------------------------------------------------------------------
    # Activities
    # ------------------------------------------------------------------

    def _sync_activities(self):
        """Have the activities say the same: who, until when, as long as it is open.

        They say no more than their type, whose name each reads in his language.
        """
        types = {self.env.ref(name).id: kind for kind, name in ACTIVITY_TYPES.items()}
        # sudo: activities of colleagues, raised by the archive itself
        activities = self.env["mail.activity"].sudo()
        activities = activities.search_fetch(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "in", list(types)),
            ],
            ["res_id", "user_id", "date_deadline", "activity_type_id"],
        )
        by_id = activities.grouped("res_id")
        stale, missing = activities.browse(), self.browse()
        for commitment in self:
            found = by_id.get(commitment.id, activities.browse())
            fitting = found.filtered(
                lambda a, c=commitment: (
                    c._wants_activity()
                    and (types[a.activity_type_id.id], a.user_id, a.date_deadline)
                    == (c.kind, c.user_id, c.date)
                )
            )[:1]
            stale |= found - fitting
            if commitment._wants_activity() and not fitting:
                missing |= commitment
        stale.unlink()
        missing._raise_activities()

    def _wants_activity(self):
        is_over = bool(self.dossier_id._filter_over())
        return self.state == "open" and bool(self.date) and not is_over

    def _raise_activities(self):
        groups = self.grouped(lambda c: (c.kind, c.user_id.id, c.date))
        for (kind, user_id, date), commitments in groups.items():
            commitments.with_context(mail_activity_quick_update=True).activity_schedule(
                ACTIVITY_TYPES[kind], date_deadline=date, user_id=user_id
            )

    def _on_activity_done(self, activity, feedback):
        """What is done on the desk is done."""
        if activity.activity_type_id in map(self.env.ref, ACTIVITY_TYPES.values()):
            vals = {"state": "kept", **self._prepare_state_vals("kept")}
            if feedback:
                vals["note"] = feedback
            # the activity is just being closed; nothing is left to be taken back
            super().write(vals)  # pylint: disable=super-method-mismatch
        return super()._on_activity_done(activity, feedback)

    @api.model
    def _cron_keep_raised(self):
        """Put back what somebody wiped off his desk without doing it (S1-33)."""
        self.search([("state", "=", "open"), ("date", "!=", False)])._keep_raised()

    def _keep_raised(self):
        """Have what is open on the desk of somebody who may see to it.

        Where the dossier was closed to who had promised, whoever sees to the customer
        now takes over.
        """
        lost = self.browse()
        for user, of_user in self.grouped("user_id").items():
            is_open = of_user.dossier_id._filter_open_to(user)
            lost |= of_user.filtered(
                lambda c, is_open=is_open: c.dossier_id.id not in is_open.ids
            )
        (self - lost)._sync_activities()
        heirs = lost.dossier_id._get_desks()
        by_heir = lost.grouped(lambda c: heirs[c.dossier_id.id])
        by_heir.pop(None, None)
        for heir_id, of_heir in by_heir.items():
            of_heir.write({"user_id": heir_id})
