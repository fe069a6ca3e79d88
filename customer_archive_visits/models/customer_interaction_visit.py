from odoo import fields, models


class CustomerInteraction(models.Model):
    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.interaction"

    visit_id = fields.Many2one(
        "customer.visit",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The visit this contact was made on.",
    )
