from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class CustomerFact(models.Model):
    """What was learned about a customer, and what it means for us (S1-40)."""

    _name = "customer.fact"
    _inherit = ["customer.dossier.item", "customer.strikeable"]
    _description = "Fact"
    _order = "learned_date desc, id desc"

    information = fields.Text(required=True, help="What do we know about the customer?")
    implication = fields.Text(help="What does it mean for us?")
    topic = fields.Selection(
        [
            ("overview", "Customer Overview"),
            ("market", "Industry and Market"),
            ("plans", "Short and Long Term Plans"),
            ("organisation", "Organisation and Management"),
            ("investment", "Investment Plans"),
        ],
        required=True,
        default="overview",
        help="Row of annex 5.",
    )
    source_level = fields.Selection(
        [
            ("1", "1: Published by the Customer"),
            ("2", "2: Published About the Customer"),
            ("3", "3: Contacts at or Near the Customer"),
            ("4", "4: Insiders Who Want Us to Win"),
        ],
        help="How near the source is, from annual reports (1) to insiders (4): "
        "S1-9 to S1-12.",
    )
    source_channel = fields.Selection(
        [
            ("online", "Online"),
            ("publicity", "Publicity and Product Advertisements"),
            ("records", "Transaction Records"),
            ("association", "Industry Association or Authority"),
            ("visit", "Surveys and Visits of Sales Representatives"),
            ("form", "Form Filled In by the Customer"),
            ("agency", "Commissioned Survey Agency"),
            ("other", "Other"),
        ],
        string="Channel",
        help="How the information was collected (S0-3).",
    )
    person_id = fields.Many2one(
        "customer.key.person",
        string="Learned From",
        index="btree_not_null",
        domain="[('dossier_id', '=', dossier_id)]",
    )
    learned_date = fields.Date(
        string="Learned On", required=True, default=fields.Date.context_today
    )
    is_major = fields.Boolean(
        string="Major", help="Told to the superior and the archivist at once (S1-14)."
    )
    entry_days = fields.Integer(
        string="Entered After (Days)", compute="_compute_entry", store=True
    )
    entry_state = fields.Selection(
        [("in_time", "In Time"), ("late", "Late"), ("breach", "Breach")],
        compute="_compute_entry",
        store=True,
        help="Entered within a day; a breach after two (S0-28).",
    )
    is_stale = fields.Boolean(
        compute="_compute_is_stale", search="_search_is_stale", help="See S3-14."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Entered By",
        default=lambda self: self.env.user,
        readonly=True,
    )

    _learned_idx = models.Index("(learned_date DESC, id DESC)")

    @api.constrains("person_id", "dossier_id")
    def _check_person(self):
        for fact in self:
            if fact.person_id and fact.person_id.dossier_id != fact.dossier_id:
                raise ValidationError(
                    self.env._("A fact is learned from a person of the same dossier.")
                )

    @api.depends("learned_date", "create_date", "dossier_id.company_id")
    def _compute_entry(self):
        policies = self.env["customer.archive.policy"]
        for company, facts in self.grouped(lambda f: f.dossier_id.company_id).items():
            policy = policies._get_policy(company)
            for fact in facts:
                fact._judge_entry(policy)

    def _judge_entry(self, policy):
        """Whether the fact was entered in time, by the numbers of ``policy``."""
        entered = fields.Date.context_today(self, self.create_date or None)
        days = (entered - self.learned_date).days if self.learned_date else 0
        self.entry_days = days
        if days <= policy.entry_due_days:
            self.entry_state = "in_time"
        elif days <= policy.entry_breach_days:
            self.entry_state = "late"
        else:
            self.entry_state = "breach"

    @api.depends("learned_date")
    def _compute_is_stale(self):
        limit = self._get_stale_limit()
        for fact in self:
            fact.is_stale = bool(fact.learned_date) and fact.learned_date < limit

    def _search_is_stale(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("learned_date", "<", self._get_stale_limit())

    @api.model
    def _get_stale_limit(self):
        policy = self.env["customer.archive.policy"]._get_policy(self.env.company)
        return fields.Date.context_today(self) - timedelta(days=policy.fact_stale_days)

    @api.model_create_multi
    def create(self, vals_list):
        facts = super().create(vals_list)
        facts.filtered("is_major")._announce_major()
        facts.dossier_id._touch()
        return facts

    def write(self, vals):
        announced = self.filtered("is_major")
        result = super().write(vals)
        (self.filtered("is_major") - announced)._announce_major()
        return result

    def _announce_major(self):
        """Put major news on the desks of superior and archivist (S1-14, S4-18)."""
        for dossier in self.dossier_id:
            dossier._raise_activity(
                "customer_archive.mail_activity_type_major",
                dossier._get_superiors() | dossier.keeper_id,
            )

    def _get_item_name(self):
        return f"{self.dossier_id.number} ({self.learned_date})"
