from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

SUPERVISOR_GROUP = "customer_archive.group_archive_supervisor"


class CustomerApprovalDelegation(models.Model):
    """Somebody decides for somebody else who is away."""

    _name = "customer.approval.delegation"
    _inherit = ["customer.access.ground"]
    _description = "Approval Delegation"
    _order = "date_from desc, id desc"

    _ground_fields = frozenset(
        ("user_id", "delegate_id", "date_from", "date_to", "active")
    )

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
        for delegation in self:
            if delegation.user_id.has_group(SUPERVISOR_GROUP) and not (
                delegation.delegate_id.has_group(SUPERVISOR_GROUP)
            ):
                raise ValidationError(
                    self.env._(
                        "%(person)s is no supervisor of the customer archive and "
                        "can't decide instead.",
                        person=delegation.delegate_id.name,
                    )
                )

    def write(self, vals):
        """Write, and look again whose it is now.

        Odoo checks the rules before a write only; without the second look somebody
        could put another's name on a delegation of his own, to himself.

        :raises AccessError: when it would be another's
        """
        result = super().write(vals)
        self.check_access("write")
        return result

    @api.model
    def _get_represented(self, user):
        """The users for whom ``user`` decides now, without himself.

        Who has lost the rank meanwhile stands in for nobody who holds it.
        """
        ids = [person_id for _id, person_id in self._get_live_grounds(user)]
        # sudo: answers only for whom the user stands in
        people = self.env["res.users"].sudo().browse(dict.fromkeys(ids))
        people = people.filtered("active")
        if people and not user.has_group(SUPERVISOR_GROUP):
            people = people.filtered(
                lambda person: not person.has_group(SUPERVISOR_GROUP)
            )
        return people

    @api.model
    def _select_grounds(self, user_ids):
        return SQL(
            "SELECT delegate_id, %s, id, user_id, date_from, date_to"
            " FROM customer_approval_delegation"
            " WHERE delegate_id = ANY(%s) AND active",
            self._name,
            user_ids,
        )
