from odoo import fields, models


class CustomerArchivePolicy(models.Model):
    _inherit = "customer.archive.policy"

    rhythm_spread = fields.Integer(
        string="Spread First Contacts Over (%)",
        default=100,
        help="Customers who come under a rhythm on one day are contacted for the first "
        "time within this last part of the interval, evenly, so that they don't all "
        "fall due on one day. 0: all on the last day.",
    )
    escalation_days = fields.Integer(
        string="Overdue Contacts: Tell the Superior After (Days)",
        default=3,
        help="Calls and visits that stay overdue for so long are put on the desk of "
        "the superior.",
    )

    _rhythm_range = models.Constraint(
        "CHECK(rhythm_spread BETWEEN 0 AND 100 AND escalation_days >= 0)",
        "The spread lies between 0 and 100 percent, and a delay is not negative.",
    )

    def write(self, vals):
        if "rhythm_spread" in vals:
            self.env["customer.follow.up"]._sweep_soon()
        return super().write(vals)
