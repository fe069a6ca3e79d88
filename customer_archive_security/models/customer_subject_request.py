from odoo import api, fields, models
from odoo.exceptions import UserError

# What is noted when a request comes in.
GIVEN_FIELDS = frozenset(
    (
        "person_id",
        "kind",
        "date_received",
        "text",
        "letter",
        "letter_name",
        "verified_how",
        "verified_note",
        "answer",
    )
)


class CustomerSubjectRequest(models.Model):
    """A person asks what we hold on him, or to correct or erase it (S2-58).

    In writing, and answered once it is verified that it is himself who asks.
    """

    _name = "customer.subject.request"
    _inherit = ["customer.dossier.item"]
    _description = "Request of a Person on File"
    _order = "id desc"
    # the request is itself the record of what was done
    _history = False

    _moving_fields = frozenset(("dossier_id", "person_id"))

    number = fields.Char(readonly=True, copy=False, index=True)
    person_id = fields.Many2one(
        "customer.key.person", required=True, index=True, ondelete="restrict"
    )
    dossier_id = fields.Many2one(
        compute="_compute_dossier_id", store=True, readonly=True, precompute=True
    )
    partner_id = fields.Many2one(
        related="dossier_id.partner_id", string="Customer", related_sudo=False
    )
    kind = fields.Selection(
        [
            ("inspect", "What Do You Hold on Me?"),
            ("correct", "Correct It"),
            ("erase", "Erase It"),
        ],
        string="Asks",
        required=True,
        default="inspect",
    )
    date_received = fields.Date(
        string="Received On", required=True, default=fields.Date.context_today
    )
    text = fields.Text(string="What the Person Writes")
    letter = fields.Binary(attachment=True)
    letter_name = fields.Char()

    verified_how = fields.Selection(
        [
            ("in_person", "Came in Person With Identity Card"),
            ("copy", "Letter With Copy of the Identity Card"),
            ("address", "From an Address on File, Called Back"),
            ("company", "Confirmed by the Customer's Company"),
        ],
        string="How Verified",
        help="How we know that it is the person himself (S2-58).",
    )
    verified_note = fields.Char(string="Details of Verification")
    verified_by_id = fields.Many2one(
        "res.users", string="Found to Be the Person By", readonly=True
    )
    verified_date = fields.Datetime(string="Verified On", readonly=True)
    last_change_id = fields.Integer(
        readonly=True,
        aggregator=None,
        help="The last line of the history then: seconds are too coarse to tell what "
        "came after.",
    )

    state = fields.Selection(
        [
            ("received", "Received"),
            ("verified", "Verified"),
            ("done", "Answered"),
            ("refused", "Refused"),
        ],
        required=True,
        readonly=True,
        default="received",
        index=True,
    )
    answer = fields.Text(help="What was answered; the reason of a refusal.")
    done_by_id = fields.Many2one("res.users", string="Answered By", readonly=True)
    done_date = fields.Datetime(string="Answered On", readonly=True)
    erased_count = fields.Integer(string="Entries Erased In", readonly=True)
    change_ids = fields.Many2many(
        "customer.change", compute="_compute_change_ids", string="Corrected"
    )

    @api.depends("person_id.dossier_id")
    def _compute_dossier_id(self):
        for request in self:
            request.dossier_id = request.person_id.dossier_id

    @api.depends("person_id", "verified_date", "done_date")
    def _compute_change_ids(self):
        """What was changed of the person since it asked."""
        changes = self.env["customer.change"]
        for request in self:
            request.change_ids = changes
            if not request.verified_date or request.kind != "correct":
                continue
            request.change_ids = changes.search(
                [
                    ("res_model", "=", "customer.key.person"),
                    ("res_id", "=", request.person_id.id),
                    ("id", ">", request.last_change_id),
                    ("date", "<=", request.done_date or fields.Datetime.now()),
                ]
            )

    def _get_item_name(self):
        return self.number or ""

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # sudo: draws numbers only
        sequence = self.env["ir.sequence"].sudo()
        persons = self.env["customer.key.person"].browse(
            {vals["person_id"] for vals in vals_list if vals.get("person_id")}
        )
        # asked first, as for dossiers: see _check_dossiers_open
        persons.check_access("write")
        own = {"state": "received", "verified_by_id": False, "verified_date": False}
        return super().create(
            [
                {name: vals[name] for name in GIVEN_FIELDS & vals.keys()}
                | own
                | {
                    "number": sequence.next_by_code(self._name),
                    "dossier_id": persons.browse(vals.get("person_id")).dossier_id.id,
                }
                for vals in vals_list
            ]
        )

    def write(self, vals):
        """
        :raises UserError: for what the request keeps itself, or once it is answered
        """
        if not self.env.su:
            if not vals.keys() <= GIVEN_FIELDS:
                raise UserError(self.env._("The request keeps this itself."))
            if vals.keys() - {"answer"}:
                self._check_state("received")
            else:
                self._check_state("received", "verified")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("Requests of persons are kept."))

    def _check_state(self, *states):
        """
        :raises UserError: for a request in none of ``states``
        """
        labels = dict(self._fields["state"]._description_selection(self.env))
        for request in self:
            if request.state not in states:
                raise UserError(
                    self.env._(
                        "%(number)s is in the state “%(state)s”; this can't be done "
                        "now.",
                        number=request.number,
                        state=labels[request.state],
                    )
                )

    # ------------------------------------------------------------------
    # Verified, answered
    # ------------------------------------------------------------------

    def action_verify(self):
        """Note that it is the person himself who asks.

        :raises UserError: without how this is known
        """
        self.check_access("write")
        self._check_state("received")
        if not all(request.verified_how for request in self):
            raise UserError(self.env._("Say how you know that it is the person."))
        # sudo: a number of the history, nothing of it
        last = (
            self.env["customer.change"]
            .sudo()
            .search([("id", ">", 0)], order="id desc", limit=1)
        )
        self._note(
            state="verified",
            verified_by_id=self.env.uid,
            verified_date=fields.Datetime.now(),
            last_change_id=last.id,
        )

    def action_open_person(self):
        """The page of the person, to correct it."""
        self.ensure_one()
        self.check_access("write")
        self._check_state("verified")
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.key.person",
            "res_id": self.person_id.id,
            "views": [(False, "form")],
        }

    def action_print(self):
        """What we hold on the person, on paper.

        :raises UserError: before it is verified who asks
        """
        self.ensure_one()
        self.check_access("read")
        self._check_state("verified", "done")
        report = self.env.ref("customer_archive_security.subject_data_report")
        return report.report_action(self)

    def action_erase(self):
        """Erase what tells who the person is, where nothing stands against it.

        :raises UserError: with what does
        """
        self.ensure_one()
        self.check_access("write")
        self._check_state("verified")
        if self.kind != "erase":
            raise UserError(self.env._("The person has not asked for this."))
        self.person_id.check_access("write")
        if reasons := self.person_id._get_retention_objections():
            raise UserError(
                self.env._(
                    "The person can't be erased:\n%(reasons)s",
                    reasons="\n".join(reasons),
                )
            )
        # sudo: what the person wrote goes with the rest, whatever its state
        self.sudo().write({"text": False, "letter": False, "letter_name": False})
        count = self.person_id._erase_subject()
        self._note(
            state="done",
            erased_count=count,
            done_by_id=self.env.uid,
            done_date=fields.Datetime.now(),
        )

    def action_answer(self):
        """Note that the answer was given."""
        self.check_access("write")
        self._check_state("verified")
        if any(request.kind == "erase" for request in self):
            raise UserError(self.env._("Erase the person, or refuse with the reason."))
        self._note(
            state="done", done_by_id=self.env.uid, done_date=fields.Datetime.now()
        )

    def action_refuse(self):
        """
        :raises UserError: without the reason
        """
        self.check_access("write")
        self._check_state("received", "verified")
        if not all((request.answer or "").strip() for request in self):
            raise UserError(self.env._("Give the reason as the answer."))
        self._note(
            state="refused", done_by_id=self.env.uid, done_date=fields.Datetime.now()
        )

    def _note(self, **vals):
        # sudo: written here alone, by who may write the request
        self.sudo().write(vals)
