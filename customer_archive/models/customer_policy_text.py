from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerPolicyText(models.Model):
    """The company's own policy of the archive as a controlled document (S0-1, S1-34).

    One version is in force; it stays as it was approved. A change is proposed,
    collated, reviewed and issued as the next version, which everybody reads and signs.
    """

    _name = "customer.policy.text"
    _inherit = ["customer.archive.activity", "customer.approval.mixin"]
    _description = "Policy"
    _order = "number, version desc"

    name = fields.Char(required=True)
    number = fields.Char(
        string="Policy No.",
        required=True,
        help="编号 of the controlled document (S0-1).",
    )
    version = fields.Integer(readonly=True, default=1)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    text = fields.Html(required=True, sanitize_overridable=False)
    state = fields.Selection(
        [
            ("draft", "Being Written"),
            ("review", "In Review"),
            ("force", "In Force"),
            ("superseded", "Superseded"),
        ],
        required=True,
        readonly=True,
        default="draft",
    )
    # 执行, 监督, 考证: S0-1
    executing_department = fields.Char(string="Executed By")
    supervising_department = fields.Char(string="Supervised By")
    assessing_department = fields.Char(string="Assessed By")
    # 编制, 审核, 批准: S0-1
    written_by_id = fields.Many2one(
        "res.users", readonly=True, default=lambda self: self.env.user
    )
    written_date = fields.Date(
        string="Written On", readonly=True, default=fields.Date.context_today
    )
    reviewed_by_id = fields.Many2one("res.users", readonly=True)
    reviewed_date = fields.Date(string="Reviewed On", readonly=True)
    approved_by_id = fields.Many2one("res.users", readonly=True)
    approved_date = fields.Date(string="Approved On", readonly=True)
    refusal_reason = fields.Text(string="Refused Because", readonly=True)
    # 修改标记, 修改处数: S0-1
    change_mark = fields.Char(help="Mark of the change, such as a letter (S0-1).")
    change_count = fields.Integer(
        string="Places Changed", help="In how many places it was changed (S0-1)."
    )
    change_note = fields.Text(string="What Was Changed")
    review_due_date = fields.Date(
        string="Look at It Again By",
        readonly=True,
        help="A policy is assessed and reviewed every year (S1-5).",
    )
    reading_ids = fields.One2many("customer.policy.reading", "policy_id", "Read By")
    proposal_ids = fields.One2many("customer.policy.proposal", "policy_id")
    signed_count = fields.Integer(compute="_compute_reading")
    unsigned_count = fields.Integer(string="Still to Read", compute="_compute_reading")
    is_signed = fields.Boolean(string="Signed by Me", compute="_compute_reading")

    _version_uniq = models.Constraint(
        "UNIQUE(company_id, number, version)", "There is such a version already."
    )
    _in_force_once = models.UniqueIndex(
        "(company_id, number) WHERE state = 'force'",
        "Another version of this policy is in force.",
    )

    @api.depends("number", "name", "version")
    def _compute_display_name(self):
        for policy in self:
            policy.display_name = self.env._(
                "%(number)s %(name)s, version %(version)s",
                number=policy.number,
                name=policy.name,
                version=policy.version,
            )

    @api.depends("reading_ids.date")
    @api.depends_context("uid")
    def _compute_reading(self):
        # sudo: numbers of people, and one's own signature
        readings = self.env["customer.policy.reading"].sudo()
        rows = readings._read_group(
            [("policy_id", "in", self.ids)], ["policy_id"], ["__count", "date:count"]
        )
        counts = {policy.id: (total, signed) for policy, total, signed in rows}
        mine = readings.search(
            [
                ("policy_id", "in", self.ids),
                ("user_id", "=", self.env.uid),
                ("date", "!=", False),
            ]
        ).policy_id.ids
        for policy in self:
            total, signed = counts.get(policy.id, (0, 0))
            policy.signed_count, policy.unsigned_count = signed, total - signed
            policy.is_signed = policy.id in mine

    # ------------------------------------------------------------------
    # Versions
    # ------------------------------------------------------------------

    def write(self, vals):
        """
        :raises UserError: for a version that was sent for review
        """
        if not self.env.su and any(policy.state != "draft" for policy in self):
            raise UserError(
                self.env._("What was submitted stays as it is. Begin a new version.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(policy.state != "draft" for policy in self):
            raise UserError(self.env._("A policy that was submitted is kept."))

    def action_new_version(self):
        """Begin the next version from this one."""
        self.ensure_one()
        last = self.with_context(active_test=False).search(
            [("company_id", "=", self.company_id.id), ("number", "=", self.number)],
            limit=1,
        )
        draft = self.create(
            {
                "version": last.version + 1,
                **{
                    name: self[name]
                    for name in (
                        "name",
                        "number",
                        "text",
                        "executing_department",
                        "supervising_department",
                        "assessing_department",
                    )
                },
                "company_id": self.company_id.id,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "views": [(False, "form")],
        }

    def action_submit(self):
        """Send it on its way (S2-7, S3-18)."""
        self.check_access("write")
        self.write({"state": "review"})
        self._request_approval()

    def _get_approval_company(self):
        return self.company_id

    def _on_decided(self, state, comment):
        """Put the version in force, and everybody to reading it (S2-7)."""
        # sudo: whoever decided last was asked for his right by the approval
        policy = self.sudo()
        if state != "approved":
            policy.write({"state": "draft", "refusal_reason": comment})
            return
        today = fields.Date.context_today(self)
        decisions = policy.approval_ids.decision_ids.sorted("id")
        policy.search(
            [
                ("company_id", "=", policy.company_id.id),
                ("number", "=", policy.number),
                ("state", "=", "force"),
            ]
        ).write({"state": "superseded"})
        self.flush_model(["state"])
        months = self.env["customer.archive.policy"]._get_policy(policy.company_id)
        policy.write(
            {
                "state": "force",
                "reviewed_by_id": decisions[0].user_id.id,
                "reviewed_date": decisions[0].date,
                "approved_by_id": decisions[-1].user_id.id,
                "approved_date": today,
                "refusal_reason": False,
                "review_due_date": today
                + relativedelta(months=months.policy_review_months),
            }
        )
        policy._hand_out()

    # ------------------------------------------------------------------
    # Reading and signing
    # ------------------------------------------------------------------

    @api.model
    def _get_readers(self, company):
        """Whoever works with dossiers of ``company``."""
        groups = self.env["res.groups"]
        for name in ("user", "keeper", "admin"):
            groups |= self.env.ref(f"customer_archive.group_archive_{name}")
        return groups.all_user_ids.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )

    def _hand_out(self):
        """Ask everybody who works with dossiers to read and sign, once."""
        for policy in self.filtered(lambda policy: policy.state == "force"):
            # sudo: handed out by whoever put it in force, or by the daily job
            readings = self.env["customer.policy.reading"].sudo()
            asked = policy.sudo().reading_ids.user_id
            readings.create(
                [
                    {"policy_id": policy.id, "user_id": user.id}
                    for user in policy._get_readers(policy.company_id) - asked
                ]
            )

    def action_sign(self):
        """Say that one has read it."""
        for policy in self:
            policy.check_access("read")
            if policy.state != "force":
                raise UserError(self.env._("This version is not in force."))
            # sudo: one's own signature
            readings = self.env["customer.policy.reading"].sudo()
            reading = readings.search(
                [("policy_id", "=", policy.id), ("user_id", "=", self.env.uid)]
            ) or readings.create({"policy_id": policy.id, "user_id": self.env.uid})
            if not reading.date:
                reading.date = fields.Datetime.now()
        self.invalidate_recordset(["is_signed", "signed_count", "unsigned_count"])

    @api.model
    def _cron_policies(self):
        """Ask newcomers to read, and managers to look again once a year (S1-5)."""
        today = fields.Date.context_today(self)
        policies = self.search([("state", "=", "force")])
        policies._hand_out()
        managers = self.env.ref("customer_archive.group_archive_manager").all_user_ids
        for policy in policies.filtered(
            lambda policy: policy.review_due_date and policy.review_due_date <= today
        ):
            asked = policy.activity_ids.user_id
            for user in managers - asked:
                if user.active and policy.company_id in user.company_ids:
                    policy.with_context(
                        mail_activity_quick_update=True
                    ).activity_schedule(
                        "customer_archive.mail_activity_type_policy", user_id=user.id
                    )

    def action_keep(self):
        """Say that the policy was looked at and holds for another year (S1-5)."""
        self.check_access("write")
        today = fields.Date.context_today(self)
        for policy in self.filtered(lambda policy: policy.state == "force"):
            numbers = self.env["customer.archive.policy"]._get_policy(policy.company_id)
            # sudo: whoever may write policies says that this one holds
            policy.sudo().review_due_date = today + relativedelta(
                months=numbers.policy_review_months
            )
            policy.sudo().activity_unlink(
                ["customer_archive.mail_activity_type_policy"]
            )
