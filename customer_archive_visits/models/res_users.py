from odoo import api, fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    archive_digest = fields.Boolean(
        string="Daily Mail About Calls and Visits",
        default=True,
        help="How much waits for you on your page of the day, on working days. It "
        "names no customer.",
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
        at_work = self._filter_at_work()
        return {user: user._get_day_lines() if user in at_work else [] for user in self}

    def _filter_at_work(self):
        """Those who work today."""
        at_work = self.browse()
        for company, users in self.grouped("company_id").items():
            today = self.env["customer.follow.up"]._get_today(company)
            workdays = self.env["resource.calendar"]._get_workdays(
                company, users, today
            )
            at_work |= users.filtered(
                lambda user, days=workdays, today=today: (
                    today in days.get(user.id, days[False])
                )
            )
        return at_work

    def _get_day_lines(self):
        """What stands on the page of the day, in numbers and in the user's language."""
        # as the user: it depends on what is open to him
        env = (
            self.with_user(self)
            .with_context(
                lang=self.lang, tz=self.tz, allowed_company_ids=self.company_ids.ids
            )
            .env
        )
        late, today = env["customer.day.card"]._count_waiting()
        numbers = [
            late["call"] + late["due"],
            today["call"] + today["due"],
            today["visit"],
            late["visit"],
            late["report"],
            today["report"],
            late["promise"] + today["promise"],
            late["plan"] + today["plan"],
        ]
        texts = [
            env._("%(number)s calls and visits are overdue."),
            env._("%(number)s calls and visits are due today."),
            env._("%(number)s visits are planned for today."),
            env._("%(number)s visits of past days are still open."),
            env._("%(number)s reports of visits are overdue."),
            env._("%(number)s reports of visits are due today."),
            env._("%(number)s promises are due."),
            env._("%(number)s month plans are to be submitted."),
        ]
        lines = zip(numbers, texts, strict=True)
        return [text % {"number": number} for number, text in lines if number]

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
