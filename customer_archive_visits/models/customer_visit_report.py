from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .customer_visit_state import TAKEN_PLACE

RESULTS = [
    ("A", "A: Talks Successful"),
    ("B", "B: Hopeful"),
    ("C", "C: Visit Again"),
    ("D", "D: No Hope"),
    ("E", "E: Keep Observing"),
]


# What the contact that a visit is has of it.
CONTACT_FIELDS = frozenset(("date_start", "user_id", "met_person_ids", "summary"))


class CustomerVisit(models.Model):
    """The report of a visit, in the order one remembers it."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.visit"

    met_person_ids = fields.Many2many(
        "customer.key.person",
        "customer_visit_met_person_rel",
        "visit_id",
        "person_id",
        string="Whom Did You Meet?",
        domain="[('dossier_id', '=', dossier_id)]",
    )
    summary = fields.Text(
        string="What Was Said?", help="Column 面谈概要 of annex 7 (S1-43)."
    )
    result = fields.Selection(RESULTS, help="Column 成果 of annex 7 (S1-45).")
    objective_met = fields.Selection(
        [("yes", "Yes"), ("partly", "Partly"), ("no", "No")],
        string="Objective Met?",
        help="The objective is compared with the result (S1-32).",
    )
    objective_cause = fields.Text(string="Why Not?")
    lesson = fields.Text(
        string="What to Do Better?", help="Shown when the next visit is prepared."
    )
    handled_issues = fields.Text(string="Issues Handled")
    commitment_ids = fields.One2many("customer.commitment", "visit_id", "Promises")
    issue_ids = fields.One2many(
        "customer.commitment",
        "visit_id",
        string="Open Issues",
        domain=[("kind", "=", "issue")],
    )
    promise_ids = fields.One2many(
        "customer.commitment",
        "visit_id",
        string="What Was Promised?",
        domain=[("kind", "=", "promise")],
    )
    open_promise_count = fields.Integer(
        string="Open Promises", compute="_compute_open_promise_count", store=True
    )
    next_date = fields.Date(
        string="Next Visit",
        compute="_compute_next_date",
        store=True,
        readonly=False,
        help="Proposed after the results C and E; planned when the visit is reported.",
    )
    next_visit_id = fields.Many2one(
        "customer.visit",
        string="Next Visit Planned",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    reported_date = fields.Datetime(string="Reported On", readonly=True)
    interaction_ids = fields.One2many(
        "customer.interaction", "visit_id", "Contact", readonly=True
    )

    @api.depends("commitment_ids.state", "commitment_ids.kind")
    def _compute_open_promise_count(self):
        for visit in self:
            promises = visit.commitment_ids.filtered(
                lambda c: c.kind == "promise" and c.state == "open"
            )
            visit.open_promise_count = len(promises)

    @api.depends("result")
    def _compute_next_date(self):
        """Propose a day on which the visitor works, not before its time (S1-45)."""
        today = fields.Date.context_today(self)
        for company, visits in self.grouped("company_id").items():
            company = company or self.env.company
            policy = self.env["customer.archive.policy"]._get_policy(company)
            waits = {"C": policy.revisit_days, "E": policy.observe_days}
            workdays = self.env["resource.calendar"]._get_workdays(
                company, visits.user_id, today
            )
            for visit in visits:
                wait = waits.get(visit.result)
                date = wait and today + timedelta(days=wait)
                own = workdays.get(visit.user_id.id, workdays[False])
                visit.next_date = date and next((d for d in own if d >= date), date)

    # ------------------------------------------------------------------
    # On the way to the report
    # ------------------------------------------------------------------

    def action_done(self):
        """Note that the visit was made, and ask for its report."""
        self.write({"state": "done"})
        return self.action_report() if len(self) == 1 else None

    def action_report(self):
        """Open the report."""
        self.ensure_one()
        self.check_access("write")
        view = self.env.ref("customer_archive_visits.customer_visit_view_form_report")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report: %(customer)s", customer=self.partner_id.name),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(view.id, "form")],
            "target": "new",
        }

    def action_submit_report(self):
        """Put the report on file."""
        made = self.filtered(lambda visit: visit.state == "confirmed")
        made.write({"state": "done"})
        self.write({"state": "reported"})

    def action_reopen(self):
        """Take a report back, to correct it."""
        self.write({"state": "done"})

    def _check_report_complete(self):
        for visit in self:
            missing = [
                visit._fields[name]._description_string(self.env)
                for name in visit._get_report_missing()
            ]
            if missing:
                raise UserError(
                    self.env._(
                        "The report of %(name)s still lacks: %(fields)s",
                        name=visit.display_name,
                        fields=", ".join(missing),
                    )
                )

    def _get_report_missing(self):
        """Names of the fields a report needs and this one lacks (S1-32, S1-43)."""
        names = ["met_person_ids", "summary", "result", "objective_met"]
        if self.objective_met in ("partly", "no"):
            names.append("objective_cause")
        values = {name: self[name] for name in names}
        return [
            name
            for name, value in values.items()
            if not (value.strip() if isinstance(value, str) else value)
        ]

    # ------------------------------------------------------------------
    # What a move brings with it
    # ------------------------------------------------------------------

    def write(self, vals):
        """Write; the contact a visit was follows what is corrected later."""
        result = super().write(vals)
        if "state" not in vals and not CONTACT_FIELDS.isdisjoint(vals):
            taken_place = self.filtered(lambda visit: visit.state in TAKEN_PLACE)
            taken_place._write_interactions()
        return result

    @api.model
    def _prepare_move_vals(self, vals):
        moved = super()._prepare_move_vals(vals)
        if vals["state"] == "reported":
            moved["reported_date"] = fields.Datetime.now()
        elif vals["state"] == "done":
            moved["reported_date"] = False
        return moved

    def _on_moved(self, state):
        result = super()._on_moved(state)
        if state == "done":
            for visit in self.filtered(lambda visit: not visit.met_person_ids):
                visit.met_person_ids = visit.person_ids
        if state in ("done", "reported"):
            self._write_interactions()
        elif state == "confirmed":
            # sudo: takes back what the archive wrote itself
            self.sudo().interaction_ids._strike_out(
                self.env._("The visit did not take place after all.")
            )
        if state == "reported":
            self._plan_next()
        return result

    def _write_interactions(self):
        """Note the contact; the report says later whom it reached, and what was said.

        Made at once: the customer has been visited, whatever is still to be written.
        """
        # sudo: that of a visit that did not take place is struck out, and restored
        known = self.sudo().with_context(active_test=False).interaction_ids
        by_visit = known.grouped("visit_id")
        new = []
        for visit in self:
            vals = visit._prepare_interaction_vals()
            if interaction := by_visit.get(visit.sudo()):
                interaction.write({**vals, "active": True, "strike_reason": False})
            else:
                new.append({**vals, "dossier_id": visit.dossier_id.id})
        if new:
            # sudo: written by the archive; whoever moved the visit may write it
            self.env["customer.interaction"].sudo().create(new)

    def _prepare_interaction_vals(self):
        return {
            "visit_id": self.id,
            "date": self.date_start,
            "channel": "visit",
            "user_id": self.user_id.id,
            "person_ids": [fields.Command.set(self.met_person_ids.ids)],
            "summary": self.summary,
        }

    def _plan_next(self):
        """Plan the next visit where the report says when (S1-45)."""
        due = self - self._filter_over()
        due = due.filtered(lambda visit: visit.next_date and not visit.next_visit_id)
        following = self.create([visit._prepare_next_vals() for visit in due])
        for visit, next_visit in zip(due, following, strict=True):
            visit.next_visit_id = next_visit

    def _prepare_next_vals(self):
        # the same hour of the day, which suited the customer
        days = self.next_date - self._get_day()
        is_met = self.objective_met == "yes"
        is_open = not is_met or bool(self.issue_ids)
        return {
            "dossier_id": self.dossier_id.id,
            "user_id": self.user_id.id,
            "date_start": self.date_start + days,
            "duration": self.duration,
            "person_ids": [fields.Command.set(self.met_person_ids.ids)],
            "objective_text": not is_met and self.objective_text,
            "objective_code": "next" if is_met else self.objective_code,
            "purpose": self.purpose,
            "sub_purpose": self.sub_purpose,
            "target_kind": self.target_kind,
            "plan_code": "b" if is_open else "c",
            "city": self.city,
            "place": self.place,
        }
