from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import join_texts

# What the items of completeness may ask for: the paper form, and what it stands on.
COUNTABLE_FIELDS = (
    "advantages asset_amount bank_account bank_name business_policy company_nature "
    "competitor_relations cooperation_attitude country_id credit_grade_id "
    "credit_history culture demand_plan disadvantages employee_count fact_ids fax "
    "first_contact_date first_deal_date founding_date industry_id industry_position "
    "keeper_id main_business national_rank our_relations partner_city partner_email "
    "partner_phone partner_street partner_website partner_zip person_ids potential "
    "potential_amount problems proprietor purchasing_process registered_capital "
    "reputation sales_ability sales_record service_area shareholders side_business "
    "staff_quality strategy team_id tier_id trade_activity trade_terms "
    "transaction_ids user_id yearly_figure_ids"
).split()


class CustomerDossier(models.Model):
    """What the paper form asks for (S0-10 to S0-15, S2-53), and what is missing."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    # Profile: S0-10. Name and address are the contact's own, and open to those to
    # whom the contact is; written here, they are written on the contact, as the user.
    partner_name = fields.Char(
        related="partner_id.complete_name",
        string="Customer Name",
        store=True,
        index="trigram",
        help="Kept here too, so that a million names are searched by an index.",
    )
    partner_street = fields.Char(
        related="partner_id.street",
        string="Address",
        related_sudo=False,
        readonly=False,
    )
    partner_city = fields.Char(
        related="partner_id.city", string="City", related_sudo=False, readonly=False
    )
    partner_zip = fields.Char(
        related="partner_id.zip",
        string="Postal Code",
        related_sudo=False,
        readonly=False,
    )
    partner_phone = fields.Char(
        related="partner_id.phone", string="Phone", related_sudo=False, readonly=False
    )
    partner_email = fields.Char(
        related="partner_id.email", string="E-mail", related_sudo=False, readonly=False
    )
    partner_website = fields.Char(
        related="partner_id.website",
        string="Website",
        related_sudo=False,
        readonly=False,
    )
    country_id = fields.Many2one(
        related="partner_id.country_id",
        store=True,
        readonly=False,
        index="btree_not_null",
    )
    country_state_id = fields.Many2one(
        related="partner_id.state_id",
        string="Region",
        store=True,
        index="btree_not_null",
        help="State or province of the customer (S2-24).",
    )
    industry_id = fields.Many2one(
        related="partner_id.industry_id",
        store=True,
        readonly=False,
        index="btree_not_null",
    )
    is_contact_writable = fields.Boolean(
        compute="_compute_is_contact_writable",
        help="Whether I may change the customer's contact.",
    )
    fax = fields.Char()
    founding_date = fields.Date(string="Founded On")
    registered_capital = fields.Monetary()
    shareholders = fields.Text(string="Main Shareholders")
    proprietor = fields.Char(help="Owner of the customer's business (S2-53).")
    asset_amount = fields.Monetary(string="Assets")
    bank_name = fields.Char(string="Bank")
    bank_account = fields.Char()

    # Where the customer stands: S2-52, S3-15
    lifecycle = fields.Selection(
        [("future", "Future"), ("present", "Present"), ("past", "Past")],
        default="present",
        help="Whether the customer is still to be won, buys, or bought once.",
    )
    relation_type = fields.Selection(
        [("direct", "Direct"), ("indirect", "Indirect")],
        string="Relation",
        default="direct",
        help="Whether the customer buys from us or through somebody else.",
    )
    intelligence_user_id = fields.Many2one(
        "res.users",
        string="News Gathered By",
        check_company=True,
        domain=[("share", "=", False)],
        help="The named person who follows trade press and website (S0-20).",
    )
    preferences = fields.Text(help="What the customer likes and how (S2-39).")

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
    # S1-6
    purchasing_process = fields.Text(
        help="Who asks for it, who compares, who decides, and how long it takes."
    )
    demand_plan = fields.Text(
        string="Investment and Demand Plan",
        help="What the customer means to invest in, and will need of us.",
    )

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
        help="Share of the required items that are there (S1-7, S1-22).",
    )
    is_incomplete = fields.Boolean(
        string="Incomplete",
        compute="_compute_is_incomplete",
        search="_search_is_incomplete",
    )
    missing_items = fields.Char(compute="_compute_missing_items")
    missing_codes = fields.Char(compute="_compute_missing_items")

    _counts_positive = models.Constraint(
        "CHECK(employee_count >= 0 AND domestic_employee_count >= 0"
        " AND foreign_employee_count >= 0)",
        "A number of employees can't be negative.",
    )

    @api.depends("partner_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_contact_writable(self):
        contacts = self.partner_id.sudo(False)
        writable = contacts._filtered_access("read")._filtered_access("write")
        for dossier in self:
            dossier.is_contact_writable = dossier.partner_id in writable

    @api.depends(*COUNTABLE_FIELDS, "person_ids.capacity", "person_ids.active")
    def _compute_completeness(self):
        items = self._get_required_items()
        for dossier in self:
            asked = items.filtered(lambda item, d=dossier: item._applies_to(d))
            missing = asked.filtered(lambda item, d=dossier: not item._is_met_by(d))
            dossier.completeness = (
                100 * (len(asked) - len(missing)) // len(asked) if asked else 100
            )

    @api.depends("completeness", "company_id")
    def _compute_is_incomplete(self):
        for policy, dossiers in self._group_by_policy():
            for dossier in dossiers:
                dossier.is_incomplete = dossier.completeness < policy.complete_percent

    def _search_is_incomplete(self, operator, value):
        if operator != "in":
            return NotImplemented
        policies = self.env["customer.archive.policy"]
        return Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain(
                "completeness", "<", policies._get_policy(company).complete_percent
            )
            for company in self.env.companies
        )

    @api.depends("completeness")
    @api.depends_context("lang")
    def _compute_missing_items(self):
        items = self._get_required_items()
        for dossier in self:
            missing = items.filtered(
                lambda item, d=dossier: item._applies_to(d) and not item._is_met_by(d)
            )
            dossier.missing_items = join_texts(self.env, missing.mapped("name"))
            # between slashes, so that a view finds a whole code
            dossier.missing_codes = "".join(
                f"/{code}/" for code in missing.mapped("code")
            )

    @api.model
    def _get_required_items(self):
        # sudo: the table is a setting; what it asks for is no secret
        # a few dozen rows at most: pylint: disable=no-search-all
        return self.env["customer.completeness.item"].sudo().search([])

    def action_fill_missing(self):
        """Ask for what is missing now, and for nothing else."""
        self.ensure_one()
        self.check_access("write")
        view = self.env.ref("customer_archive.customer_dossier_view_form_missing")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Still Missing"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(view.id, "form")],
            "target": "new",
            # as it is now: what is filled in shall not vanish under the hand
            "context": {"missing_codes": self.missing_codes},
        }
