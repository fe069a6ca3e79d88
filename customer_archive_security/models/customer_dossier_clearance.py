from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.customer_archive.models.customer_dossier import (
    CustomerDossier as Dossier,
)


class CustomerDossier(models.Model):
    """The hard limit of the lock: clearance by tier and by secrecy, and live loans."""

    _inherit = "customer.dossier"

    _moving_fields = Dossier._moving_fields | {"secrecy_id"}
    _ground_conditions = Dossier._ground_conditions | {
        "is_cleared",
        "is_lent",
        "is_rank_cleared",
        "is_undertaken",
    }

    secrecy_id = fields.Many2one(
        "customer.secrecy",
        index="btree_not_null",
        default=lambda self: self._get_default_secrecy(),
        help="Proposed by customer service, approved by the leaders (S4-5, S4-15).",
    )
    is_cleared = fields.Boolean(
        string="Cleared for Me",
        compute="_compute_is_cleared",
        search="_search_is_cleared",
        help="My groups hold the clearance that tier and secrecy ask for, or the "
        "dossier is lent to me.",
    )
    is_rank_cleared = fields.Boolean(
        string="Cleared by Rank",
        compute="_compute_is_cleared",
        search="_search_is_rank_cleared",
        help="My groups hold the clearance that tier and secrecy ask for: what is lent "
        "is read, not changed (S3-13).",
    )
    is_lent = fields.Boolean(
        string="Lent to Me", compute="_compute_is_lent", search="_search_is_lent"
    )
    is_own_account = fields.Boolean(
        string="Of My Account",
        compute="_compute_is_own_account",
        search="_search_is_own_account",
        help="I own the account, supervise it, or am its archive keeper.",
    )

    # What an owner or a supervisor sees is counted off an index, which holds whatever
    # the rules compare.
    _owner_lock_idx = models.Index(
        "(user_id, number, id) INCLUDE (company_id, team_id, tier_id, secrecy_id)"
        " WHERE active IS TRUE"
    )
    _team_lock_idx = models.Index(
        "(team_id, number, id) INCLUDE (company_id, user_id, tier_id, secrecy_id)"
        " WHERE active IS TRUE"
    )

    @api.model
    def _get_default_secrecy(self):
        # sudo: the grade of new dossiers is no secret
        grades = self.env["customer.secrecy"].sudo()
        return grades.search([("is_default", "=", True)], limit=1)

    @api.model
    def _get_rank_cleared_domain(self):
        user = self.env.user
        graded = self.env["customer.tier"]._get_cleared_domain(user)
        return graded & self.env["customer.secrecy"]._get_cleared_domain(user)

    @api.model
    def _get_cleared_domain(self):
        graded = self._get_rank_cleared_domain()
        return graded if graded.is_true() else graded | self._get_lent_domain()

    @api.model
    def _get_lent_domain(self):
        # only narrows: whoever sets it sees less
        if self.env.context.get("archive_without_loans"):
            return Domain.FALSE
        # Ids instead of a sub-query: under the OR of the rules a sub-query would make
        # PostgreSQL read the whole table.
        lent_ids = self.env["customer.loan"]._get_lent_ids(self.env.user)
        return Domain("id", "in", lent_ids) if lent_ids else Domain.FALSE

    @api.model
    def _get_own_account_domain(self):
        user_id = self.env.uid
        return (
            Domain("user_id", "=", user_id)
            | Domain("keeper_id", "=", user_id)
            | Domain("is_supervised", "=", True)
        )

    @api.depends("tier_id", "secrecy_id", "user_id")
    @api.depends_context("uid")
    def _compute_is_cleared(self):
        self._compute_by_domain("is_cleared", self._get_cleared_domain())
        self._compute_by_domain("is_rank_cleared", self._get_rank_cleared_domain())

    @api.depends_context("uid")
    def _compute_is_lent(self):
        self._compute_by_domain("is_lent", self._get_lent_domain())

    @api.depends("user_id", "keeper_id", "team_id")
    @api.depends_context("uid")
    def _compute_is_own_account(self):
        self._compute_by_domain("is_own_account", self._get_own_account_domain())

    def _compute_by_domain(self, name, domain):
        # sudo: compares columns, tells yes or no
        matching = self.sudo().filtered_domain(domain)
        for dossier in self:
            dossier[name] = dossier.sudo() in matching

    def _search_is_cleared(self, operator, value):
        return self._get_cleared_domain() if operator == "in" else NotImplemented

    def _search_is_rank_cleared(self, operator, value):
        return self._get_rank_cleared_domain() if operator == "in" else NotImplemented

    def _search_is_lent(self, operator, value):
        return self._get_lent_domain() if operator == "in" else NotImplemented

    def _search_is_own_account(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_own_account_domain()
