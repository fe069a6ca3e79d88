from odoo import api, fields, models


class CustomerDossier(models.Model):
    """What the paper form asks for (S0-10 to S0-15, S2-53), and what is missing."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    # Profile: S0-10. Name and address are the contact's own, and open to those to
    # whom the contact is.
    partner_name = fields.Char(
        related="partner_id.complete_name",
        string="Customer Name",
        store=True,
        index="trigram",
        help="Kept here too, so that a million names are searched by an index.",
    )
    partner_street = fields.Char(
        related="partner_id.street", string="Address", related_sudo=False
    )
    partner_city = fields.Char(
        related="partner_id.city", string="City", related_sudo=False
    )
    partner_zip = fields.Char(
        related="partner_id.zip", string="Postal Code", related_sudo=False
    )
    partner_phone = fields.Char(
        related="partner_id.phone", string="Phone", related_sudo=False
    )
    partner_email = fields.Char(
        related="partner_id.email", string="E-mail", related_sudo=False
    )
    partner_website = fields.Char(
        related="partner_id.website", string="Website", related_sudo=False
    )
    country_id = fields.Many2one(
        related="partner_id.country_id", store=True, index="btree_not_null"
    )
    industry_id = fields.Many2one(
        related="partner_id.industry_id", store=True, index="btree_not_null"
    )
    fax = fields.Char()
    founding_date = fields.Date(string="Founded On")
    registered_capital = fields.Monetary()
    shareholders = fields.Text(string="Main Shareholders")
    proprietor = fields.Char(help="Owner of the customer's business (S2-53).")
    asset_amount = fields.Monetary(string="Assets")
    bank_name = fields.Char(string="Bank")
    bank_account = fields.Char()

    # Business: S0-12, S0-13, S2-53
    employee_count = fields.Integer(string="Employees")
    domestic_employee_count = fields.Integer(string="Domestic Employees")
    foreign_employee_count = fields.Integer(string="Foreign Employees")
    company_nature = fields.Selection(
        [
            ("listed", "Listed Company"),
            ("private_limited", "Private Limited Company"),
            ("joint_venture", "Sino-Foreign Joint Venture"),
            ("foreign_owned", "Wholly Foreign-Owned"),
            ("state_owned", "State-Owned"),
        ],
    )
    industry_position = fields.Selection(
        [
            ("leader", "Leader"),
            ("influential", "Influential"),
            ("medium", "Medium"),
            ("small", "Small Manufacturer"),
            ("other", "Other"),
        ],
    )
    main_business = fields.Text()
    side_business = fields.Text()
    service_area = fields.Char()
    sales_ability = fields.Text()
    potential = fields.Text(string="Development Potential")
    culture = fields.Text(string="Company Culture")
    business_policy = fields.Text()
    sales_record = fields.Text()
    staff_quality = fields.Text(string="Quality of Management and Staff")
    competitor_relations = fields.Text(string="Relations With Competitors")
    our_relations = fields.Text(string="Relations With Us")
    cooperation_attitude = fields.Text(string="Attitude to Cooperation")

    # Dealings with us: S0-14, S0-15, S2-53
    first_deal_date = fields.Date(string="First Dealing On")
    credit_grade_id = fields.Many2one("customer.credit.grade")
    credit_history = fields.Text(string="Past Credit Problems")
    trade_terms = fields.Text(string="Terms of Trade")
    trade_activity = fields.Text(string="State of Dealings")
    problems = fields.Text(string="Open Problems")
    advantages = fields.Text(string="Our Strengths in Trade")
    disadvantages = fields.Text(string="Our Weaknesses and Remedies")
    strategy = fields.Text(string="Our Strategy")
    reputation = fields.Text()
    note = fields.Text(string="Remarks")

    # Completeness
    completeness = fields.Integer(
        string="Completeness (%)",
        compute="_compute_completeness",
        store=True,
        aggregator="avg",
        help="Share of the items of the paper form that are filled in (S0).",
    )
    missing_items = fields.Char(compute="_compute_missing_items")

    _counts_positive = models.Constraint(
        "CHECK(employee_count >= 0 AND domestic_employee_count >= 0"
        " AND foreign_employee_count >= 0)",
        "A number of employees can't be negative.",
    )

    @api.model
    def _get_required_fields(self):
        """Names of the fields the paper form asks for (S0-10 to S0-15)."""
        return [
            "partner_street",
            "partner_phone",
            "partner_email",
            "founding_date",
            "registered_capital",
            "shareholders",
            "bank_name",
            "bank_account",
            "employee_count",
            "company_nature",
            "industry_position",
            "main_business",
            "yearly_figure_ids",
            "credit_grade_id",
            "advantages",
            "disadvantages",
        ]

    @api.model
    def _get_required_capacities(self):
        """Capacities of S0-11, each of which needs a key person."""
        return ["legal_representative", "principal", "main_contact"]

    @api.depends(lambda self: [*self._get_required_fields(), "person_ids.capacity"])
    def _compute_completeness(self):
        total = len(self._get_required_fields() + self._get_required_capacities())
        for dossier in self:
            missing = len(dossier._get_missing_labels())
            dossier.completeness = round(100 * (total - missing) / total)

    @api.depends(lambda self: [*self._get_required_fields(), "person_ids.capacity"])
    @api.depends_context("lang")
    def _compute_missing_items(self):
        separator = self.env._(", ")
        for dossier in self:
            dossier.missing_items = separator.join(dossier._get_missing_labels())

    def _get_missing_labels(self):
        """Labels, in the reader's language, of the form's items still empty."""
        self.ensure_one()
        labels = [
            self._fields[name]._description_string(self.env)
            for name in self._get_required_fields()
            if not self[name]
        ]
        known = set(self.person_ids.mapped("capacity"))
        capacity = self.env["customer.key.person"]._fields["capacity"]
        capacities = dict(capacity._description_selection(self.env))
        labels += [
            capacities[code]
            for code in self._get_required_capacities()
            if code not in known
        ]
        return labels
