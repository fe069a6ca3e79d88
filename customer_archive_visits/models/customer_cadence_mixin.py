from odoo import api, fields, models

from .customer_interaction import RANKS


class CustomerCadenceMixin(models.AbstractModel):
    """How often, by which channel and with whom at least a customer is contacted."""

    _name = "customer.cadence.mixin"
    _description = "Rhythm of Calls and Visits"

    channel = fields.Selection(
        [("call", "Phone Call"), ("visit", "Visit")], required=True, default="call"
    )
    interval_number = fields.Integer(
        string="Every", required=True, default=1, aggregator=None
    )
    interval_type = fields.Selection(
        [("day", "Days"), ("week", "Weeks"), ("month", "Months")],
        string="Unit",
        required=True,
        default="week",
    )
    min_rank = fields.Selection(
        RANKS,
        string="Rank at Least",
        help="Only a contact with a person of this rank or higher counts; empty: with "
        "anybody.",
    )

    _interval_positive = models.Constraint(
        "CHECK(interval_number > 0)", "A rhythm is at least every day."
    )

    @api.model
    def _format_interval(self, number, interval_type):
        """“every 2 months” in the reader's language."""
        # spelled out, so that each can be translated as its language has it
        texts = {
            "day": (
                self.env._("every day"),
                self.env._("every %(number)s days", number=number),
            ),
            "week": (
                self.env._("every week"),
                self.env._("every %(number)s weeks", number=number),
            ),
            "month": (
                self.env._("every month"),
                self.env._("every %(number)s months", number=number),
            ),
        }
        return texts[interval_type][number != 1]
