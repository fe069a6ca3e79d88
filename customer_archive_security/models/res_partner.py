from odoo import api, fields, models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    _inherit = "res.partner"

    # The stub: what any of us may know of a dossier that is closed to him. Not stored,
    # not searched, and nothing for portal users.
    dossier_stub_number = fields.Char(
        string="Number of the Dossier",
        compute="_compute_dossier_stub",
        groups="base.group_user",
    )
    dossier_stub_keeper = fields.Char(
        string="Kept By", compute="_compute_dossier_stub", groups="base.group_user"
    )
    dossier_stub_tier = fields.Char(
        string="Tier of the Dossier",
        compute="_compute_dossier_stub",
        groups="base.group_user",
    )
    dossier_stub_state = fields.Selection(
        [("open", "Open to Me"), ("asked", "Asked For"), ("closed", "Closed to Me")],
        string="Access to the Dossier",
        compute="_compute_dossier_stub",
        groups="base.group_user",
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("uid", "company", "allowed_company_ids")
    def _compute_dossier_stub(self):
        closed = self.filtered(lambda partner: not partner.dossier_id)
        stubs = closed._find_stubs()
        asked = self._get_asked_ids(stubs)
        by_customer = {stub.partner_id.id: stub for stub in stubs}
        for partner in self:
            customer = partner.commercial_partner_id._origin
            stub = partner.dossier_id or by_customer.get(customer.id, stubs.browse())
            # sudo: number, keeper and tier letter are what anybody may know
            stub = stub.sudo()
            partner.dossier_stub_number = stub.number
            partner.dossier_stub_keeper = stub.keeper_id.name
            partner.dossier_stub_tier = stub.tier_code
            partner.dossier_stub_state = stub and (
                "open"
                if partner.dossier_id
                else "asked"
                if stub.id in asked
                else "closed"
            )

    def _find_stubs(self):
        """Dossiers of these customers, as superuser, for their stub alone."""
        # sudo: number, keeper and tier letter are what anybody may know of a dossier
        dossiers = self.env["customer.dossier"].sudo()
        customers = self.commercial_partner_id._origin
        if not customers:
            return dossiers
        return dossiers.search_fetch(
            [*self._get_dossier_domain(), ("partner_id", "in", customers.ids)],
            ["partner_id", "number", "keeper_id", "tier_code"],
        )

    @api.model
    def _get_asked_ids(self, dossiers):
        """Ids of the dossiers the user has asked for, without an answer yet."""
        if not dossiers:
            return set()
        # sudo: one's own requests
        loans = self.env["customer.loan"].sudo()
        asked = loans.search_fetch(
            [
                ("user_id", "=", self.env.uid),
                ("dossier_id", "in", dossiers.ids),
                ("state", "=", "requested"),
            ],
            ["dossier_id"],
        )
        return set(asked.dossier_id.ids)

    def action_request_dossier(self):
        """Ask for the customer's dossier (S3-10, S3-12).

        :raises UserError: where there is none
        """
        self.ensure_one()
        self.check_access("read")
        if not self._find_stubs():
            raise UserError(self.env._("There is no dossier of this customer."))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_archive_security.customer_loan_request_action"
        )
        context = {"default_partner_id": self.commercial_partner_id.id}
        return {**action, "context": context}
