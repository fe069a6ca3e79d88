from datetime import datetime, time, timedelta

from pytz import timezone, utc

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# No company closes for longer.
LONGEST_HOLIDAYS = timedelta(days=60)


class CustomerLoan(models.Model):
    """The terms of a loan: who may borrow, for how long, and what for."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.loan"

    @api.model
    def _get_gradings(self, dossier):
        """Tier and secrecy of ``dossier``, each with its terms."""
        # sudo: the terms of a loan are no secret to who asks for one
        dossier = dossier.sudo()
        return (dossier.tier_id, dossier.secrecy_id)

    @api.model
    def _check_may_borrow(self, dossier, user):
        """Refuse whom tier or secrecy lend to nobody of his rank (S1-19).

        :raises UserError: naming no grade
        """
        for grading in self._get_gradings(dossier):
            group = grading.borrower_group_id
            if group and group not in user.all_group_ids:
                raise UserError(
                    self.env._(
                        "Dossier %(number)s is lent only to people whose rank allows "
                        "it. Ask your superior to borrow it.",
                        # sudo: the number of a dossier is no secret
                        number=dossier.sudo().number,
                    )
                )

    @api.model
    def _get_longest_days(self, dossier):
        """Working days a loan may last by the strictest of the terms; 0: any time."""
        policy = self.env["customer.archive.policy"]._get_policy(dossier.company_id)
        limits = [grading.loan_days for grading in self._get_gradings(dossier)]
        return min(filter(None, (policy.loan_days, *limits)), default=0)

    @api.model
    def _get_latest_end(self, dossier, start):
        """When a loan beginning at ``start`` ends at the latest; None: any time."""
        days = self._get_longest_days(dossier)
        return (
            self._get_close_of_work(dossier.company_id, start, days) if days else None
        )

    @api.model
    def _get_close_of_work(self, company, start, days=1):
        """Close of the working day that is the ``days``-th from ``start`` on.

        By the company's clock and working days: whoever borrows chooses neither. What
        begins after work has closed begins with the next day.
        """
        policy = self.env["customer.archive.policy"]._get_policy(company)
        zone = timezone(policy.loan_timezone)
        closing = timedelta(hours=policy.loan_closing_hour)
        local = utc.localize(start).astimezone(zone).replace(tzinfo=None)
        first = local.date()
        if local >= datetime.combine(first, time.min) + closing:
            first += timedelta(days=1)
        last = self._get_working_day(company, zone, first, days)
        end = zone.localize(datetime.combine(last, time.min) + closing)
        return end.astimezone(utc).replace(tzinfo=None)

    @api.model
    def _get_working_day(self, company, zone, first, days):
        """The ``days``-th day from ``first`` on on which the company works.

        Where it keeps no working hours, each day counts.
        """
        # sudo: on which days the company works, nothing else
        calendar = company.sudo().resource_calendar_id
        end = first + timedelta(weeks=days) + LONGEST_HOLIDAYS
        bounds = (zone.localize(datetime.combine(d, time.min)) for d in (first, end))
        holidays = Domain("time_type", "=", "leave")
        holidays &= Domain("company_id", "in", (False, company.id))
        worked = (
            calendar._work_intervals_batch(*bounds, domain=list(holidays), tz=zone)
            if calendar
            else {False: ()}
        )
        dates = sorted({begin.date() for begin, _end, _line in worked[False]})
        return dates[days - 1] if days <= len(dates) else first + timedelta(days - 1)

    @api.model
    def _check_end(self, dossier, start, end):
        """Refuse more time than tier and secrecy lend for (S4-22, S4-23).

        :raises UserError: with the latest moment
        """
        latest = self._get_latest_end(dossier, start)
        if latest and end > latest:
            policy = self.env["customer.archive.policy"]._get_policy(dossier.company_id)
            raise UserError(
                self.env._(
                    "This dossier is lent until %(latest)s at the longest.",
                    latest=policy._format_moment(latest),
                )
            )

    @api.model
    def _is_copy_allowed(self, dossier):
        """Whether copies may be asked for at all (S2-37)."""
        # sudo: the terms of a loan are no secret to who asks for one
        return not dossier.sudo().secrecy_id.no_copies

    @api.model
    def _get_origin(self, dossier, user):
        """How ``user`` stands to the sales team of ``dossier`` (S3-11, S3-12)."""
        # sudo: the team of the dossier decides on the route, which is on record
        team = dossier.sudo().team_id
        # sudo: teams of the borrower himself
        user = user.sudo()
        if not user.has_group("customer_archive.group_archive_user"):
            return "other_department"
        leads = user.has_group("customer_archive.group_archive_supervisor")
        if leads and team.id in self.env["crm.team"]._get_led_ids(user):
            return "line_head"
        return "own_line" if team and team in user.crm_team_ids else "other_line"
