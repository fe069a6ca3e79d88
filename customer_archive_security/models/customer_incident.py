from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

AUDITOR, EXECUTIVE = (
    "customer_archive_security.group_archive_auditor",
    "customer_archive_security.group_archive_executive",
)
KINDS = [
    ("loss", "Loss of a Dossier or Document"),
    ("leak", "Leak of Customer Data"),
    ("rule", "Rule Broken"),
    ("other", "Other"),
]
# Whom it is about and who looks into it is for those to say who lead.
LED_FIELDS = frozenset(("person_ids", "handler_ids", "reporter_id", "company_id"))


class CustomerIncident(models.Model):
    """A loss, a leak or a broken rule, and what is done about it (S4-20, S2-48).

    Known to few: auditors, executives and the handlers named, never to those it is
    about. It names dossiers by number alone; who may read them opens them from there.
    """

    _name = "customer.incident"
    _inherit = ["customer.history.mixin", "customer.archive.activity"]
    _description = "Incident"
    _order = "id desc"
    # Odoo shows names to anybody: nothing but the number
    _rec_name = "number"
    _history_model = "customer.incident.change"

    number = fields.Char(readonly=True, copy=False, index=True)
    name = fields.Char(string="What Happened", required=True)
    kind = fields.Selection(KINDS, required=True, default="leak")
    state = fields.Selection(
        [
            ("new", "Reported"),
            ("investigating", "Being Looked Into"),
            ("acting", "Action Taken"),
            ("closed", "Closed"),
        ],
        required=True,
        default="new",
        group_expand="_group_expand_state",
        index=True,
    )
    date = fields.Datetime(string="When", required=True, default=fields.Datetime.now)
    description = fields.Text()
    dossier_numbers = fields.Char(
        string="Dossiers Concerned", help="By number, with blanks in between."
    )
    reporter_id = fields.Many2one("res.users", string="Reported By", readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    person_ids = fields.Many2many(
        "res.users",
        "customer_incident_person_rel",
        "incident_id",
        "user_id",
        string="Persons Involved",
        context={"active_test": False},
        help="It is hidden from them, whatever their rank.",
    )
    other_persons = fields.Char(string="Others Involved")
    handler_ids = fields.Many2many(
        "res.users",
        "customer_incident_handler_rel",
        "incident_id",
        "user_id",
        string="Handlers",
        domain=[("share", "=", False)],
        help="Look into it, beside auditors and executives.",
    )
    damage = fields.Text(help="What was lost or became known, and to whom (S4-20).")
    damage_amount = fields.Monetary()
    action_ids = fields.One2many("customer.incident.action", "incident_id", "Actions")
    open_action_count = fields.Integer(
        string="Open Actions", compute="_compute_open_action_count"
    )
    change_ids = fields.One2many(
        "customer.incident.change", "incident_id", "Changes", readonly=True
    )
    conclusion = fields.Text(help="Cause, liability by loss (S4-20), what is learned.")
    sanction = fields.Selection(
        [
            ("none", "None"),
            ("training", "Training"),
            ("warning", "Warning"),
            ("fine", "Fine"),
            ("dismissal", "Dismissal"),
        ],
        help="S2-18, S2-59.",
    )
    closed_by_id = fields.Many2one("res.users", readonly=True)
    closed_date = fields.Datetime(string="Closed On", readonly=True)

    @api.model
    def _group_expand_state(self, states, domain):
        """Show the columns even while they are empty."""
        return [state for state, _label in self._fields["state"].selection]

    @api.depends("action_ids.state")
    def _compute_open_action_count(self):
        groups = self.env["customer.incident.action"]._read_group(
            [("incident_id", "in", self.ids), ("state", "=", "open")],
            ["incident_id"],
            ["__count"],
        )
        counts = {incident.id: count for incident, count in groups}
        for incident in self:
            incident.open_action_count = counts.get(incident.id, 0)

    @api.constrains("person_ids", "handler_ids")
    def _check_handlers(self):
        for incident in self:
            if incident.person_ids & incident.handler_ids:
                raise ValidationError(
                    self.env._("Nobody looks into what he is involved in himself.")
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # sudo: draws numbers only
        sequence = self.env["ir.sequence"].sudo()
        own = {} if self.env.su else {"reporter_id": self.env.uid, "state": "new"}
        vals_list = [
            {**vals, **own, "number": sequence.next_by_code(self._name)}
            for vals in vals_list
        ]
        incidents = super().create(vals_list)
        incidents._announce()
        return incidents

    def write(self, vals):
        """Write; what is closed stays as it is, until it is taken up again.

        :raises UserError: for a change of what is closed, or a closing too early
        :raises AccessError: when a handler says who is involved, or who handles it
        """
        if self.env.su:
            return super().write(vals)
        if not LED_FIELDS.isdisjoint(vals) or vals.get("state") == "new":
            self._check_leads()
        closed = self.filtered(lambda incident: incident.state == "closed")
        if closed and vals.keys() - {"activity_ids"}:
            if vals.keys() != {"state"}:
                raise UserError(
                    self.env._("This is closed. Take it up again to change it.")
                )
            self._check_leads()
        result = super().write(vals)
        if vals.get("state") == "closed":
            (self - closed)._close()
        return result

    def _check_leads(self):
        """
        :raises AccessError: for anybody but auditors and executives
        """
        if not self.env.user.has_groups(f"{AUDITOR},{EXECUTIVE}"):
            raise AccessError(
                self.env._("This is for an auditor or an executive to say.")
            )

    def _close(self):
        """
        :raises UserError: without a conclusion, or with actions still open
        """
        for incident in self:
            if not (incident.conclusion or "").strip():
                raise UserError(self.env._("Write the conclusion before you close it."))
            if incident.open_action_count:
                raise UserError(
                    self.env._(
                        "%(number)s has open actions: %(count)s.",
                        number=incident.number,
                        count=incident.open_action_count,
                    )
                )
        # sudo: who closed it is written here alone
        self.sudo().write(
            {"closed_by_id": self.env.uid, "closed_date": fields.Datetime.now()}
        )
        self.sudo().activity_unlink(
            ["customer_archive_security.mail_activity_type_incident"]
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("Incidents are kept."))

    def _prepare_history_vals(self, name):
        return {"incident_id": self.id}

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_investigate(self):
        self.write({"state": "investigating"})

    def action_act(self):
        self.write({"state": "acting"})

    def action_close(self):
        """Close it, with its conclusion."""
        self.write({"state": "closed"})

    def action_open_dossiers(self):
        """The dossiers concerned, as far as they are open to the reader."""
        self.ensure_one()
        self.check_access("read")
        numbers = (self.dossier_numbers or "").replace(",", " ").split()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dossiers Concerned"),
            "res_model": "customer.dossier",
            "views": [(False, "list"), (False, "form")],
            "domain": [("number", "in", numbers)],
            "context": {"active_test": False},
        }

    def _announce(self):
        """Tell those at once who look into it (S2-48)."""
        people = self._get_leads()
        is_open_to = self.env["mail.activity"]._is_open_to
        # sudo: put on the desks of those who may read it; see is_open_to
        for incident in self.sudo().with_context(mail_activity_quick_update=True):
            for person in people:
                if is_open_to(incident, person):
                    incident.activity_schedule(
                        "customer_archive_security.mail_activity_type_incident",
                        user_id=person.id,
                    )

    @api.model
    def _get_leads(self):
        """Auditors and executives who work here; which of them may read, rules say."""
        # sudo: who holds these posts
        groups = self.env.ref(AUDITOR).sudo() | self.env.ref(EXECUTIVE).sudo()
        users = groups.all_user_ids
        return users.filtered(lambda user: user.active and not user.share)
