from odoo import api, fields, models


class CustomerArchivePolicy(models.Model):
    """The numbers of the company's policy: deadlines and limits, one page a company."""

    _name = "customer.archive.policy"
    _description = "Archive Policy"
    _rec_name = "company_id"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    opening_days = fields.Integer(
        string="Open Within (Days)",
        default=7,
        help="From the first contact to the filed dossier: one week (S2-1).",
    )
    entry_due_days = fields.Integer(
        string="Enter Within (Days)",
        default=1,
        help="New information is entered within one day (S0-28).",
    )
    entry_breach_days = fields.Integer(
        string="Entry Breached After (Days)",
        default=2,
        help="Never later than two days (S0-28).",
    )
    update_days = fields.Integer(
        string="Update Interval Without Tier (Days)",
        default=365,
        help="Each dossier is checked once a year at least (S4-17). A tier may ask "
        "for more.",
    )
    dormant_days = fields.Integer(
        string="Dormant After (Days)",
        default=365,
        help="Customers nobody had contact with for so long are proposed for closing "
        "(S2-46).",
    )
    fact_stale_days = fields.Integer(
        string="Information Stale After (Days)",
        default=180,
        help="Older information is shown as stale (S3-14).",
    )
    name_likeness = fields.Integer(
        string="Likeness of Names (%)",
        default=45,
        help="Whoever opens a dossier is warned of customers on file whose names are "
        "so much alike, legal forms left out (S4-27). Less warns of more, also of "
        "customers who merely sound alike.",
    )
    public_hosts = fields.Text(
        string="Public Mail Hosts",
        default="qq.com 163.com 126.com sina.com sohu.com foxmail.com aliyun.com "
        "139.com gmail.com outlook.com hotmail.com live.com icloud.com yahoo.com",
        help="Domains many customers share; they say nothing about who is who.",
    )

    _company_uniq = models.Constraint(
        "UNIQUE(company_id)", "The company has its page already."
    )
    _days_positive = models.Constraint(
        "CHECK(opening_days >= 0 AND entry_due_days >= 0 AND dormant_days > 0"
        " AND entry_breach_days >= entry_due_days AND update_days > 0"
        " AND fact_stale_days > 0)",
        "Deadlines are not negative, and a breach does not come before its deadline.",
    )
    _likeness_range = models.Constraint(
        "CHECK(name_likeness BETWEEN 10 AND 100)",
        "Names are alike by 10 to 100 percent.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self.env["customer.dossier"]._recount_soon()
        return super().create(vals_list)

    def write(self, vals):
        self.env["customer.dossier"]._recount_soon()
        return super().write(vals)

    @api.model
    def _get_policy(self, company):
        """The page of ``company``, or the defaults where it has none yet."""
        # sudo: the numbers of the policy are no secret; salespersons work by them
        policies = self.sudo()
        policy = policies.search([("company_id", "=", company.id)], limit=1)
        return policy or policies.new({"company_id": company.id})

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
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Deadlines and Limits"),
            "res_model": self._name,
            "res_id": policy.id,
            "views": [(False, "form")],
        }
