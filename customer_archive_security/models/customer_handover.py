from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_datetime

# What whoever prepares a handover says; all the rest comes about on its way.
GIVEN_FIELDS = frozenset(
    (
        "user_id",
        "reason",
        "date",
        "company_id",
        "team_id",
        "rule",
        "successor_id",
        "tier_successor_ids",
        "keeper_id",
        "materials",
        "is_nothing_kept",
        "note",
        "activity_ids",
    )
)


class CustomerHandover(models.Model):
    """A person leaves, or changes post: who takes over what (S3-17, S4-25).

    Signed by the head of the person's department and by that of customer service,
    through the approval route. It names dossiers by number, which is no secret, so it
    stands beside the protected family.
    """

    _name = "customer.handover"
    _inherit = [
        "customer.archive.activity",
        "customer.approval.mixin",
        "customer.team.mixin",
    ]
    _description = "Handover"
    _order = "id desc"
    _rec_name = "number"
    _check_company_auto = True

    number = fields.Char(readonly=True, copy=False, index=True)
    user_id = fields.Many2one(
        "res.users",
        string="Who Hands Over",
        required=True,
        index=True,
        domain=[("share", "=", False)],
        context={"active_test": False},
    )
    reason = fields.Selection(
        [
            ("leaves", "Leaves the Company"),
            ("post", "Changes Post"),
            ("left", "Has Left Without Handing Over"),
        ],
        required=True,
        default="leaves",
    )
    date = fields.Date(
        string="Last Day", required=True, default=fields.Date.context_today
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Department",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Its head signs (S4-25).",
    )

    # Who takes over
    rule = fields.Selection(
        [
            ("one", "One Successor"),
            ("tier", "By Tier"),
            ("leader", "Back to the Team Leader"),
        ],
        string="Customers Go To",
        required=True,
        default="one",
    )
    successor_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False), ('id', '!=', user_id)]",
        check_company=True,
        help="By tier: for the tiers that are not named below.",
    )
    tier_successor_ids = fields.One2many(
        "customer.handover.successor", "handover_id", "Successors by Tier"
    )
    keeper_id = fields.Many2one(
        "res.users",
        string="New Archive Keeper",
        domain=lambda self: [
            (
                "all_group_ids",
                "in",
                self.env.ref("customer_archive.group_archive_keeper").ids,
            )
        ],
        check_company=True,
        help="Of the dossiers whose archive keeper the person was.",
    )

    # What is handed in
    materials = fields.Text(
        string="Papers and Data Handed In",
        help="Folders, notes, cards, data carriers, equipment (S3-17).",
    )
    is_nothing_kept = fields.Boolean(
        string="No Customer Data Kept",
        help="The person declares to have kept no data of customers (S3-17).",
    )
    note = fields.Text()

    state = fields.Selection(
        [
            ("draft", "Being Prepared"),
            ("review", "Waiting for Signatures"),
            ("done", "Handed Over"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        index=True,
    )
    refusal_reason = fields.Text(string="Sent Back Because", readonly=True)
    done_date = fields.Datetime(string="Handed Over On", readonly=True)
    signatures = fields.Text(compute="_compute_signatures")
    part_ids = fields.One2many(
        "customer.handover.part", "handover_id", "What Is Handed Over", readonly=True
    )
    line_ids = fields.One2many(
        "customer.handover.line", "handover_id", "Dossiers", readonly=True
    )
    line_count = fields.Integer(compute="_compute_line_count")
    is_readable = fields.Boolean(
        compute="_compute_is_readable", search="_search_is_readable"
    )
    is_writable = fields.Boolean(
        compute="_compute_is_readable", search="_search_is_writable"
    )

    _once_idx = models.UniqueIndex(
        "(user_id, company_id) WHERE state IN ('draft', 'review')",
        "A handover of this person is being prepared already.",
    )

    # ------------------------------------------------------------------
    # Computed
    # ------------------------------------------------------------------

    @api.depends("user_id")
    def _compute_team_id(self):
        for handover in self:
            # sudo: the department of a colleague
            user = handover.user_id.sudo()
            team = user.sale_team_id
            if not team and user:
                led = team.browse(team._get_led_ids(user))
                team = led[:1]
            handover.team_id = team or handover.team_id

    @api.depends("number", "user_id")
    def _compute_display_name(self):
        for handover in self:
            # sudo: the name of a colleague
            name = handover.sudo().user_id.name
            parts = (handover.number, name)
            handover.display_name = " ".join(filter(None, parts))

    @api.depends("approval_ids.decision_ids")
    def _compute_signatures(self):
        for handover in self:
            handover.signatures = "\n".join(
                ", ".join((label, name, format_datetime(self.env, date)))
                for label, name, date in handover._get_signatures()
            )

    def _get_signatures(self):
        """Step, name and time of each signature, in their order."""
        # sudo: who reads the handover sees who signed it
        approvals = self.sudo().approval_ids
        approval = approvals.filtered(lambda a: a.state in ("pending", "approved"))[:1]
        return [
            (decision.step_name, decision.user_id.name, decision.date)
            for decision in approval.decision_ids
        ]

    @api.depends("line_ids")
    def _compute_line_count(self):
        groups = self.env["customer.handover.line"]._read_group(
            [("handover_id", "in", self.ids)], ["handover_id"], ["__count"]
        )
        counts = {handover.id: count for handover, count in groups}
        for handover in self:
            handover.line_count = counts.get(handover.id, 0)

    @api.depends("user_id", "team_id", "company_id", "state")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_readable(self):
        readable = self._origin.sudo(False)._filtered_access("read")
        writable = readable._filtered_access("write")
        for handover in self:
            handover.is_readable = handover._origin in readable
            handover.is_writable = handover._origin in writable

    def _search_is_readable(self, operator, value):
        if operator != "in":
            return NotImplemented
        handovers = self.browse().sudo(False)
        if not handovers.has_access("read"):
            return Domain.FALSE
        return Domain("id", "in", handovers._search([]))

    def _search_is_writable(self, operator, value):
        if operator != "in":
            return NotImplemented
        handovers = self.browse().sudo(False)
        if not handovers.has_access("write"):
            return Domain.FALSE
        rules = self.env["ir.rule"].sudo(False)._compute_domain(self._name, "write")
        # sudo: rules are evaluated as Odoo does it; the right to read stands beside
        writable = self.browse().sudo()._search(rules)
        return Domain("id", "in", handovers._search([])) & Domain("id", "in", writable)

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.constrains("user_id", "successor_id", "keeper_id")
    def _check_successor(self):
        for handover in self:
            if handover.user_id in handover.successor_id | handover.keeper_id:
                raise ValidationError(
                    self.env._("Nobody takes over from himself. Choose somebody else.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # given, so that no context gives others
            own = {"state": "draft", "done_date": False, "refusal_reason": False}
            vals_list = [
                {name: vals[name] for name in GIVEN_FIELDS & vals.keys()} | own
                for vals in vals_list
            ]
        # sudo: draws numbers only
        sequence = self.env["ir.sequence"].sudo()
        vals_list = [
            {**vals, "number": sequence.next_by_code(self._name)} for vals in vals_list
        ]
        handovers = super().create(vals_list)
        handovers._refresh_parts()
        return handovers

    def write(self, vals):
        """Write while it is being prepared; nothing is changed under a signature.

        :raises UserError: afterwards
        """
        if not self.env.su:
            if not vals.keys() <= GIVEN_FIELDS:
                raise UserError(self.env._("The handover keeps this itself."))
            if not vals.keys() <= {"activity_ids"}:
                self._check_state("draft")
        result = super().write(vals)
        if not {"user_id", "company_id"}.isdisjoint(vals):
            self._refresh_parts()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(handover.state != "draft" for handover in self):
            raise UserError(self.env._("A handover that was submitted is kept."))

    def _check_state(self, state):
        """
        :raises UserError: for a handover in another state
        """
        if any(handover.state != state for handover in self):
            raise UserError(
                self.env._(
                    "The handover is signed, or waits for signatures. "
                    "Withdraw it to change it."
                )
            )

    # ------------------------------------------------------------------
    # Preview
    # ------------------------------------------------------------------

    def action_refresh(self):
        """Count anew what the person has in hand."""
        self.check_access("write")
        self._check_state("draft")
        self._refresh_parts()

    def _refresh_parts(self):
        """Count what the person has in hand, kind by kind."""
        # sudo: counts alone, for who may prepare the handover
        parts = self.env["customer.handover.part"].sudo()
        parts.search([("handover_id", "in", self.ids)]).unlink()
        entrusted = self.env["customer.entrusted"]
        vals_list = []
        for handover in self:
            # sudo: see above
            counts = entrusted._count(handover.sudo().user_id, handover.company_id)
            for code, count in handover._get_left_counts().items():
                counts[code] += count
            vals_list += [
                {"handover_id": handover.id, "kind": code, "count": count}
                for code, count in counts.items()
                if count
            ]
        parts.create(vals_list)

    # ------------------------------------------------------------------
    # On its way
    # ------------------------------------------------------------------

    def action_submit(self):
        """Ask for both signatures (S4-25)."""
        self.check_access("write")
        self._check_state("draft")
        for handover in self:
            handover._check_submittable()
        self._refresh_parts()
        self._request_approval()
        # sudo: the state follows the request
        self.sudo().write({"state": "review", "refusal_reason": False})

    def _check_submittable(self):
        """
        :raises UserError: when it isn't said who takes over
        """
        counts = {part.kind: part.count for part in self.part_ids}
        if counts.get("owner") and self.rule != "leader" and not self.successor_id:
            raise UserError(self.env._("Choose who takes over the customers."))
        if counts.get("keeper") and not self.keeper_id:
            raise UserError(self.env._("Choose the new archive keeper."))

    def action_withdraw(self):
        """Take the handover back, to change it."""
        self.check_access("write")
        self._check_state("review")
        # sudo: withdraws the request of a handover the user may write
        self.approval_id.sudo()._cancel()
        self.sudo().write({"state": "draft"})

    def action_cancel(self):
        """The person stays, or somebody handed over otherwise."""
        self.check_access("write")
        self._check_state("draft")
        # sudo: the state was checked
        self.sudo().write({"state": "cancelled"})

    def _prepare_approval_vals(self):
        # The person hands over and so is the one who asks: he signs for nobody, and
        # whoever prepared it may be one of the heads.
        return {"requester_id": self.user_id.id, "team_id": self.team_id.id}

    def _get_approval_company(self):
        return self.company_id

    def _on_decided(self, state, comment):
        # sudo: both heads were asked for their right by the approval
        handover = self.sudo()
        if state == "approved":
            handover._execute()
        else:
            handover.write({"state": "draft", "refusal_reason": comment})

    def action_view_lines(self):
        """The dossiers by number."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dossiers Handed Over"),
            "res_model": "customer.handover.line",
            "views": [(False, "list")],
            "domain": [("handover_id", "=", self.id)],
        }
