from odoo import fields, models


class CustomerApprovalStep(models.Model):
    """One decision on the way of a request."""

    _name = "customer.approval.step"
    _description = "Approval Step"
    _order = "sequence, id"

    route_id = fields.Many2one(
        "customer.approval.route", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("superior", "The Requester's Superior"), ("group", "A Group")],
        string="Decided By",
        required=True,
        default="superior",
        help="The superior is the leader of the requester's sales team, or whoever is "
        "named its dossier supervisor; where there is nobody else, any manager.",
    )
    group_id = fields.Many2one("res.groups", help="Any one of this group decides.")
    reminder_days = fields.Integer(
        default=2, help="Remind who may decide after so many days; 0: never."
    )

    _group_set = models.Constraint(
        "CHECK(kind != 'group' OR group_id IS NOT NULL)",
        "Choose the group that decides this step.",
    )
