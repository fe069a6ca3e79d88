from odoo import api, fields, models
from odoo.fields import Command, Domain


class CustomerArchivePolicy(models.Model):
    """The administrator's page: what the policies leave to the company, one each.

    The numbers are the company's own. The tables stand here too, though most of them
    serve all companies: whoever sets the archive up finds everything in one place.
    An addon adds its numbers as fields, its tables as fields that
    ``_compute_tables`` computes, and a section to the view.
    """

    _name = "customer.archive.policy"
    _description = "Archive Policy"
    _rec_name = "company_id"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    opening_days = fields.Integer(
        string="Open Within",
        default=7,
        help="From the first contact to the filed dossier: one week (S2-1).",
    )
    entry_due_days = fields.Integer(
        string="Enter Within",
        default=1,
        help="New information is entered within one day (S0-28).",
    )
    entry_breach_days = fields.Integer(
        string="Entry Breached After",
        default=2,
        help="Never later than two days (S0-28).",
    )
    update_days = fields.Integer(
        string="Update Interval Without Tier",
        default=365,
        help="Each dossier is checked once a year at least (S4-17). A tier may ask "
        "for more.",
    )
    dormant_days = fields.Integer(
        string="Dormant After",
        default=365,
        help="Customers nobody had contact with for so long are proposed for closing "
        "(S2-46).",
    )
    fact_stale_days = fields.Integer(
        string="Information Stale After",
        default=180,
        help="Older information is shown as stale (S3-14).",
    )
    complete_percent = fields.Integer(
        string="Complete From",
        default=100,
        help="A dossier with less of the required items counts as incomplete, in lists "
        "and on the dashboard (S1-22).",
    )
    policy_text_id = fields.Many2one(
        "customer.policy.text",
        string="Policy in Force",
        compute="_compute_policy_text_id",
        help="The numbers of this page are those of this policy (S0-1); where one of "
        "them changes, its text does too (S2-7).",
    )
    policy_review_months = fields.Integer(
        string="Review the Policy Every",
        default=12,
        help="A full review of the policy each year (S1-5).",
    )
    complaint_days = fields.Integer(
        string="Answer Complaints Within",
        default=3,
        help="A complaint has an owner and a deadline (S2-40); the policy gives no "
        "number: three days are our suggestion.",
    )
    is_weekly_review = fields.Boolean(
        string="Review Changes Weekly",
        default=True,
        help="The changes of each week are listed for the archivists (S4-16).",
    )
    is_quarterly_review = fields.Boolean(
        string="Review Quarterly",
        default=True,
        help="All dossiers are tidied up and reviewed each quarter (S1-17).",
    )
    is_yearly_review = fields.Boolean(
        string="Check Yearly", default=True, help="A full check each year (S4-17)."
    )
    inspection_percent = fields.Float(
        string="Sample of Inspections",
        digits=(5, 2),
        default=5,
        help="Part of the dossiers an inspection at random draws (S1-21).",
    )
    finding_days = fields.Integer(
        string="Mend Findings Within",
        default=14,
        help="Findings of a review have a completion date (S1-21).",
    )
    weight_completeness = fields.Integer(
        default=20, help="Weight of completeness in a review (S2-32)."
    )
    weight_timeliness = fields.Integer(
        default=20, help="Weight of timeliness in a review (S2-32)."
    )
    weight_accuracy = fields.Integer(
        default=20, help="Weight of accuracy in a review (S2-32)."
    )
    weight_tidiness = fields.Integer(
        default=20, help="Weight of tidiness in a review (S2-32)."
    )
    weight_safety = fields.Integer(
        default=20, help="Weight of safety in a review (S2-32)."
    )
    collect_months = fields.Integer(
        string="Collect Originals Every",
        default=1,
        help="On the first of so many months what is due is put on the desks of the "
        "account owner and of the archivist (S3-2). 0: never.",
    )
    volume_pages_at_once = fields.Integer(
        string="Volumes Printed at Once",
        default=300,
        help="A volume with more pages is made into one PDF in the background "
        "(S0-8), and who asked is told when it is there.",
    )
    volume_keep_days = fields.Integer(
        string="Keep Printed Volumes",
        default=7,
        help="What was printed in the background is to be fetched within so many "
        "days; no copies lie about (S2-50).",
    )
    retention_class_id = fields.Many2one(
        "customer.retention.class",
        string="Dossiers Are Kept By",
        default=lambda self: self._get_retention_default("cooperation_end"),
        help="Retention class of dossiers that have none of their own: five years "
        "after the end of the cooperation (S2-59).",
    )
    no_deal_class_id = fields.Many2one(
        "customer.retention.class",
        string="Dossiers Without a Deal Are Kept By",
        default=lambda self: self._get_retention_default("no_deal"),
        help="Where no deal was made the dossier is destroyed promptly (S4-26). Empty: "
        "kept as all others.",
    )
    expiry_warning_days = fields.Integer(
        string="Warn Before the Term Is Over",
        default=30,
        help="Dossiers whose term ends within so many days are listed for the "
        "archivist (S2-21).",
    )
    credit_group_id = fields.Many2one(
        "res.groups",
        string="Credit Managed By",
        help="Credit grade and past credit problems are changed by this group alone, "
        "such as the finance department; sales and marketing read and assist (S4-6). "
        "Empty: by whoever keeps the dossier.",
    )
    is_credit_limit_fed = fields.Boolean(
        string="Credit Limits for Accounting",
        default=True,
        help="Where Odoo's accounting is installed, the credit limit of a dossier "
        "becomes that of the contact, which accountants read and quotations and "
        "invoices warn by (S4-5).",
    )
    name_likeness = fields.Integer(
        string="Likeness of Names",
        default=45,
        help="Whoever opens a dossier is warned of customers on file whose names are "
        "so much alike, legal forms left out (S4-27). Less warns of more, also of "
        "customers who merely sound alike.",
    )
    public_hosts = fields.Text(
        string="Public Mail Hosts",
        default="qq.com 163.com 126.com sina.com sohu.com foxmail.com aliyun.com "
        "139.com gmail.com outlook.com hotmail.com live.com icloud.com yahoo.com",
        help="Domains many customers share, with blanks in between. An address there "
        "doesn't tell one customer from another (S4-27).",
    )

    item_ids = fields.One2many(
        "customer.completeness.item",
        string="Required Items",
        compute="_compute_tables",
        readonly=False,
        context={"active_test": False},
        help="What a complete dossier has (S0-10 to S0-15, S1-7, S1-22), for all tiers "
        "or for some.",
    )
    route_ids = fields.One2many(
        "customer.approval.route",
        string="Approval Routes",
        compute="_compute_tables",
        readonly=False,
        context={"active_test": False},
        help="Who decides, step by step (S2-1, S2-9, S2-45). Open a route for its "
        "steps.",
    )
    tier_ids = fields.One2many(
        "customer.tier",
        string="Tiers",
        compute="_compute_tables",
        readonly=False,
        context={"active_test": False},
        help="Share of customers (S0-18), how often their dossiers are checked (S2-25, "
        "S1-17) and after how long without news somebody is reminded (S0-20).",
    )
    scheme_ids = fields.One2many(
        "customer.tier.scheme",
        string="Evaluation Schemes",
        compute="_compute_tables",
        readonly=False,
        context={"active_test": False},
        help="How customers are evaluated and placed in tiers (S0-17, S0-18, S4-8). "
        "Open a scheme for its criteria.",
    )
    class_limit_ids = fields.One2many(
        "customer.class.limit",
        string="Customer Classes",
        compute="_compute_tables",
        readonly=False,
        help="From which amounts and ranks a customer is important or stable (S4-2, "
        "S4-3); the policy leaves them to the company.",
    )
    retention_class_ids = fields.One2many(
        "customer.retention.class",
        string="Retention Classes",
        compute="_compute_tables",
        readonly=False,
        context={"active_test": False},
        help="How long dossiers are kept, and from when on (S2-5, S2-21, S2-59).",
    )
    document_kind_ids = fields.One2many(
        "customer.document.kind",
        string="Document Kinds",
        compute="_compute_tables",
        readonly=False,
        context={"active_test": False},
        help="File plan (S2-34 to S2-36), and what a complete dossier has (S2-57).",
    )
    credit_grade_ids = fields.One2many(
        "customer.credit.grade",
        string="Credit Grades",
        compute="_compute_tables",
        readonly=False,
        context={"active_test": False},
        help="Grades a customer may have (S0-15), the best one first.",
    )

    _company_uniq = models.Constraint(
        "UNIQUE(company_id)", "The company has its page already."
    )
    _days_positive = models.Constraint(
        "CHECK(opening_days >= 0 AND entry_due_days >= 0 AND dormant_days > 0"
        " AND entry_breach_days >= entry_due_days AND update_days > 0"
        " AND fact_stale_days > 0 AND expiry_warning_days >= 0"
        " AND finding_days >= 0"
        " AND collect_months >= 0 AND volume_pages_at_once >= 0"
        " AND volume_keep_days > 0"
        " AND complaint_days >= 0 AND policy_review_months > 0)",
        "Deadlines are not negative, and a breach does not come before its deadline.",
    )
    _likeness_range = models.Constraint(
        "CHECK(name_likeness BETWEEN 10 AND 100)",
        "Names are alike by 10 to 100 percent.",
    )

    _complete_range = models.Constraint(
        "CHECK(complete_percent BETWEEN 0 AND 100)",
        "A dossier is complete from 0 to 100 percent on.",
    )
    _review_range = models.Constraint(
        "CHECK(inspection_percent > 0 AND inspection_percent <= 100"
        " AND LEAST(weight_completeness, weight_timeliness, weight_accuracy,"
        " weight_tidiness, weight_safety) >= 0)",
        "A sample is more than nothing and at most all; weights are not negative.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self.env["customer.dossier"]._recount_soon()
        return super().create(vals_list)

    def write(self, vals):
        self.env["customer.dossier"]._recount_soon()
        names = self._get_table_names()
        for name in names & vals.keys():
            self._write_table(name, vals[name])
        result = super().write({k: v for k, v in vals.items() if k not in names})
        self.invalidate_recordset(names)
        return result

    # ------------------------------------------------------------------
    # Tables
    # ------------------------------------------------------------------

    @api.model
    def _get_table_names(self):
        """Fields that are tables of other models, those of other addons too."""
        return {
            field.name
            for field in self._fields.values()
            if field.compute == "_compute_tables"
        }

    @api.depends("company_id")
    def _compute_policy_text_id(self):
        texts = self.env["customer.policy.text"].search(
            [("state", "=", "force"), ("company_id", "in", self.company_id.ids)]
        )
        for policy in self:
            own = texts.filtered(lambda text, p=policy: text.company_id == p.company_id)
            policy.policy_text_id = own[:1]

    @api.depends("company_id")
    def _compute_tables(self):
        for name in self._get_table_names():
            for policy in self:
                policy[name] = policy._find_rows(name)

    def _find_rows(self, name):
        """Rows of the table that hold for the company, archived ones too."""
        rows = self.env[self._fields[name].comodel_name]
        domain = Domain.TRUE
        if "company_id" in rows._fields:
            domain = Domain("company_id", "in", (self.company_id.id, False))
        return rows.with_context(active_test=False).search(domain)

    @api.model
    def _write_table(self, name, commands):
        """Do what was done in the table of the page, with the user's own rights."""
        rows = self.env[self._fields[name].comodel_name]
        by_code = {}
        for code, row_id, *vals in commands:  # the client leaves out what is empty
            by_code.setdefault(code, []).append((row_id, *vals))
        rows.create([vals for _row_id, vals in by_code.get(Command.CREATE, ())])
        for row_id, vals in by_code.get(Command.UPDATE, ()):
            rows.browse(row_id).write(vals)
        rows.browse(row_id for row_id, *_v in by_code.get(Command.DELETE, ())).unlink()

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Show the help of each number, and with it its clause, below the number."""
        arch, view = super()._get_view(view_id, view_type, **options)
        for setting in arch.iter("setting"):
            name = setting.find("field").get("name")
            setting.set("help", self._fields[name]._description_help(self.env))
        return arch, view

    @api.model
    def _get_policy(self, company):
        """The page of ``company``, or the defaults where it has none yet."""
        # sudo: the numbers of the policy are no secret; salespersons work by them
        policies = self.sudo()
        policy = policies.search([("company_id", "=", company.id)], limit=1)
        return policy or policies.new({"company_id": company.id})

    @api.model
    def _get_retention_default(self, event):
        # sudo: the terms of the policy are no secret
        classes = self.env["customer.retention.class"].sudo()
        return classes.search([("event", "=", event)], limit=1)

    @api.model
    def _get_public_hosts(self):
        """Domains of mail that belong to no customer, as a set."""
        return set((self._get_policy(self.env.company).public_hosts or "").split())

    @api.model
    def action_open(self):
        """Open the page of the current company, made at its first opening."""
        policies = self.env["customer.archive.policy"]
        policies.check_access("write")
        company = self.env.company
        policy = policies.search([("company_id", "=", company.id)], limit=1)
        policy = policy or policies.create({"company_id": company.id})
        self.env["customer.class.limit"]._make_missing(company)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Settings"),
            "res_model": self._name,
            "res_id": policy.id,
            "views": [(False, "form")],
        }
