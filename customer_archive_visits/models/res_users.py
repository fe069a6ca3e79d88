from odoo import api, fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    archive_digest = fields.Boolean(
        string="Daily Mail About Calls and Visits",
        default=True,
        help="How many calls and visits wait for you, on working days. It names no "
        "customer.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "archive_digest"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "archive_digest"]

    @api.model
    def _cron_archive_digest(self):
        """Tell each person in one mail a day how much waits for him, and where.

        Nothing else is in it: mail is read on screens and servers that no rule of the
        archive reaches.
        """
        users = self.search([("archive_digest", "=", True), ("share", "=", False)])
        lines = users.filtered("email")._get_archive_digest_lines()
        mails = [
            user._prepare_archive_digest_vals(texts)
            for user, texts in lines.items()
            if texts
        ]
        self.env["mail.mail"].create(mails)

    def _get_archive_digest_lines(self):
        """Hook: what waits for each of these users, as lines without a customer.

        :return: {user: list of str}
        """
        counts = self._count_follow_ups()
        lines = {}
        for user in self:
            overdue, today = counts.get(user, (0, 0))
            # in the language of who reads it
            env = user.with_context(lang=user.lang).env
            texts = []
            if overdue:
                texts.append(
                    env._("%(number)s calls and visits are overdue.", number=overdue)
                )
            if today:
                texts.append(
                    env._("%(number)s calls and visits are due today.", number=today)
                )
            lines[user] = texts
        return lines

    def _count_follow_ups(self):
        """How many calls and visits are overdue, and due today.

        :return: {user: (overdue, today)}, for those who work today
        """
        # sudo: counts of each person's own work, nothing of a customer
        follow_ups = self.env["customer.follow.up"].sudo()
        counts = {}
        for company, users in self.grouped("company_id").items():
            today = follow_ups._get_today(company)
            workdays = self.env["resource.calendar"]._get_workdays(
                company, users, today
            )
            groups = follow_ups._read_group(
                [("user_id", "in", users.ids), ("action_date", "<=", today)],
                ["user_id", "action_date:day"],
                ["__count"],
            )
            for user, day, count in groups:
                if today in workdays.get(user.id, workdays[False]):
                    overdue, due = counts.get(user, (0, 0))
                    if day == today:
                        due += count
                    else:
                        overdue += count
                    counts[user] = overdue, due
        return counts

    def _prepare_archive_digest_vals(self, texts):
        user = self.with_context(lang=self.lang)
        body = self.env["ir.qweb"]._render(
            "customer_archive_visits.archive_digest_mail",
            {
                "user": user,
                "texts": texts,
                "url": f"{self.get_base_url()}/odoo/my-day",
            },
            lang=self.lang,
        )
        return {
            "subject": user.env._("Your day: calls and visits"),
            "body_html": body,
            "email_to": self.email_formatted,
            "author_id": self.env.ref("base.partner_root").id,
            "auto_delete": True,
        }
