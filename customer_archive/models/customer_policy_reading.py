from odoo import fields, models


class CustomerPolicyReading(models.Model):
    """That somebody is to read a version of the policy, and when he signed (S2-7)."""

    _name = "customer.policy.reading"
    _description = "Reading of a Policy"
    _order = "date desc, id"
    _rec_name = "user_id"

    policy_id = fields.Many2one(
        "customer.policy.text", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", required=True, index=True, ondelete="restrict"
    )
    date = fields.Datetime(string="Signed On", readonly=True)

    _once = models.Constraint("UNIQUE(policy_id, user_id)", "Signed already.")
