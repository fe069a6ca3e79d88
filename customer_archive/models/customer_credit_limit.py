from odoo import api, fields, models


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
        help="What this customer is given. Where Odoo's accounting is installed it "
        "becomes the limit of the contact (S4-5).",
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

    @api.model_create_multi
    def create(self, vals_list):
        dossiers = super().create(vals_list)
        dossiers.filtered("credit_limit")._feed_credit_limit()
        return dossiers

    def write(self, vals):
        result = super().write(vals)
        if "credit_limit" in vals:
            self._feed_credit_limit()
        return result

    def _feed_credit_limit(self):
        """Take the limits over into Odoo's own, where there is accounting (S4-5).

        Each company has its own, there as here; none is the company's default there.
        """
        if "credit_limit" not in self.env["res.partner"]._fields:
            return
        policies = self.env["customer.archive.policy"]
        for company, dossiers in self.grouped("company_id").items():
            if not policies._get_policy(company).is_credit_limit_fed:
                continue
            for limit, same in dossiers.grouped("credit_limit").items():
                # sudo: the limit of a contact is the accountants' field; the user was
                # asked whether he manages credit when he wrote this one
                same.partner_id.sudo().with_company(company).write(
                    {"use_partner_credit_limit": bool(limit), "credit_limit": limit}
                )
