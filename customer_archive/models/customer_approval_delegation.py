from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerApprovalDelegation(models.Model):
    """Somebody decides for somebody else who is away."""

    _name = "customer.approval.delegation"
    _description = "Approval Delegation"
    _order = "date_from desc, id desc"

    user_id = fields.Many2one(
        "res.users",
        string="Away",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    delegate_id = fields.Many2one(
        "res.users",
        string="Decides Instead",
        required=True,
        index=True,
        domain=[("share", "=", False)],
    )
    date_from = fields.Datetime(
        string="From", required=True, default=fields.Datetime.now
    )
    date_to = fields.Datetime(string="Until", required=True)
    active = fields.Boolean(default=True)

    _dates_ordered = models.Constraint(
        "CHECK(date_to > date_from)", "A delegation ends after it begins."
    )
    _not_to_oneself = models.Constraint(
        "CHECK(user_id != delegate_id)", "Choose somebody else to decide instead."
    )

    @api.constrains("user_id", "delegate_id")
    def _check_delegate_rank(self):
        """Hand decisions only to somebody who holds the archive's own step."""
        group = "customer_archive.group_archive_supervisor"
        for delegation in self:
            if delegation.user_id.has_group(group) and not (
                delegation.delegate_id.has_group(group)
            ):
                raise ValidationError(
                    self.env._(
                        "%(person)s is no supervisor of the customer archive and "
                        "can't decide instead.",
                        person=delegation.delegate_id.name,
                    )
                )

    @api.model
    def _get_represented(self, user):
        """The users for whom ``user`` decides now, without himself."""
        now = fields.Datetime.now()
        # sudo: answers only for whom the user stands in
        return (
            self.sudo()
            .search(
                [
                    ("delegate_id", "=", user.id),
                    ("date_from", "<=", now),
                    ("date_to", ">", now),
                ]
            )
            .user_id.filtered("active")
        )
