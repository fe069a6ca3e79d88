from odoo import api, fields, models
from odoo.fields import Domain

# What the values of a section are: a model and its name, or a list of a dossier.
VALUES = {
    "country": ("res.country", "country_id"),
    "region": ("res.country.state", "country_state_id"),
    "industry": ("res.partner.industry", "industry_id"),
    "nature": (None, "company_nature"),
    "tier": ("customer.tier", "tier_id"),
    "class": (None, "customer_class"),
    "team": ("crm.team", "team_id"),
}


class CustomerAnalysisLine(models.Model):
    """The figures of one part of the customers; names no customer (S4-11 to S4-14)."""

    _name = "customer.analysis.line"
    _description = "Figures of an Analysis"
    _order = "section_rank, customer_count desc, id"

    analysis_id = fields.Many2one(
        "customer.analysis", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="analysis_id.currency_id")
    section = fields.Selection(
        [
            ("total", "All Customers"),
            ("country", "Country"),
            ("region", "Region"),
            ("industry", "Industry"),
            ("nature", "Nature"),
            ("tier", "Tier"),
            ("class", "Class"),
            ("team", "Sales Team"),
        ],
        required=True,
        readonly=True,
    )
    section_rank = fields.Integer(
        compute="_compute_section_rank", store=True, aggregator=None
    )
    value = fields.Char(readonly=True)
    name = fields.Char(string="Part", compute="_compute_name")
    label = fields.Char(
        string="Part of the Customers",
        readonly=True,
        help="In the language of whoever drew the analysis up; for graphs.",
    )
    customer_count = fields.Integer(string="Customers", readonly=True)
    customer_share = fields.Float(
        string="Of All (%)", digits=(5, 1), readonly=True, aggregator="avg"
    )
    buyer_count = fields.Integer(
        string="Buyers", readonly=True, help="Customers with a deal in the period."
    )
    deal_count = fields.Integer(string="Deals", readonly=True)
    amount = fields.Monetary(readonly=True)
    amount_share = fields.Float(
        string="Of the Amount (%)", digits=(5, 1), readonly=True, aggregator="avg"
    )
    previous_amount = fields.Monetary(
        string="Period Before",
        readonly=True,
        help="Amount of the equally long period before.",
    )
    growth = fields.Float(
        string="Growth (%)", digits=(9, 1), readonly=True, aggregator="avg"
    )
    satisfaction = fields.Float(digits=(3, 2), readonly=True, aggregator="avg")
    complaint_count = fields.Integer(string="Complaints", readonly=True)
    candidate_count = fields.Integer(
        string="Upgrade Candidates",
        readonly=True,
        help="Customers the last evaluation names for a better tier.",
    )

    def _is_unknown(self, name):
        """Whether a figure has nothing to stand on: no rating, nothing sold before."""
        basis = {"satisfaction": "satisfaction", "growth": "previous_amount"}
        return name in basis and not self[basis[name]]

    @api.depends("section")
    def _compute_section_rank(self):
        sections = [code for code, _name in self._fields["section"].selection]
        for line in self:
            line.section_rank = sections.index(line.section) if line.section else 0

    @api.depends("section", "value")
    @api.depends_context("lang")
    def _compute_name(self):
        for line in self:
            line.name = line._get_value_name()

    def _get_value_name(self):
        if self.section == "total":
            return dict(self._fields["section"]._description_selection(self.env))[
                "total"
            ]
        if not self.value:
            return self.env._("Unknown")
        model_name, field_name = VALUES[self.section]
        if model_name:
            # sudo: names of regions, industries, tiers and teams are no secret
            record = self.env[model_name].sudo().browse(int(self.value)).exists()
            return record.display_name or self.env._("Unknown")
        field = self.env["customer.dossier"]._fields[field_name]
        return dict(field._description_selection(self.env)).get(self.value, self.value)

    def action_open_customers(self):
        """The customers of this part, as far as they are open to the reader."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_archive.customer_dossier_action"
        )
        if self.section == "class":
            action["views"] = self._get_class_views()
        return {
            **action,
            # what the browser shows before the name of the action
            "display_name": self.name,
            "domain": [*self._get_customer_domain()],
            "context": {"reported_class": self.value},
        }

    def _get_class_views(self):
        """What the policy wants to know of a class (S4-12 to S4-14)."""
        view = self.env.ref("customer_archive.customer_dossier_view_list_reported")
        return [(view.id, "list"), (False, "kanban"), (False, "form")]

    def _get_customer_domain(self):
        domain = Domain(self.analysis_id._get_population())
        if self.section == "total":
            return domain
        model_name, field_name = VALUES[self.section]
        value = int(self.value) if model_name and self.value else self.value
        return domain & Domain(field_name, "=", value or False)
