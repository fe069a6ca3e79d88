from datetime import timedelta
from functools import partial
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

DUE_FIELDS = frozenset(("state", "date_start", "date_end", "duration", "user_id"))


class Reminder(NamedTuple):
    """A line the sweep puts on the desk of ``user``, ``days`` after the visit."""

    type_name: str
    user: SQL
    days: str


class CustomerVisit(models.Model):
    """Reports that are missing, and who is reminded of them (S1-33)."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.visit"

    report_due_date = fields.Datetime(
        string="Report Due", compute="_compute_report_due_date"
    )
    is_report_missing = fields.Boolean(
        string="Report Missing",
        compute="_compute_is_report_missing",
        search="_search_is_report_missing",
        help="The visit is over, and its report was due.",
    )

    @api.depends("date_end", "company_id")
    def _compute_report_due_date(self):
        for company, visits in self.grouped("company_id").items():
            days = self._get_report_days(company)
            for visit in visits:
                visit.report_due_date = visit.date_end and visit.date_end + days

    @api.depends("report_due_date", "state")
    def _compute_is_report_missing(self):
        now = fields.Datetime.now()
        for visit in self:
            is_due = bool(visit.report_due_date) and visit.report_due_date < now
            visit.is_report_missing = is_due and visit.state in ("confirmed", "done")

    def _search_is_report_missing(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        return Domain("state", "in", ("confirmed", "done")) & Domain.OR(
            Domain("dossier_id.company_id", "=", company.id)
            & Domain("date_end", "<", now - self._get_report_days(company))
            for company in self.env.companies
        )

    @api.model
    def _get_report_days(self, company):
        policies = self.env["customer.archive.policy"]
        policy = policies._get_policy(company or self.env.company)
        return timedelta(days=policy.report_days)

    def write(self, vals):
        result = super().write(vals)
        if not DUE_FIELDS.isdisjoint(vals):
            # sudo: takes back reminders the archive raised itself; the next sweep
            # raises what still holds
            reminded = self.sudo().filtered("activity_ids")
            reminded.activity_unlink(
                [
                    f"customer_archive_visits.{reminder.type_name}"
                    for reminder in self._get_reminders()
                ]
            )
        return result

    # ------------------------------------------------------------------
    # The sweep
    # ------------------------------------------------------------------

    @api.model
    def _get_reminders(self):
        return [
            Reminder(
                "mail_activity_type_report",
                SQL("COALESCE(visitor.id, owner.id)"),
                "report_days",
            ),
            Reminder(
                "mail_activity_type_report_late",
                SQL("leader.id"),
                "report_escalation_days",
            ),
        ]

    @api.model
    def _cron_remind_reports(self):
        """Remind of missing reports, slice by slice; what is raised stays raised."""
        for reminder in self._get_reminders():
            if not self._raise_in_slices(partial(self._raise_reminder, reminder)):
                return

    @api.model
    def _raise_reminder(self, reminder, limit):
        """Put up to ``limit`` missing reports on the desks of those responsible.

        Only of somebody who still holds the post the record rules ask of him.

        :return: number of activities made
        """
        self.flush_model()
        for name in ("customer.dossier", "customer.archive.policy"):
            self.env[name].flush_model()
        policy = self.env["customer.archive.policy"].new({})
        xml_id = f"customer_archive_visits.{reminder.type_name}"
        activity_type = self.env.ref(xml_id)
        holders = self.env["customer.dossier"]._get_holders
        missing = SQL(
            """
            SELECT v.id, d.number AS name, %(user)s AS user_id,
                   (v.date_end + %(days)s * interval '1 day')::date AS date
              FROM customer_visit v
              JOIN customer_dossier d ON d.id = v.dossier_id
         LEFT JOIN customer_archive_policy p ON p.company_id = d.company_id
         LEFT JOIN crm_team team ON team.id = d.team_id
         LEFT JOIN res_users owner ON owner.id = d.user_id
               AND owner.active AND owner.id IN %(users)s
         LEFT JOIN res_users visitor ON visitor.id = v.user_id
               AND visitor.active
               AND (visitor.id = owner.id OR visitor.id IN %(readers)s
                    OR visitor.id IN %(supervisors)s AND visitor.id = team.user_id)
         LEFT JOIN res_users leader ON leader.id = team.user_id
               AND leader.active AND leader.id IN %(supervisors)s
             WHERE v.state IN ('confirmed', 'done')
               AND v.date_end < %(now)s - %(days)s * interval '1 day'
               AND EXISTS (SELECT 1 FROM res_company_users_rel c
                            WHERE c.cid = d.company_id AND c.user_id = %(user)s)
               AND NOT EXISTS (
                    SELECT 1 FROM mail_activity a
                     WHERE a.res_model = 'customer.visit'
                       AND a.res_id = v.id AND a.activity_type_id = %(type)s
                       AND (a.active OR a.date_done = %(today)s))
          ORDER BY v.date_end, v.id
            """,
            user=reminder.user,
            days=SQL(
                "COALESCE(p.%s, %s)",
                SQL.identifier(reminder.days),
                policy[reminder.days],
            ),
            users=holders("group_archive_user"),
            readers=holders("group_archive_manager", "group_archive_keeper"),
            supervisors=holders("group_archive_supervisor"),
            now=fields.Datetime.now(),
            today=fields.Date.context_today(self),
            type=activity_type.id,
        )
        return self._put_on_desks(activity_type, missing, limit)
