from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.customer_archive.models.customer_dossier_sweep import Task

from .customer_account_plan import IN_FORCE


class CustomerDossier(models.Model):
    """Who is in charge of a customer is reminded of its plan of the year (S1-24)."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    @api.model
    def _get_tasks(self):
        """Ask for the plan until it is approved; of the owner, else of his superior."""
        today = fields.Date.context_today(self)
        default = self.env["customer.archive.policy"].new({}).account_plan_days
        date = SQL(
            """
            CASE WHEN t.has_account_plan AND COALESCE(p.account_plan_days, %(days)s) > 0
                  AND NOT EXISTS (
                        SELECT 1 FROM customer_account_plan plan
                         WHERE plan.dossier_id = d.id AND plan.year = %(year)s
                           AND plan.state IN %(in_force)s)
                 THEN GREATEST(d.open_date, %(new_year)s)
                      + COALESCE(p.account_plan_days, %(days)s) - 1
            END
            """,
            days=default,
            year=today.year,
            in_force=IN_FORCE,
            new_year=today.replace(month=1, day=1),
        )
        superior = SQL(
            """
            (SELECT team.user_id FROM crm_team team
               JOIN res_users u ON u.id = team.user_id AND u.active
              WHERE team.id = d.team_id AND u.id IN %s)
            """,
            self._get_holders("group_archive_supervisor"),
        )
        return [
            *super()._get_tasks(),
            Task(
                "customer_archive_visits.mail_activity_type_account_plan",
                SQL("COALESCE(owner.id, %s)", superior),
                date,
                SQL("NULL::int"),
            ),
        ]

    @api.model
    def _flush_swept(self):
        self.env["customer.account.plan"].flush_model()
        return super()._flush_swept()
