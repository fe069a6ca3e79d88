from odoo import fields, models


class CustomerArchivePolicy(models.Model):
    _inherit = "customer.archive.policy"

    open_at_first_order = fields.Boolean(
        string="Open at First Order",
        default=True,
        help="A customer's first confirmed sales order opens his dossier (S2-15). "
        "Otherwise orders wait until somebody opens it.",
    )
