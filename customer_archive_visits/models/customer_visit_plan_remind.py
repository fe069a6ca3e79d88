from datetime import timedelta
from functools import partial

from dateutil.relativedelta import relativedelta

from odoo import api, models

REMINDER = "customer_archive_visits.mail_activity_type_plan"
SLICE = 100


class CustomerVisitPlan(models.Model):
    """At month end the next month is planned, by everybody (S1-28)."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.visit.plan"

    @api.model
    def _cron_remind(self):
        """Prepare the plans of the next month, and remind of those not submitted."""
        for company in self.env["res.company"].search([("active", "=", True)]):
            if not self._raise_in_slices(partial(self._remind, company), SLICE):
                return

    @api.model
    def _remind(self, company, limit):
        """Prepare plans and raise the reminders, once it is time for it.

        :param limit: prepare so many plans at most
        :return: number of plans prepared
        """
        today = self.env["customer.follow.up"]._get_today(company)
        policy = self.env["customer.archive.policy"]._get_policy(company)
        month = today + relativedelta(day=1, months=1)
        if today < month - timedelta(days=policy.plan_days):
            return 0
        users = self._get_planners(company)
        of_month = [
            ("company_id", "=", company.id),
            ("month", "=", month),
            ("user_id", "in", users.ids),
        ]
        missing = (users - self.search(of_month).user_id)[:limit]
        self.create(
            [
                {"user_id": user.id, "month": month, "company_id": company.id}
                for user in missing
            ]
        )
        drafts = self.search([*of_month, ("state", "=", "draft")])
        drafts._raise_reminders(month - timedelta(days=1))
        return len(missing)

    @api.model
    def _get_planners(self, company):
        """Who has customers of the company to visit."""
        groups = self.env["customer.follow.up"]._read_group(
            [
                ("channel", "=", "visit"),
                ("due_date", "!=", False),
                ("user_id", "!=", False),
                ("dossier_id.company_id", "=", company.id),
            ],
            ["user_id"],
        )
        users = self.env["res.users"].union(*(user for (user,) in groups))
        group = self.env.ref("customer_archive.group_archive_user")
        return users.filtered(lambda u: u.active and group in u.all_group_ids)

    def _raise_reminders(self, deadline):
        """Put the plans on the desks of their people, each once."""
        reminders = self.env["mail.activity"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", self.env.ref(REMINDER).id),
            ]
        )
        known = set(reminders.mapped("res_id"))
        model_id = self.env["ir.model"]._get_id(self._name)
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        activities.create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": plan.id,
                    "activity_type_id": self.env.ref(REMINDER).id,
                    "user_id": plan.user_id.id,
                    "date_deadline": deadline,
                    "automated": True,
                }
                for plan in self
                if plan.id not in known
            ]
        )

    def _drop_reminders(self):
        # sudo: takes back what the archive raised itself
        self.sudo().activity_unlink([REMINDER])
