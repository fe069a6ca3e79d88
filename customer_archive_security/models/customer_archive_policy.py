from odoo import fields, models


class CustomerArchivePolicy(models.Model):
    """Who may see what, on the page of the policies."""

    _inherit = "customer.archive.policy"

    secrecy_ids = fields.One2many(
        "customer.secrecy",
        string="Secrecy Grades",
        compute="_compute_tables",
        readonly=False,
        context={"active_test": False},
        help="Grades of secrecy with the group that may read (S1-19, S4-5, S4-15).",
    )
