from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# Who keeps the register of loans, and may call one back (S2-57, S4-21).
CUSTODIAN_GROUPS = (
    "customer_archive_security.group_archive_service,"
    "customer_archive.group_archive_keeper,"
    "customer_archive.group_archive_manager"
)


class CustomerLoan(models.Model):
    """A dossier lent to somebody for a purpose and a time (S3-10 to S3-13, S4-22).

    Stands outside the protected family: whoever asks sees the stub only. Nobody
    writes a loan; it is asked for, decided and ended by the methods here alone.
    """

    _name = "customer.loan"
    _inherit = [
        "customer.archive.activity",
        "customer.approval.mixin",
        "customer.access.ground",
    ]
    _description = "Loan of a Dossier"
    _order = "id desc"
    _rec_name = "number"

    _ground_fields = frozenset(
        ("dossier_id", "user_id", "date_start", "date_end", "state")
    )

    number = fields.Char(string="Loan No.", readonly=True, copy=False)
    dossier_id = fields.Many2one(
        "customer.dossier", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )

    # What was asked for
    user_id = fields.Many2one(
        "res.users",
        string="Borrower",
        required=True,
        index=True,
        default=lambda self: self.env.user,
    )
    department = fields.Char(help="Of the borrower, as he named it (S3-10).")
    origin = fields.Selection(
        [
            ("line_head", "Head of the Line"),
            ("own_line", "The Line's Own People"),
            ("other_line", "Another Line"),
            ("other_department", "Another Department"),
        ],
        string="Asked From",
        help="How the borrower stood to the dossier's sales team when he asked. A "
        "line's head takes what belongs to it, another line asks the superior, other "
        "departments customer service (S3-11, S3-12, S0-26).",
    )
    purpose = fields.Text(help="What for (用途: S3-12).")
    quantity = fields.Char(
        string="Parts Wanted", help="Which parts, or how many (提取数量: S3-12)."
    )
    mode = fields.Selection(
        [("read", "Read on Site"), ("copy", "Copies Allowed")],
        required=True,
        default="read",
        help="Read on site: no print, no export, no extract (S2-37, S3-13).",
    )
    is_paper = fields.Boolean(
        string="Paper Dossier", help="The paper is handed out too (S2-57)."
    )
    date_start = fields.Datetime(
        string="From", required=True, default=fields.Datetime.now
    )
    date_end = fields.Datetime(string="Until", required=True)
    confirmed_date = fields.Datetime(
        string="Rules Confirmed On", help="When the borrower accepted them (S3-13)."
    )

    # What became of it
    state = fields.Selection(
        [
            ("requested", "Requested"),
            ("granted", "Granted"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn"),
            ("returned", "Returned"),
            ("revoked", "Called Back"),
            ("expired", "Expired"),
        ],
        required=True,
        default="requested",
    )
    refusal_reason = fields.Text(string="Refused Because")
    granted_date = fields.Datetime(string="Granted On")
    ended_date = fields.Datetime(string="Ended On")
    ended_by_id = fields.Many2one("res.users")
    end_reason = fields.Text(
        string="Ended Because", help="Told to the borrower (S2-3, S3-13)."
    )
    is_live = fields.Boolean(
        string="Running", compute="_compute_is_live", search="_search_is_live"
    )
    waiting_for = fields.Char(compute="_compute_opinion")
    opinion = fields.Text(
        string="Decisions",
        compute="_compute_opinion",
        help="Who decided what, and when (审批意见: S3-10).",
    )
    is_mine = fields.Boolean(compute="_compute_is_mine")
    is_custodian = fields.Boolean(compute="_compute_is_mine")
    is_reader_added = fields.Boolean(
        help="The borrower was made a reader for this loan, and stops being one with "
        "his last."
    )

    # More time
    wanted_end = fields.Datetime(string="More Time Until")
    extension_reason = fields.Text(string="More Time For")
    extension_count = fields.Integer(string="Extensions")

    # The paper
    paper_out_date = fields.Datetime(string="Handed Out On")
    paper_out_by_id = fields.Many2one("res.users", string="Handed Out By")
    paper_back_date = fields.Datetime(string="Handed Back On")
    paper_back_by_id = fields.Many2one("res.users", string="Taken Back By")
    is_overdue = fields.Boolean(
        string="Overdue",
        compute="_compute_is_overdue",
        search="_search_is_overdue",
        help="The loan is over, and the paper is not back (S4-22).",
    )

    # Grades of the dossier, for conditions of routes: superusers and readers of the
    # dossier alone see them.
    tier_id = fields.Many2one(
        "customer.tier",
        compute="_compute_grades",
        search=lambda self, *term: self._search_grade("tier_id", *term),
    )
    secrecy_id = fields.Many2one(
        "customer.secrecy",
        compute="_compute_grades",
        search=lambda self, *term: self._search_grade("secrecy_id", *term),
    )
    customer_class = fields.Selection(
        lambda self: (
            self.env["customer.dossier"]
            ._fields["customer_class"]
            ._description_selection(self.env)
        ),
        compute="_compute_grades",
        search=lambda self, *term: self._search_grade("customer_class", *term),
    )

    _dates_ordered = models.Constraint(
        "CHECK(date_end > date_start)", "A loan ends after it begins."
    )
    _live_idx = models.Index("(user_id, date_end, dossier_id) WHERE state = 'granted'")
    _paper_idx = models.Index(
        "(date_end) WHERE paper_out_date IS NOT NULL AND paper_back_date IS NULL"
    )

    # ------------------------------------------------------------------
    # Names and computed values
    # ------------------------------------------------------------------

    @api.depends("number", "dossier_id.display_name")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_display_name(self):
        """The number, and for who may read the loan whose dossier it is."""
        readable = self._origin.sudo(False)._filtered_access("read")
        for loan in self:
            # sudo: the stub of the dossier, which anybody may know
            stub = loan.sudo().dossier_id.display_name
            shown = (loan.number, loan._origin in readable and stub)
            loan.display_name = " ".join(filter(None, shown))

    @api.depends("approval_ids.state", "approval_ids.step_id")
    @api.depends_context("lang", "tz")
    def _compute_opinion(self):
        for loan in self:
            # sudo: who reads a loan reads who decided on it
            approvals = loan.sudo().approval_ids
            loan.waiting_for = approvals.step_id.name
            loan.opinion = "\n".join(
                loan._get_opinion(decision) for decision in approvals.decision_ids
            )

    def _get_opinion(self, decision):
        """One decision in words, by the company's clock."""
        words = dict(decision._fields["decision"]._description_selection(self.env))
        policies = self.env["customer.archive.policy"]
        parts = (
            f"{decision.step_name}:",
            words[decision.decision],
            decision.user_id.name,
            policies._get_policy(self.company_id)._format_moment(decision.date),
            decision.comment,
        )
        return " ".join(filter(None, parts))

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        is_custodian = self.env.user.has_groups(CUSTODIAN_GROUPS)
        for loan in self:
            loan.is_mine = loan.user_id == self.env.user
            loan.is_custodian = is_custodian

    @api.depends("state", "date_start", "date_end")
    def _compute_is_live(self):
        now = fields.Datetime.now()
        for loan in self:
            loan.is_live = (
                loan.state == "granted" and loan.date_start <= now < loan.date_end
            )

    def _search_is_live(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        return (
            Domain("state", "=", "granted")
            & Domain("date_start", "<=", now)
            & Domain("date_end", ">", now)
        )

    @api.depends("state", "date_end", "paper_out_date", "paper_back_date")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for loan in self:
            is_over = loan.state != "granted" or loan.date_end <= now
            is_out = loan.paper_out_date and not loan.paper_back_date
            loan.is_overdue = bool(is_out and is_over)

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        is_over = Domain("state", "!=", "granted") | Domain(
            "date_end", "<=", fields.Datetime.now()
        )
        return (
            Domain("paper_out_date", "!=", False)
            & Domain("paper_back_date", "=", False)
            & is_over
        )

    @api.depends("dossier_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_grades(self):
        dossiers = self.dossier_id
        if not self.env.su:
            dossiers = dossiers._filtered_access("read")
        for loan in self:
            dossier = loan.dossier_id if loan.dossier_id in dossiers else dossiers[:0]
            # sudo: of dossiers the user reads
            dossier = dossier.sudo()
            loan.tier_id = dossier.tier_id
            loan.secrecy_id = dossier.secrecy_id
            loan.customer_class = dossier.customer_class

    @api.model
    def _search_grade(self, name, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        wanted = Domain(name, operator, value)
        if not self.env.su:
            wanted &= Domain("is_readable", "=", True)
        # any!: who has no right to any dossier finds nothing, without an error
        return Domain("dossier_id", "any!", wanted)

    # ------------------------------------------------------------------
    # Live loans
    # ------------------------------------------------------------------

    @api.model
    def _get_lent_ids(self, user):
        """Ids of the dossiers lent to ``user`` at this very moment."""
        return [dossier_id for _id, dossier_id in self._get_live_grounds(user)]

    @api.model
    def _get_live(self, user):
        """Loans of ``user`` that hold at this very moment, as superuser."""
        # sudo: his own loans; what they forbid has to be known wherever he takes
        # something out
        return self.sudo().browse(id_ for id_, _id in self._get_live_grounds(user))

    @api.model
    def _select_grounds(self, user_ids):
        return SQL(
            "SELECT user_id, %s, id, dossier_id, date_start, date_end"
            " FROM customer_loan WHERE user_id = ANY(%s) AND state = 'granted'",
            self._name,
            user_ids,
        )
