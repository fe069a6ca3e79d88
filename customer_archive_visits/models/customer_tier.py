from odoo import fields, models


class CustomerTier(models.Model):
    _inherit = "customer.tier"

    has_account_plan = fields.Boolean(
        string="Account Plan",
        help="Customers of this tier have a plan for each year (S1-23, S1-24).",
    )
