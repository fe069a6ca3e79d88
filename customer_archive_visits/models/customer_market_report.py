from dateutil.relativedelta import MO, relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .customer_account_plan import get_given_names

ACTIVITY_TYPE = "customer_archive_visits.mail_activity_type_market_report"
CONTENT = ("market", "competitors", "customers", "proposals")


class CustomerMarketReport(models.Model):
    """A salesperson's monthly report on the market (S1-13).

    Due on the first Monday of each month; an extra one whenever something matters.
    It hangs on no dossier: rules of its own say who reads it.
    """

    _name = "customer.market.report"
    _inherit = ["customer.archive.activity", "customer.team.mixin"]
    _description = "Market Report"
    _order = "date_due desc, id desc"

    user_id = fields.Many2one(
        "res.users",
        string="Author",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        compute="_compute_team_id",
        store=True,
        precompute=True,
        index=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(
        [("monthly", "Monthly"), ("extra", "Important News")],
        required=True,
        default="extra",
        readonly=True,
    )
    date_due = fields.Date(
        string="Report Due",
        required=True,
        readonly=True,
        default=fields.Date.context_today,
        help="The first Monday of the month, or the working day after (S1-13).",
    )
    month = fields.Date(compute="_compute_month", store=True, precompute=True)
    state = fields.Selection(
        [
            ("draft", "To Write"),
            ("submitted", "Submitted"),
            ("received", "Received"),
        ],
        required=True,
        readonly=True,
        default="draft",
    )
    market = fields.Text(string="Industry and Market")
    competitors = fields.Text(string="News of Competitors")
    customers = fields.Text(string="News of Customers")
    proposals = fields.Text()
    submit_date = fields.Date(string="Submitted On", readonly=True)
    received_by_id = fields.Many2one("res.users", readonly=True)
    received_date = fields.Date(string="Received On", readonly=True)
    is_missing = fields.Boolean(
        string="Missing", compute="_compute_is_missing", search="_search_is_missing"
    )

    _monthly_uniq = models.UniqueIndex(
        "(user_id, company_id, month) WHERE kind = 'monthly'",
        "There is a report of that month already.",
    )

    @api.depends("user_id")
    def _compute_team_id(self):
        for report in self:
            # sudo: the team of whoever writes
            report.team_id = report.user_id.sudo().sale_team_id

    @api.depends("date_due")
    def _compute_month(self):
        for report in self:
            report.month = report.date_due and report.date_due.replace(day=1)

    @api.depends("month", "user_id")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_display_name(self):
        """Month and author, for readers; Odoo hands names out without asking."""
        readable = self._origin.sudo(False)._filtered_access("read")
        kind = self.env["ir.model"]._get(self._name).name
        for report in self:
            report.display_name = kind
            if report._origin in readable:
                # sudo: the name of a colleague
                author = report.sudo().user_id.name
                report.display_name = f"{report.month:%Y-%m} {author}"

    @api.depends("state", "date_due")
    def _compute_is_missing(self):
        today = fields.Date.context_today(self)
        for report in self:
            report.is_missing = report.state == "draft" and report.date_due < today

    def _search_is_missing(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        return Domain("state", "=", "draft") & Domain("date_due", "<", today)

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_given(get_given_names(self, vals_list))
        return super().create(vals_list)

    def write(self, vals):
        self._check_given(vals)
        is_content = not set(CONTENT).isdisjoint(vals)
        if not self.env.su and is_content and set(self.mapped("state")) - {"draft"}:
            raise UserError(
                self.env._("The report is submitted. Take it back to change it.")
            )
        return super().write(vals)

    @api.model
    def _check_given(self, field_names):
        """Texts alone are written; the rest follows.

        :raises UserError: when somebody writes for others, or what follows
        """
        if not self.env.su and set(field_names) - set(CONTENT):
            raise UserError(
                self.env._("A report is one's own, and goes its way by its buttons.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_extra_draft(self):
        if any(report.state != "draft" or report.kind != "extra" for report in self):
            raise UserError(self.env._("Monthly and submitted reports aren't deleted."))

    def copy(self, default=None):  # pylint: disable=method-required-super
        """Refuse: a report is written once.

        :raises UserError: always
        """
        raise UserError(self.env._("Records of the customer archive can't be copied."))

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_submit(self):
        """Hand the report in."""
        self.check_access("write")
        if not all(report._is_written() for report in self):
            raise UserError(self.env._("Write something before you submit."))
        self._submit()
        # sudo: reminders are the archive's own
        self.sudo().activity_unlink([ACTIVITY_TYPE])

    def _is_written(self):
        return any((self[name] or "").strip() for name in CONTENT)

    def _submit(self):
        todo = self.filtered(lambda report: report.state == "draft")
        # sudo: state and day are written here alone
        todo.sudo().write(
            {"state": "submitted", "submit_date": fields.Date.context_today(self)}
        )

    def action_take_back(self):
        """Go on writing, as long as nobody has received it."""
        self.check_access("write")
        submitted = self.filtered(lambda report: report.state == "submitted")
        # sudo: see action_submit
        submitted.sudo().write({"state": "draft", "submit_date": False})

    def action_receive(self):
        """Note that the archivist has it.

        :raises UserError: for anybody else
        """
        self.check_access("read")
        if not self.env.user.has_group("customer_archive.group_archive_keeper"):
            raise UserError(self.env._("Reports are received by an archivist."))
        submitted = self.filtered(lambda report: report.state == "submitted")
        # sudo: an archivist writes nothing in a report but this
        submitted.sudo().write(
            {
                "state": "received",
                "received_by_id": self.env.uid,
                "received_date": fields.Date.context_today(self),
            }
        )

    def _on_activity_done(self, activity, feedback):
        """What is ticked off on the desk is handed in, if there is anything in it."""
        if activity.activity_type_id == self.env.ref(ACTIVITY_TYPE):
            self.check_access("write")
            self.filtered(lambda report: report._is_written())._submit()
        return super()._on_activity_done(activity, feedback)

    # ------------------------------------------------------------------
    # First Monday
    # ------------------------------------------------------------------

    @api.model
    def _get_due_date(self, company, today):
        """First Monday of the month of ``today``, or the first working day after.

        A Monday on which the company does not work, as in a week of holidays, is
        made up for as soon as it works again.
        """
        monday = today + relativedelta(day=1, weekday=MO(1))
        calendars = self.env["resource.calendar"]
        nobody = self.env["res.users"]
        workdays = calendars._get_workdays(company, nobody, today)[False]
        return next((day for day in workdays if day >= monday), monday)

    @api.model
    def _cron_ask(self):
        """Ask each salesperson for his report, once its day has come."""
        # sudo: a job of the archive, for all companies
        for company in self.env["res.company"].sudo().search([("active", "=", True)]):
            today = fields.Date.context_today(self)
            policy = self.env["customer.archive.policy"]._get_policy(company)
            due = self._get_due_date(company, today)
            if policy.market_report_reminder and today >= due:
                # sudo: see above
                self.sudo()._ask(company, due)

    @api.model
    def _ask(self, company, due):
        """Open the reports that are still wanted, each on its author's desk."""
        month = due.replace(day=1)
        there = self.search(
            [
                ("kind", "=", "monthly"),
                ("company_id", "=", company.id),
                ("month", "=", month),
            ]
        )
        authors = self._get_authors(company)
        self.create(
            [
                {
                    "kind": "monthly",
                    "user_id": user.id,
                    "company_id": company.id,
                    "date_due": due,
                }
                for user in authors - there.user_id
            ]
        )._raise_activities()
        # what somebody wiped off his desk without writing it
        there.filtered(
            lambda report: (
                report.state == "draft"
                and report.user_id in authors
                and not report.activity_ids
            )
        )._raise_activities()

    @api.model
    def _get_authors(self, company):
        """Salespersons, not those who lead them."""
        users = self.env.ref("customer_archive.group_archive_user").all_user_ids
        users -= self.env.ref("customer_archive.group_archive_supervisor").all_user_ids
        return users.filtered(lambda u: u.active and u.company_id == company)

    def _raise_activities(self):
        """Put the reports on their authors' desks, all in one go."""
        activities = self.env["mail.activity"]
        activities.with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": report.id,
                    "activity_type_id": self.env.ref(ACTIVITY_TYPE).id,
                    "user_id": report.user_id.id,
                    "date_deadline": report.date_due,
                    "automated": True,
                }
                for report in self
            ]
        )
