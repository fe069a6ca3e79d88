from odoo import api, fields, models
from odoo.fields import Command, Domain

from odoo.addons.customer_archive.models.customer_entrusted import Kind

from .customer_visit import OPEN_STATES


class CustomerEntrusted(models.AbstractModel):
    """Calls, visits, promises and plans that a person has in hand."""

    _inherit = "customer.entrusted"

    @api.model
    def _get_kinds(self):
        today = fields.Date.context_today(self)
        planned = Domain("state", "in", ("draft", "review"))
        return [
            *super()._get_kinds(),
            Kind(
                "follow_up",
                self.env._("Calls and Visits Due"),
                "customer.follow.up",
                ["user_id"],
                Domain("due_date", "!=", False),
                method="_pass_follow_ups",
            ),
            Kind(
                "visit",
                self.env._("Visits to Make"),
                "customer.visit",
                ["user_id"],
                Domain("state", "in", OPEN_STATES),
            ),
            Kind(
                "companion",
                self.env._("Visits to Come Along To"),
                "customer.visit",
                ["companion_ids"],
                Domain("state", "in", OPEN_STATES),
                method="_leave_visits",
            ),
            Kind(
                "commitment",
                self.env._("Promises and Open Issues"),
                "customer.commitment",
                ["user_id"],
                Domain("state", "=", "open"),
            ),
            Kind(
                "account_plan",
                self.env._("Account Plans Not Yet in Force"),
                "customer.account.plan",
                ["user_id"],
                planned,
            ),
            Kind(
                "plan_action",
                self.env._("Actions of Account Plans"),
                "customer.account.plan.action",
                ["user_id"],
                Domain("state", "=", "open"),
                method="_pass_plan_actions",
            ),
            Kind(
                "contact_plan_line",
                self.env._("Contacts Planned"),
                "customer.contact.plan.line",
                ["user_id"],
                Domain("year", ">=", today.year),
                method="_pass_contact_plan_lines",
            ),
            Kind(
                "visit_plan",
                self.env._("Month Plans Not Yet Approved"),
                "customer.visit.plan",
                ["user_id"],
                planned & Domain("month", ">=", today.replace(day=1)),
                dossier_path="",
                company_path="company_id",
                # what falls due stands in the next plan of whoever calls and visits
                method="",
            ),
        ]

    @api.model
    def _pass_follow_ups(self, kind, follow_ups, users, successors):
        """The archive itself says who calls and visits, by owner and team."""
        follow_ups.dossier_id._refresh_follow_ups()

    @api.model
    def _leave_visits(self, kind, visits, users, successors):
        visits.write({"companion_ids": [Command.unlink(user.id) for user in users]})

    @api.model
    def _pass_plan_actions(self, kind, actions, users, successors):
        for heir, own in self._group_by_heir(actions, users, successors):
            own._hand_over(heir)

    @api.model
    def _pass_contact_plan_lines(self, kind, lines, users, successors):
        """Hand over; a contact whom the heir is to meet anyway stands there once."""
        for heir, own in self._group_by_heir(lines, users, successors):
            known = lines.search(
                [("plan_id", "in", own.plan_id.ids), ("user_id", "=", heir.id)]
            )
            pairs = {(line.plan_id, line.person_id) for line in known}
            doubles = own.filtered(
                lambda line, pairs=pairs: (line.plan_id, line.person_id) in pairs
            )
            doubles.unlink()
            (own - doubles).write({"user_id": heir.id})
