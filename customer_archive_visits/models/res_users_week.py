from datetime import datetime, time, timedelta

from pytz import UTC, timezone

from odoo import models

MONDAY = 0
WEEK = timedelta(days=7)


class ResUsers(models.Model):
    """What the departments changed in a week, told to the archivists (S4-16)."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "res.users"

    def _get_archive_digest_lines(self):
        """Say on Mondays in how many dossiers something changed the week before."""
        lines = super()._get_archive_digest_lines()
        keepers = self.env.ref("customer_archive.group_archive_keeper").all_user_ids
        for company, users in (self & keepers).grouped("company_id").items():
            number = self._count_changed_last_week(company)
            for user in users if number else ():
                env = user.with_context(lang=user.lang).env
                lines[user].append(
                    env._("%(number)s dossiers were changed last week.", number=number)
                )
        return lines

    def _count_changed_last_week(self, company):
        """How many dossiers of ``company`` changed in the week that ended last night.

        :return: 0 on other days than Mondays
        """
        today = self.env["customer.follow.up"]._get_today(company)
        if today.weekday() != MONDAY:
            return 0
        tz = timezone(self.env["customer.follow.up"]._get_tz(company))
        end = tz.localize(datetime.combine(today, time.min))
        end = end.astimezone(UTC).replace(tzinfo=None)
        # sudo: a number for archivists, who read all dossiers of their company
        [(number,)] = (
            self.env["customer.change"]
            .sudo()
            ._read_group(
                [
                    ("dossier_id.company_id", "=", company.id),
                    ("date", ">=", end - WEEK),
                    ("date", "<", end),
                ],
                [],
                ["dossier_id:count_distinct"],
            )
        )
        return number
