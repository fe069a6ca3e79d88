from odoo import api, fields, models
from odoo.exceptions import UserError

from .customer_visit import OPEN_STATES

STATES = [
    ("planned", "Planned"),
    ("confirmed", "Appointment Made"),
    ("done", "Visit Made"),
    ("reported", "Reported"),
    ("cancelled", "Cancelled"),
]
# From each state to the states it may move to.
STATE_MOVES = {
    "planned": {"confirmed", "cancelled"},
    "confirmed": {"planned", "done", "cancelled"},
    "done": {"confirmed", "reported"},
    "reported": {"done"},
    "cancelled": {"planned"},
}
TAKEN_PLACE = frozenset(("done", "reported"))
# On file once the visit is reported.
REPORTED_FIELDS = frozenset(
    (
        "date_start",
        "date_end",
        "duration",
        "user_id",
        "companion_ids",
        "met_person_ids",
        "objective",
        "objective_text",
        "objective_code",
        "purpose",
        "sub_purpose",
        "plan_code",
        "summary",
        "result",
        "objective_met",
        "objective_cause",
        "lesson",
        "handled_issues",
    )
)


class CustomerVisit(models.Model):
    """The way of a visit from plan to report, and who may make which move."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.visit"

    state = fields.Selection(
        STATES,
        required=True,
        default="planned",
        group_expand="_group_expand_state",
    )
    appointment_person_id = fields.Many2one(
        "customer.key.person",
        string="Agreed With",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('dossier_id', '=', dossier_id)]",
        help="Whoever is visited is asked first (S1-29).",
    )
    appointment_date = fields.Date(string="Agreed On")
    cancel_reason = fields.Char(string="Cancelled Because", readonly=True)

    _dated_when_confirmed = models.Constraint(
        "CHECK(state IN ('planned', 'cancelled') OR date_start IS NOT NULL)",
        "An appointment has a date.",
    )

    @api.model
    def _group_expand_state(self, states, domain):
        """Show the columns of the pipeline even while they are empty."""
        return [state for state, _label in STATES]

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """
        :raises UserError: for a visit that begins in the middle of its way
        """
        if not self.env.su:
            self._check_given(set().union(*vals_list))
        visits = super().create(vals_list)
        if not self.env.su:
            if set(visits.mapped("state")) - set(OPEN_STATES):
                raise UserError(self.env._("A visit begins with its plan."))
            confirmed = visits.filtered(lambda visit: visit.state == "confirmed")
            confirmed._check_confirmable()
        return visits

    def write(self, vals):
        """Write; a move in the pipeline that is not allowed is refused with why.

        :raises UserError: for a move that leads nowhere or is not the user's, and
            for a change of a report on file
        """
        state = vals.get("state")
        moved = self.filtered(lambda visit: state and visit.state != state)
        if not self.env.su:
            self._check_given(vals)
            self._check_reported(vals)
            moved._check_move(state)
        if moved:
            vals = {**vals, **self._prepare_move_vals(vals)}
        result = super().write(vals)
        if moved and not self.env.su:
            moved._check_arrival(state)
        if moved:
            moved._on_moved(state)
        return result

    @api.model
    def _prepare_move_vals(self, vals):
        """Hook: what is written together with a move."""
        state = vals["state"]
        moved = {}
        if state == "confirmed" and not vals.get("appointment_date"):
            moved["appointment_date"] = fields.Date.context_today(self)
        if state == "planned":
            moved.update(
                appointment_person_id=False, appointment_date=False, cancel_reason=False
            )
        return moved

    def _on_moved(self, state):
        """Hook: the visits have just come to ``state``."""

    # ------------------------------------------------------------------
    # What is allowed
    # ------------------------------------------------------------------

    @api.model
    def _check_given(self, vals):
        """
        :raises UserError: when somebody writes what others decide
        """
        if not self._decided_fields.isdisjoint(vals):
            raise UserError(
                self.env._("Items and expenses are approved by deciding the request.")
            )

    def _check_reported(self, vals):
        if REPORTED_FIELDS.isdisjoint(vals) or "state" in vals:
            return
        if any(visit.state == "reported" for visit in self):
            raise UserError(
                self.env._("The visit is reported. Reopen its report to change it.")
            )

    def _check_move(self, state):
        """
        :raises UserError: for a move between states that are no neighbours, or that
            is somebody else's to make
        """
        labels = dict(self._fields["state"]._description_selection(self.env))
        for visit in self:
            if state not in STATE_MOVES[visit.state]:
                raise UserError(
                    self.env._(
                        "Visit %(name)s can't go from “%(old)s” to “%(new)s”. %(hint)s",
                        name=visit.display_name,
                        old=labels[visit.state],
                        new=labels[state],
                        hint=visit._get_move_hint(state),
                    )
                )
            if TAKEN_PLACE & {visit.state, state}:
                visit._check_went()
            if visit.state == "reported":
                visit._check_may_reopen()

    def _get_move_hint(self, state):
        if state == "done":
            return self.env._("Contact the customer first and make the appointment.")
        if state == "reported":
            return self.env._("Mark the visit as made first.")
        if self.state in TAKEN_PLACE:
            return self.env._("It took place.")
        return self.env._("Go one step at a time.")

    def _check_went(self):
        went = self.user_id | self.companion_ids
        supervisor = "customer_archive.group_archive_supervisor"
        if self.env.user not in went and not self.env.user.has_group(supervisor):
            raise UserError(
                self.env._(
                    "%(visitor)s makes this visit and reports it, or a superior.",
                    visitor=self.user_id.name,
                )
            )

    def _check_may_reopen(self):
        if not self.env.user.has_group("customer_archive.group_archive_supervisor"):
            raise UserError(
                self.env._("A report on file is reopened by a superior only.")
            )

    def _check_arrival(self, state):
        """
        :raises UserError: naming what the new state still needs
        """
        if state == "confirmed":
            self._check_confirmable()
        elif state == "cancelled":
            self._check_cancellable()
        elif state == "done":
            self._check_began()
        elif state == "reported":
            self._check_report_complete()

    def _check_confirmable(self):
        for visit in self:
            if not (visit.date_start and visit.appointment_person_id):
                raise UserError(
                    self.env._(
                        "%(name)s: note first with whom the appointment was made, "
                        "and for when.",
                        name=visit.display_name,
                    )
                )
            if visit.is_request_needed:
                raise UserError(
                    self.env._(
                        "%(name)s: ask for approval of the items and expenses first.",
                        name=visit.display_name,
                    )
                )

    def _check_cancellable(self):
        if not all((visit.cancel_reason or "").strip() for visit in self):
            raise UserError(
                self.env._("Give a reason: use “Cancel the Visit” on the visit.")
            )

    def _check_began(self):
        now = fields.Datetime.now()
        for visit in self:
            if visit.date_start > now:
                raise UserError(
                    self.env._(
                        "%(name)s has not begun yet. Change its date if it took place "
                        "earlier.",
                        name=visit.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_confirm(self):
        """Note that the appointment is made."""
        self.write({"state": "confirmed"})

    def action_unconfirm(self):
        """Back to the plan: the appointment does not hold."""
        self.write({"state": "planned"})

    def action_cancel(self):
        """Ask for the reason."""
        return self.env["customer.visit.reason"]._ask(
            self, self.env._("Cancel the Visit")
        )

    def _end_with_reason(self, reason):
        self.write({"state": "cancelled", "cancel_reason": reason})
