from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    _inherit = "res.partner"

    # Guarded: what a user may not see in the archive is empty here, whoever
    # reads the contact and however. Never stored, never writable.
    dossier_id = fields.Many2one(
        "customer.dossier",
        compute="_compute_dossier_id",
        search="_search_dossier_id",
    )
    dossier_number = fields.Char(
        related="dossier_id.number", string="Dossier No.", related_sudo=False
    )
    dossier_state = fields.Selection(
        related="dossier_id.state", string="Dossier State", related_sudo=False
    )
    dossier_tier_id = fields.Many2one(
        related="dossier_id.tier_id", string="Tier", related_sudo=False
    )
    dossier_user_id = fields.Many2one(
        related="dossier_id.user_id", string="Account Owner", related_sudo=False
    )
    dossier_keeper_id = fields.Many2one(
        related="dossier_id.keeper_id", string="Archive Keeper", related_sudo=False
    )

    # ------------------------------------------------------------------
    # The guarded link
    # ------------------------------------------------------------------

    @api.model
    def _get_guarded_dossiers(self):
        """The dossier model as the current user sees it, or None without a right.

        ``sudo()`` of other code is undone, so that nothing it shows, stores or
        mails carries what its user may not see.
        """
        dossiers = self.env["customer.dossier"]._as_user()
        return dossiers if dossiers.has_access("read") else None

    @api.model
    def _get_dossier_domain(self):
        """The dossiers that contacts show: of the current company, not merged."""
        return Domain("company_id", "=", self.env.company.id) & Domain(
            "merged_into_id", "=", False
        )

    @api.depends("commercial_partner_id")
    @api.depends_context("uid", "company", "allowed_company_ids")
    def _compute_dossier_id(self):
        dossiers = self._get_guarded_dossiers()
        if dossiers is None:
            self.dossier_id = False
            return
        customers = self.commercial_partner_id._origin
        found = dossiers.search_fetch(
            self._get_dossier_domain() & Domain("partner_id", "in", customers.ids),
            [
                "partner_id",
                "number",
                "state",
                "tier_id",
                "tier_code",
                "user_id",
                "keeper_id",
            ],
        )
        by_customer = {dossier.partner_id.id: dossier.id for dossier in found}
        for partner in self:
            customer = partner.commercial_partner_id._origin
            partner.dossier_id = by_customer.get(customer.id, False)

    def _search_dossier_id(self, operator, value):
        """Find contacts by the dossiers the user sees; never raises for the others."""
        if operator == "in":
            wanted = Domain("id", "in", [v for v in value if v])
            domain = self._search_on_dossiers(wanted)
            if False in value:
                domain |= ~self._search_on_dossiers(Domain.TRUE)
            return domain
        if operator in ("any", "any!"):
            return self._search_on_dossiers(Domain(value))
        return NotImplemented

    @api.model
    def _search_on_dossiers(self, domain):
        """Domain of the contacts whose customer has a visible dossier in ``domain``."""
        dossiers = self._get_guarded_dossiers()
        if dossiers is None or domain.is_false():
            return Domain.FALSE
        domain &= self._get_dossier_domain()

        def to_sql(model, alias, query):
            # EXISTS lets a page stop at its last row
            found = dossiers._search(domain)
            if found.is_empty():
                return SQL("FALSE")
            found.add_where(
                SQL(
                    "%s = %s",
                    SQL.identifier(found.table, "partner_id"),
                    model._field_to_sql(alias, "commercial_partner_id", query),
                )
            )
            return SQL("EXISTS(%s)", found.select(SQL("1")))

        def predicate(partner):
            return bool(partner.dossier_id.filtered_domain(domain))

        return Domain.custom(to_sql=to_sql, predicate=predicate)

    # ------------------------------------------------------------------
    # Dossiers stay with their customer
    # ------------------------------------------------------------------

    @api.constrains("parent_id", "is_company")
    def _check_keeps_dossier(self):
        """Keep a customer with a dossier from becoming a contact of another."""
        moved = self.filtered(lambda p: p != p.commercial_partner_id)
        if dossier := moved._find_any_dossier():
            raise ValidationError(
                self.env._(
                    "%(customer)s has dossier %(number)s and can't become a contact "
                    "of another customer.",
                    customer=dossier.partner_id.name,
                    number=dossier.number,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_on_file(self):
        if dossier := self._find_any_dossier():
            raise UserError(
                self.env._(
                    "%(customer)s has dossier %(number)s and can't be deleted. "
                    "Archive the contact instead.",
                    customer=dossier.partner_id.name,
                    number=dossier.number,
                )
            )
        # sudo: asks whether a deletion would break the archive, tells no more
        persons = self.env["customer.key.person"].sudo()
        if persons.search_count([("partner_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("These contacts are still needed. Archive them instead.")
            )

    def _find_any_dossier(self):
        """A dossier, of any company, of one of these very contacts, as superuser."""
        # sudo: that a dossier exists, its number and customer are no secret
        dossiers = self.env["customer.dossier"].sudo().with_context(active_test=False)
        if not self.ids:
            return dossiers
        return dossiers.search([("partner_id", "in", self.ids)], limit=1)

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_open_dossier(self):
        """Open the customer's dossier, or a new one for him.

        :raises UserError: with number and keeper, when the dossier is not open
            to the user (S4-27)
        """
        self.ensure_one()
        dossiers = self.env["customer.dossier"]
        dossiers.check_access("read")
        if not self.dossier_id:
            vals = {"partner_id": self.commercial_partner_id.id}
            dossiers._check_not_on_file([vals])
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dossier"),
            "res_model": "customer.dossier",
            "res_id": self.dossier_id.id,
            "views": [(False, "form")],
            "context": {"default_partner_id": self.commercial_partner_id.id},
        }

    def action_log_fact(self):
        """Ask in three fields what was learned about the customer (S2-23)."""
        self.ensure_one()
        return self.dossier_id.action_log_fact()
