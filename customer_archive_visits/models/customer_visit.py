from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# What stands open in our calendars.
OPEN_STATES = ("planned", "confirmed")
PURPOSES = [
    ("market", "Market Research"),
    ("competitor", "Know the Competitor"),
    ("maintain", "Maintain the Customer"),
    ("acquire", "Win a New Customer"),
    ("introduce", "Introduce a New Project"),
    ("influence", "Raise Our Influence"),
]


class CustomerVisit(models.Model):
    """A visit to a customer, from its plan to its report (annex 7)."""

    _name = "customer.visit"
    _inherit = [
        "customer.objective.mixin",
        "customer.dossier.item",
        "customer.archive.activity",
        "customer.approval.mixin",
    ]
    _description = "Visit"
    _order = "date_start desc, id desc"

    _no_history_fields = frozenset(("event_id",))
    # What others decide, or follows from what they decided.
    _decided_fields = frozenset(("request_state", "approved_amount", "refusal_reason"))

    # When, and who goes
    date_start = fields.Datetime(string="Date", index=True)
    duration = fields.Float(string="Hours", default=1.0)
    date_end = fields.Datetime(
        string="Until",
        compute="_compute_date_end",
        inverse="_inverse_date_end",
        store=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Visitor",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        help="Who goes, and reports.",
    )
    companion_ids = fields.Many2many(
        "res.users",
        "customer_visit_companion_rel",
        "visit_id",
        "user_id",
        string="Companions",
        domain=[("share", "=", False)],
    )
    team_id = fields.Many2one(related="dossier_id.team_id", store=True)

    # Whom to see, where
    partner_id = fields.Many2one(
        related="dossier_id.partner_id", string="Customer", related_sudo=False
    )
    person_ids = fields.Many2many(
        "customer.key.person",
        "customer_visit_person_rel",
        "visit_id",
        "person_id",
        string="Persons to Meet",
        compute="_compute_person_ids",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('dossier_id', '=', dossier_id)]",
    )
    city = fields.Char(
        compute="_compute_city", store=True, readonly=False, precompute=True
    )
    place = fields.Char(help="Where we meet, if it is not at the customer's address.")

    # What for
    purpose = fields.Selection(
        PURPOSES, required=True, default="maintain", help="Purposes by S1-25."
    )
    sub_purpose = fields.Selection(
        [
            ("feelings", "A: Deepen the Relation, Core Customers"),
            ("volume", "B: Push the Volume of Business"),
            ("payment", "C: Settle Payments"),
        ],
        string="Maintenance",
        compute="_compute_sub_purpose",
        store=True,
        readonly=False,
        precompute=True,
    )
    target_kind = fields.Selection(
        [
            ("business", "Customer We Deal With"),
            ("target", "Target Customer"),
            ("potential", "Potential Customer"),
            ("peer", "Company of the Same Trade"),
            ("authority", "Authority or Public Institution"),
        ],
        string="Target",
        compute="_compute_target_kind",
        store=True,
        readonly=False,
        help="Kinds of targets by S1-26.",
    )
    plan_code = fields.Selection(
        [
            ("a", "a: First Visit"),
            ("b", "b: Handle a Problem"),
            ("c", "c: Build the Relation"),
        ],
        string="Talks Planned",
        compute="_compute_plan_code",
        store=True,
        readonly=False,
        help="Column 商谈计划 of annex 7 (S1-44).",
    )

    # What was learned last time
    last_visit_id = fields.Many2one("customer.visit", compute="_compute_last_visit")
    last_lesson = fields.Text(
        string="Do Better Than Last Time",
        compute="_compute_last_visit",
        help="What the last report says we should do better (S1-32).",
    )

    # What is taken along, and what it costs
    item_ids = fields.One2many("customer.visit.item", "visit_id", "Items to Carry")
    expense_ids = fields.One2many("customer.visit.expense", "visit_id", "Expenses")
    currency_id = fields.Many2one(related="dossier_id.company_id.currency_id")
    estimate_amount = fields.Monetary(
        string="Estimated", compute="_compute_amounts", store=True
    )
    actual_amount = fields.Monetary(
        string="Spent",
        compute="_compute_amounts",
        store=True,
        help="合计 of annex 7 (S1-46).",
    )

    _duration_positive = models.Constraint(
        "CHECK(duration > 0)", "A visit ends after it begins."
    )

    # ------------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------------

    @api.constrains("person_ids", "met_person_ids", "appointment_person_id")
    def _check_persons(self):
        for visit in self:
            persons = visit.person_ids | visit.met_person_ids
            persons |= visit.appointment_person_id
            if persons.dossier_id - visit.dossier_id:
                raise ValidationError(self.env._("Choose persons of the same dossier."))

    @api.constrains("user_id", "dossier_id", "state")
    def _check_visitor(self):
        """Send nobody to a customer whose dossier is closed to him."""
        to_make = self.filtered(lambda visit: visit.state in OPEN_STATES)
        for user, visits in to_make.grouped("user_id").items():
            # sudo: which companies are his, to ask the rules as he would
            companies = user.sudo().company_ids.ids
            dossiers = visits.dossier_id.with_user(user).with_context(
                allowed_company_ids=companies
            )
            if len(dossiers._filtered_access("read")) < len(dossiers):
                raise UserError(
                    self.env._(
                        "%(person)s may not read this dossier. "
                        "Choose somebody who may.",
                        person=user.name,
                    )
                )

    # ------------------------------------------------------------------
    # Dates
    # ------------------------------------------------------------------

    @api.depends("date_start", "duration")
    def _compute_date_end(self):
        for visit in self:
            hours = timedelta(minutes=round(visit.duration * 60))
            visit.date_end = visit.date_start and visit.date_start + hours

    def _inverse_date_end(self):
        dated = self.filtered(lambda visit: visit.date_start and visit.date_end)
        by_length = dated.grouped(lambda visit: visit.date_end - visit.date_start)
        for length, visits in by_length.items():
            visits.duration = length.total_seconds() / 3600

    def _get_day(self):
        """The day of the visit where its visitor lives."""
        self.ensure_one()
        # sudo: the time zone of a colleague
        tz = self.sudo().user_id.tz
        return fields.Date.context_today(self.with_context(tz=tz), self.date_start)

    # ------------------------------------------------------------------
    # Proposals
    # ------------------------------------------------------------------

    @api.depends("dossier_id")
    def _compute_person_ids(self):
        """Propose the main contact, else whoever is on file first (S1-29)."""
        for visit in self:
            known = visit.dossier_id.person_ids
            if visit.person_ids and visit.person_ids <= known:
                continue
            main = known.filtered(lambda person: person.capacity == "main_contact")
            visit.person_ids = (main or known)[:1]

    @api.depends("dossier_id")
    def _compute_city(self):
        for visit in self:
            visit.city = visit.city or visit.dossier_id.partner_id.city

    @api.depends("purpose")
    def _compute_sub_purpose(self):
        for visit in self:
            is_maintaining = visit.purpose == "maintain"
            visit.sub_purpose = is_maintaining and (visit.sub_purpose or "feelings")

    @api.depends("dossier_id")
    def _compute_target_kind(self):
        for visit in self:
            dossier = visit.dossier_id
            if visit.target_kind or not dossier:
                continue
            if dossier.customer_class == "potential":
                visit.target_kind = "potential"
            else:
                visit.target_kind = "business" if dossier.trade_count else "target"

    @api.depends("dossier_id")
    def _compute_plan_code(self):
        """Propose a first visit where no visit is on file, planned here or not."""
        contacts = self.env["customer.interaction"].search_fetch(
            [
                ("dossier_id", "in", self.dossier_id.ids),
                ("channel", "=", "visit"),
                ("is_reached", "=", True),
            ],
            ["dossier_id"],
        )
        visited = contacts.dossier_id
        for visit in self:
            if not visit.plan_code and visit.dossier_id:
                visit.plan_code = "c" if visit.dossier_id in visited else "a"

    @api.depends("dossier_id", "date_start")
    def _compute_last_visit(self):
        reported = self.search_fetch(
            [("dossier_id", "in", self.dossier_id.ids), ("state", "=", "reported")],
            ["dossier_id", "date_start", "lesson"],
        ).grouped("dossier_id")
        for visit in self:
            earlier = reported.get(visit.dossier_id, self.browse()).filtered(
                lambda other, visit=visit: (
                    other != visit._origin
                    and (not visit.date_start or other.date_start < visit.date_start)
                )
            )
            visit.last_visit_id = earlier[:1]
            visit.last_lesson = earlier[:1].lesson

    @api.depends("expense_ids.estimate", "expense_ids.amount")
    def _compute_amounts(self):
        for visit in self:
            visit.estimate_amount = sum(visit.expense_ids.mapped("estimate"))
            visit.actual_amount = sum(visit.expense_ids.mapped("amount"))

    # ------------------------------------------------------------------
    # Names, moves, deletion
    # ------------------------------------------------------------------

    @api.depends("date_start", "dossier_id.partner_name")
    def _compute_display_name(self):
        return super()._compute_display_name()

    def _get_item_name(self):
        if not self.dossier_id:
            return ""
        day = self._get_day() if self.date_start else self.env._("no date")
        return f"{self.dossier_id.partner_name} ({day})"

    def _move_to_dossier(self, dossier):
        """Go with the persons to meet, whom a visit may not be parted from."""
        persons = self.person_ids | self.met_person_ids | self.appointment_person_id
        persons._move_to_dossier(dossier)
        return super()._move_to_dossier(dossier)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_taken_place(self):
        if any(visit.state in ("done", "reported") for visit in self):
            raise UserError(
                self.env._("A visit that took place stays on file; it isn't deleted.")
            )

    def unlink(self):
        """Delete with the lines, whose receipts a cascade would leave behind."""
        self.item_ids.unlink()
        self.expense_ids.unlink()
        return super().unlink()
