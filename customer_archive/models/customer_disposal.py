from odoo import api, fields, models
from odoo.exceptions import UserError

KEEPER_GROUP = "customer_archive.group_archive_keeper"


class CustomerDisposal(models.Model):
    """Destroying dossiers whose term is over, step by step (S2-6, S2-13, S2-28).

    Listed, appraised, approved, destroyed before two witnesses. The list stays, with
    the number, the hash and the decision for each dossier.
    """

    _name = "customer.disposal"
    _inherit = ["customer.archive.activity", "customer.approval.mixin"]
    _description = "Disposal"
    _order = "id desc"

    name = fields.Char(string="No.", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Drawn Up By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    reason = fields.Text(required=True, help="Why these dossiers are destroyed.")
    state = fields.Selection(
        [
            ("draft", "Appraisal"),
            ("review", "Waiting for Approval"),
            ("approved", "Waiting for Witnesses"),
            ("running", "Being Destroyed"),
            ("done", "Destroyed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
    )
    refusal_reason = fields.Text(string="Refused Because", readonly=True)
    line_ids = fields.One2many("customer.disposal.line", "disposal_id", "Dossiers")
    line_count = fields.Integer(
        string="Number of Dossiers", compute="_compute_line_count"
    )
    stub_list = fields.Text(
        string="All Dossiers of the List",
        compute="_compute_stub_list",
        help="Number, customer and decision, for whoever decides or watches and can't "
        "open all of them (S2-6, S2-28).",
    )
    witness_1_id = fields.Many2one("res.users", "First Witness", readonly=True)
    witness_1_date = fields.Datetime("First Witness On", readonly=True)
    witness_2_id = fields.Many2one("res.users", "Second Witness", readonly=True)
    witness_2_date = fields.Datetime("Second Witness On", readonly=True)
    done_date = fields.Datetime(string="Destroyed On", readonly=True)

    @api.depends("line_ids")
    def _compute_line_count(self):
        # sudo: how many there are is told to whoever reads the list
        groups = (
            self.env["customer.disposal.line"]
            .sudo()
            ._read_group(
                [("disposal_id", "in", self.ids)], ["disposal_id"], ["__count"]
            )
        )
        counts = {disposal.id: count for disposal, count in groups}
        for disposal in self:
            disposal.line_count = counts.get(disposal.id, 0)

    @api.depends("line_ids.decision")
    @api.depends_context("lang")
    def _compute_stub_list(self):
        labels = dict(
            self.env["customer.disposal.line"]
            ._fields["decision"]
            ._description_selection(self.env)
        )
        for disposal in self:
            lines = disposal._get_all_lines()
            disposal.stub_list = "\n".join(
                f"{line.dossier_id.display_name}: {labels[line.decision]}"
                for line in lines
            )

    def _get_all_lines(self):
        """The lines, those of dossiers closed to the user too, as superuser.

        Searched for: what the cache holds may be the part that somebody may read.
        """
        # sudo: number, customer, decision and hash are what anybody may know who
        # decides on the list or watches
        lines = self.env["customer.disposal.line"].sudo()
        return lines.search([("disposal_id", "in", self.ids)])

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # sudo: draws numbers only
        sequence = self.env["ir.sequence"].sudo()
        own = {"state": "draft", "user_id": self.env.uid}
        for vals in vals_list:
            vals.update(own, name=sequence.next_by_code(self._name))
        return super().create(vals_list)

    def write(self, vals):
        """
        :raises UserError: for what was sent for approval already
        """
        if not self.env.su and any(disposal.state != "draft" for disposal in self):
            raise UserError(
                self.env._("A disposal is changed while it is appraised, not later.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(disposal.state != "draft" for disposal in self):
            raise UserError(self.env._("The record of a disposal stays."))

    def action_fill(self):
        """List all dossiers of the company whose term is over."""
        self.ensure_one()
        self.check_access("write")
        dossiers = self.env["customer.dossier"].search(
            [("is_expired", "=", True), ("company_id", "=", self.company_id.id)]
        )
        self._add(dossiers - self.line_ids.dossier_id)

    def _add(self, dossiers):
        self.env["customer.disposal.line"].create(
            [{"disposal_id": self.id, "dossier_id": d.id} for d in dossiers]
        )

    # ------------------------------------------------------------------
    # Approval and witnesses
    # ------------------------------------------------------------------

    def action_submit(self):
        """Send the appraised list on its way (S2-6).

        :raises UserError: for an empty list, or one with a dossier that must be kept
        """
        self.check_access("write")
        for disposal in self:
            chosen = disposal._get_all_lines().filtered(
                lambda line: line.decision == "destroy"
            )
            if not chosen:
                raise UserError(self.env._("There is no dossier to destroy in it."))
            chosen._check_may_be_destroyed()
        self.write({"state": "review", "refusal_reason": False})
        self._request_approval()

    def _get_approval_company(self):
        return self.company_id

    def _on_decided(self, state, comment):
        # sudo: whoever decided last was asked for his right by the approval
        disposal = self.sudo()
        if state == "approved":
            disposal.state = "approved"
        else:
            disposal.write({"state": "draft", "refusal_reason": comment})

    def action_cancel(self):
        """Leave all as it is."""
        self.check_access("write")
        if any(
            disposal.state not in ("draft", "review", "approved") for disposal in self
        ):
            raise UserError(self.env._("What is being destroyed can't be cancelled."))
        # sudo: the user may write these lists; what waits is withdrawn
        self.approval_id.sudo()._cancel()
        self.sudo().state = "cancelled"

    def action_witness(self):
        """Sign as a witness; the second signature starts the destruction (S2-28).

        :raises UserError: for who drew the list up or has signed already
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: locks the row; two who sign at once are two witnesses
        self.sudo().lock_for_update()
        if self.state != "approved":
            raise UserError(self.env._("No witness is asked for here."))
        user = self.env.user
        if user in self.user_id | self.witness_1_id:
            raise UserError(
                self.env._(
                    "Two witnesses are needed beside whoever drew the list up; you are "
                    "one of them already."
                )
            )
        now = fields.Datetime.now()
        # sudo: a signature, and the start of what was approved
        disposal = self.sudo()
        if not self.witness_1_id:
            disposal.write({"witness_1_id": user.id, "witness_1_date": now})
            return
        chosen = disposal._get_all_lines().filtered(
            lambda line: line.decision == "destroy"
        )
        chosen._check_may_be_destroyed()
        disposal.write(
            {"witness_2_id": user.id, "witness_2_date": now, "state": "running"}
        )
        # sudo: starts a job of the archive, which does what was decided
        self.env.ref("customer_archive.ir_cron_destroy").sudo()._trigger()

    # ------------------------------------------------------------------
    # Destroying
    # ------------------------------------------------------------------

    @api.model
    def _cron_destroy(self):
        """Destroy what two witnesses have signed for, dossier by dossier.

        Each is destroyed in a transaction of its own: killed half-way, the next run
        goes on with the rest.
        """
        lines = self.env["customer.disposal.line"].search(
            [
                ("disposal_id.state", "=", "running"),
                ("decision", "=", "destroy"),
                ("destroyed_date", "=", False),
            ]
        )
        self.env["ir.cron"]._commit_progress(remaining=len(lines))
        for line in lines:
            line._destroy()
            if not self.env["ir.cron"]._commit_progress(1):
                break
        self._finish()

    @api.model
    def _finish(self):
        """Close the lists of which nothing is left, and wipe the file store."""
        running = self.search([("state", "=", "running")])
        open_lines = self.env["customer.disposal.line"]._read_group(
            [
                ("disposal_id", "in", running.ids),
                ("decision", "=", "destroy"),
                ("destroyed_date", "=", False),
            ],
            ["disposal_id"],
        )
        done = running - running.browse(disposal.id for (disposal,) in open_lines)
        if done:
            self.env["customer.dossier"]._destroy_drafts()
            self.env["ir.cron"]._commit_progress()
            # files no attachment points to any more; killed before the lists are
            # closed, the next run does it again
            if self.env["ir.attachment"]._gc_file_store() is False:
                return  # somebody keeps the files busy
            done.write({"state": "done", "done_date": fields.Datetime.now()})
            self.env["ir.cron"]._commit_progress()
