# one model in several files: pylint: disable=consider-merging-classes-inherited
from odoo import fields, models


class CustomerArchivePolicy(models.Model):
    _inherit = "customer.archive.policy"

    api_key_days = fields.Integer(
        string="API Keys End Within",
        default=30,
        help="Keys for the interface of people to whom dossiers are open; 0: they have "
        "none (S2-20, S2-50).",
    )

    _api_key_days_positive = models.Constraint(
        "CHECK(api_key_days >= 0)", "A number of days is not negative."
    )
