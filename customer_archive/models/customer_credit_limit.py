from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerDossier(models.Model):
    """The credit a customer is given by his grade (赊销额度: S4-5), and breaches."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    credit_proposal = fields.Monetary(
        string="Credit Limit by Grade",
        compute="_compute_credit_proposal",
        help="What customers of this grade are given (S4-5).",
    )
    credit_limit = fields.Monetary(
        help="What this customer is given. Where Odoo's accounting is installed it can "
        "be taken over into the contact (S4-5).",
    )
    breach_count = fields.Integer(
        string="Breaches",
        compute="_compute_breach_count",
        help="Deals on file in which the customer broke the agreement (S4-5).",
    )

    @api.depends("credit_grade_id.credit_limit")
    def _compute_credit_proposal(self):
        for dossier in self:
            dossier.credit_proposal = dossier.credit_grade_id.credit_limit

    @api.depends("transaction_ids.active", "transaction_ids.is_breach")
    def _compute_breach_count(self):
        groups = self.env["customer.transaction"]._read_group(
            [("dossier_id", "in", self.ids), ("is_breach", "=", True)],
            ["dossier_id"],
            ["__count"],
        )
        counts = {dossier.id: count for dossier, count in groups}
        for dossier in self:
            dossier.breach_count = counts.get(dossier.id, 0)

    def action_take_proposal(self):
        """Give these customers what their grade says."""
        for dossier in self:
            dossier.credit_limit = dossier.credit_proposal

    def action_set_partner_limit(self):
        """Take the limits over into Odoo's own credit limit (S4-5).

        :raises UserError: where accounting is not installed, or credit is others'
        """
        self.check_access("write")
        for company in self.company_id:
            self._check_credit_right(company)
        if "credit_limit" not in self.env["res.partner"]._fields:
            raise UserError(
                self.env._("Odoo keeps credit limits once its accounting is installed.")
            )
        for dossier in self:
            # sudo: the limit of a contact is the accountants' field; whoever manages
            # credit here was asked for that above
            partner = dossier.partner_id.sudo().with_company(dossier.company_id)
            partner.write(
                {
                    "use_partner_credit_limit": bool(dossier.credit_limit),
                    "credit_limit": dossier.credit_limit,
                }
            )
