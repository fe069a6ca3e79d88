from odoo import fields, models


class CustomerArchivePolicy(models.Model):
    """The record of who looked, on the page of the policies."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.archive.policy"

    access_slot_minutes = fields.Integer(
        string="Time Slot of the Record",
        default=10,
        help="Looks of one person at one dossier within so many minutes are one line "
        "with a counter (S2-43, S4-21).",
    )
    access_keep_months = fields.Integer(
        string="Keep the Record",
        default=36,
        help="Who looked is personal data, too: after so many full months a whole "
        "month is dropped (S2-47). Of several companies the longest time counts.",
    )

    access_rule_ids = fields.One2many(
        "customer.access.rule",
        string="Unusual Reading",
        compute="_compute_tables",
        readonly=False,
        context={"active_test": False},
        help="What raises an alert, to be looked into (S2-43). Limits and windows are "
        "the company's own.",
    )
    access_cap_ids = fields.One2many(
        "customer.access.cap",
        string="Dossiers a Day by Rank",
        compute="_compute_tables",
        readonly=False,
        help="How many dossiers a person of a rank may open in a day (S2-43); 0: as "
        "many as there are. Of several ranks the most generous one counts.",
    )

    _access_numbers = models.Constraint(
        "CHECK(access_slot_minutes BETWEEN 1 AND 60 AND access_keep_months > 0)",
        "A time slot has 1 to 60 minutes, and the record is kept for a month at least.",
    )
