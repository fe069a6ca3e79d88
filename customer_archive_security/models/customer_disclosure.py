from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

# What the requester writes until he asks for the approval.
EDITABLE = frozenset(
    (
        "recipient",
        "partner_id",
        "purpose",
        "form_ids",
        "content",
        "legal_basis",
        "consent_date",
        "basis_reference",
        "copy_limit",
    )
)


class CustomerDisclosure(models.Model):
    """Data of customers given outside: asked for, approved twice, then printed.

    Beforehand approve the department head and the director (S4-24); a third party
    gets nothing without the customer's consent or a law (S2-41, S2-44, S2-62). What
    is handed over comes from here alone, under the number of the disclosure.
    """

    _name = "customer.disclosure"
    _inherit = ["customer.approval.mixin"]
    _description = "Data Given Outside"
    _order = "id desc"
    _rec_name = "number"

    number = fields.Char(required=True, readonly=True, copy=False, index=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Asked By",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
    )
    date = fields.Datetime(
        string="Asked On", required=True, readonly=True, default=fields.Datetime.now
    )
    # No link to the lines: searches of superuser code would walk along it.
    dossier_count = fields.Integer(string="Customers", readonly=True)
    dossier_names = fields.Text(string="Dossiers", compute="_compute_dossier_names")

    # What, to whom, why
    recipient = fields.Char(help="Who gets it: organisation and person.")
    partner_id = fields.Many2one(
        "res.partner", string="Recipient on File", ondelete="restrict"
    )
    purpose = fields.Text(string="Why", help="What the recipient needs it for.")
    form_ids = fields.Many2many(
        "ir.actions.report",
        string="Forms Given",
        domain=lambda self: self._get_form_domain(),
        help="Only these forms are printed for the recipient.",
    )
    content = fields.Text(
        string="What Is Given", help="In words, for those who decide on it."
    )

    # On what ground
    legal_basis = fields.Selection(
        [
            ("consent", "The Customer Consents"),
            ("law", "A Law Asks for It"),
            ("own", "The Customer Himself Gets It"),
        ],
        help="Nothing is given to others without consent or a law (S2-41, S2-44).",
    )
    consent_date = fields.Date(string="Consented On")
    basis_reference = fields.Char(
        string="Document or Provision",
        help="Where the consent is written down, or which provision asks for it.",
    )

    # On its way
    copy_limit = fields.Integer(
        string="Copies at Most", default=1, help="So often it may be printed."
    )
    copy_count = fields.Integer(string="Copies Made", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("review", "Waiting for Approval"),
            ("approved", "Approved"),
            ("given", "Given"),
            ("refused", "Refused"),
            ("cancelled", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    answer = fields.Text(string="Refused Because", readonly=True, copy=False)
    is_mine = fields.Boolean(compute="_compute_is_mine")
    is_open_to_me = fields.Boolean(
        string="All Open to Me",
        compute="_compute_is_open_to_me",
        search="_search_is_open_to_me",
        help="I read each dossier it is about.",
    )

    _number_uniq = models.Constraint(
        "UNIQUE(number)", "There is such a disclosure already."
    )
    _copies_counted = models.Constraint(
        "CHECK(copy_limit > 0 AND copy_count BETWEEN 0 AND copy_limit)",
        "One copy at least is asked for, and no more are made than were approved.",
    )

    @api.constrains("form_ids")
    def _check_form_ids(self):
        # sudo: which forms were picked, to refuse some
        forms = self.sudo().form_ids
        if forms - forms.filtered_domain(self._get_form_domain()):
            raise ValidationError(
                self.env._("Only forms of a dossier are printed for a recipient.")
            )

    @api.model
    def _get_form_domain(self):
        """The forms of a dossier that the archive draws itself."""
        drawn = self.env.registry["customer.archive.print"]
        names = [
            name.removeprefix("report.")
            for name, model in self.env.registry.items()
            if issubclass(model, drawn) and name.startswith("report.")
        ]
        return [("model", "=", "customer.dossier"), ("report_name", "in", names)]

    @api.depends("dossier_count")
    def _compute_dossier_names(self):
        """Numbers and customers: no more than anybody may know of a dossier."""
        by_disclosure = self._get_lines().grouped("disclosure_id")
        # sudo: writes what the stub of a dossier tells anybody
        for disclosure in self.sudo():
            lines = by_disclosure.get(disclosure, ())
            names = [line.dossier_id.display_name or "" for line in lines]
            disclosure.dossier_names = "\n".join(names)

    def _get_lines(self):
        # sudo: which dossiers it is about is asked of who sees the disclosure
        return (
            self.env["customer.disclosure.line"]
            .sudo()
            .search([("disclosure_id", "in", self.ids)])
        )

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for disclosure in self:
            disclosure.is_mine = disclosure.user_id == self.env.user

    @api.depends("dossier_count")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_open_to_me(self):
        # sudo: compares, tells yes or no
        mine = self.sudo().filtered_domain(self._get_open_domain())
        for disclosure in self:
            disclosure.is_open_to_me = disclosure.sudo() in mine

    def _search_is_open_to_me(self, operator, value):
        return self._get_open_domain() if operator == "in" else NotImplemented

    @api.model
    def _get_open_domain(self):
        closed = Domain("dossier_id.is_readable", "=", False)
        # sudo: which lines hang on dossiers that are closed to the user
        lines = self.env["customer.disclosure.line"].sudo().search(closed)
        return Domain("id", "not in", lines.disclosure_id.ids)

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model
    def _begin(self, dossiers):
        """A draft about ``dossiers``, which the user reads.

        :return: the disclosure, as the user
        """
        # sudo: draws a number, and hangs lines on dossiers that the user reads and
        # need not write; nothing of them is told yet
        number = self.env["ir.sequence"].sudo().next_by_code(self._name)
        disclosure = self.sudo().create(
            {
                "number": number,
                "company_id": dossiers.company_id.id,
                "dossier_count": len(dossiers),
            }
        )
        self.env["customer.disclosure.line"].sudo().create(
            [
                {"disclosure_id": disclosure.id, "dossier_id": dossier.id}
                for dossier in dossiers
            ]
        )
        return disclosure.sudo(False)

    def write(self, vals):
        """
        :raises UserError: for what nobody writes, or not any more
        """
        if not self.env.su:
            is_draft = set(self.mapped("state")) <= {"draft"}
            if not (is_draft and EDITABLE.issuperset(vals)):
                raise UserError(
                    self.env._("What others decide on is not changed. Ask anew.")
                )
        return super().write(vals)

    # ------------------------------------------------------------------
    # On its way
    # ------------------------------------------------------------------

    def action_request(self):
        """Ask the head of the department and the director."""
        self.check_access("write")
        for disclosure in self:
            disclosure._check_complete()
            # sudo: the state follows the request, nobody writes it
            disclosure.sudo().write({"state": "review", "date": fields.Datetime.now()})
        self._request_approval()

    def _check_complete(self):
        """
        :raises UserError: when something is missing that is to be decided on
        """
        if self.state != "draft":
            raise UserError(self.env._("This was asked for already."))
        needed = ["purpose", "form_ids", "legal_basis"]
        needed += [] if self.partner_id else ["recipient"]
        if self.legal_basis in ("consent", "law"):
            needed.append("basis_reference")
        if self.legal_basis == "consent":
            needed.append("consent_date")
        missing = [self._fields[name] for name in needed if not self[name]]
        if missing:
            labels = [field._description_string(self.env) for field in missing]
            raise UserError(
                self.env._("Still missing: %(fields)s", fields=", ".join(labels))
            )
        if self.consent_date and self.consent_date > fields.Date.context_today(self):
            raise UserError(self.env._("The consent can't lie ahead."))

    def action_withdraw(self):
        """Take one's own request back, also after the approval."""
        self.check_access("read")
        open_ones = self.filtered(
            lambda d: d.is_mine and d.state in ("draft", "review", "approved")
        )
        # sudo: withdraws what the user has asked for himself
        open_ones = open_ones.sudo()
        open_ones.approval_id._cancel()
        open_ones.write({"state": "cancelled"})

    def _prepare_approval_vals(self):
        # sudo: the team of the requester
        team = self.user_id.sudo().sale_team_id
        dossiers = self._get_lines().dossier_id
        return {
            "dossier_id": dossiers.id if len(dossiers) == 1 else False,
            "team_id": team.id,
        }

    def _get_approval_company(self):
        return self.company_id

    def _on_decided(self, state, comment):
        # sudo: whoever decided last was asked for his right by the approval
        self.sudo().write(
            {"state": state, "answer": comment if state == "refused" else False}
        )

    # ------------------------------------------------------------------
    # Giving it
    # ------------------------------------------------------------------

    def action_print(self):
        """Print the forms for the recipient, and count the copy."""
        self.ensure_one()
        self._check_may_give()
        return self.env.ref(
            "customer_archive_security.customer_disclosure_report"
        ).report_action(self)

    def _check_may_give(self):
        """
        :raises UserError: where it is not approved, or all copies are made
        """
        self.check_access("read")
        for disclosure in self:
            if not disclosure.is_mine:
                raise UserError(
                    self.env._("Only who asked for it prints what is given outside.")
                )
            if disclosure.state == "given":
                raise UserError(
                    self.env._(
                        "All copies of %(number)s are made. Ask anew for more.",
                        number=disclosure.number,
                    )
                )
            if disclosure.state != "approved":
                raise UserError(
                    self.env._(
                        "%(number)s is not approved; nothing is given outside.",
                        number=disclosure.number,
                    )
                )

    def _count_copy(self):
        """Count a copy; where two are made at once, one of them fails."""
        # sudo: copies are counted here alone, after it was asked whether there are any
        for disclosure in self.sudo():
            disclosure.lock_for_update()
            made = disclosure.copy_count + 1
            is_last = made >= disclosure.copy_limit
            disclosure.write(
                {"copy_count": made, "state": "given" if is_last else "approved"}
            )

    def _get_recipient_name(self):
        # sudo: Odoo names what a record points at to whoever reads the record
        return self.recipient or self.partner_id.sudo().display_name
