from odoo import fields, models


class CustomerTransaction(models.Model):
    """By which kinds of customers the trade is made up (构成分析, S2-56).

    Nothing is stored again: grouping joins the dossier, whose readers are those of the
    transaction.
    """

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.transaction"

    tier_id = fields.Many2one(related="dossier_id.tier_id")
    customer_class = fields.Selection(
        related="dossier_id.customer_class", string="Class"
    )
    company_nature = fields.Selection(related="dossier_id.company_nature")
    industry_id = fields.Many2one(related="dossier_id.industry_id")
    country_state_id = fields.Many2one(related="dossier_id.country_state_id")
    country_id = fields.Many2one(related="dossier_id.country_id")
    team_id = fields.Many2one(related="dossier_id.team_id")
