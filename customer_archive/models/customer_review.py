from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

# Reviews that come round by themselves: kind, unit of the calendar, its months or days.
ROUNDS = {
    "weekly": ("week", relativedelta(weeks=1)),
    "quarterly": ("quarter", relativedelta(months=3)),
    "yearly": ("year", relativedelta(years=1)),
}


class CustomerReview(models.Model):
    """A look at dossiers by the five criteria (S1-17, S1-21, S2-32, S4-16, S4-17)."""

    _name = "customer.review"
    _inherit = ["customer.archive.activity"]
    _description = "Review"
    _order = "date_from desc, id desc"

    name = fields.Char(compute="_compute_name")
    kind = fields.Selection(
        [
            ("weekly", "Changes of the Week"),
            ("quarterly", "Quarterly Review"),
            ("yearly", "Yearly Check"),
            ("random", "Random Inspection"),
        ],
        required=True,
        default="random",
        help="Weekly changes (S4-16), quarterly tidy-up (S1-17), yearly full check "
        "(S4-17), inspections at random (S1-21).",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(string="To", required=True, default=fields.Date.context_today)
    team_id = fields.Many2one("crm.team", string="Sales Team", help="None: all teams.")
    sample_percent = fields.Float(
        string="Sample (%)",
        digits=(5, 2),
        compute="_compute_sample_percent",
        store=True,
        readonly=False,
        precompute=True,
        help="Part of the dossiers that is drawn at random; 100: all.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Reviewer",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    state = fields.Selection(
        [("draft", "Planned"), ("running", "Under Way"), ("done", "Concluded")],
        required=True,
        readonly=True,
        default="draft",
    )
    line_ids = fields.One2many("customer.review.line", "review_id", "Dossiers")
    finding_ids = fields.One2many("customer.review.finding", "review_id", "Findings")
    line_count = fields.Integer("Dossiers Drawn", compute="_compute_counts")
    checked_count = fields.Integer("Dossiers Checked", compute="_compute_counts")
    open_finding_count = fields.Integer("Open Findings", compute="_compute_counts")
    score = fields.Float(
        string="Average Score", digits=(5, 1), compute="_compute_counts"
    )
    conclusion = fields.Text(
        help="What is to be improved, for the head (S1-21, S2-33)."
    )

    _once_a_round = models.UniqueIndex(
        "(company_id, kind, date_from, COALESCE(team_id, 0)) WHERE kind != 'random'",
        "This review has been opened already.",
    )
    _dates_ordered = models.Constraint(
        "CHECK(date_to >= date_from)", "A period ends after it begins."
    )
    _percent_range = models.Constraint(
        "CHECK(sample_percent > 0 AND sample_percent <= 100)",
        "A sample is more than nothing and at most all.",
    )

    @api.depends("kind")
    def _compute_sample_percent(self):
        """All of them, but for an inspection at random (S1-21, S4-17)."""
        policy = self.env["customer.archive.policy"]._get_policy(self.env.company)
        for review in self:
            is_random = review.kind == "random"
            review.sample_percent = policy.inspection_percent if is_random else 100

    @api.onchange("kind")
    def _onchange_kind(self):
        if self.kind in ROUNDS:
            self.date_from, self.date_to = self._get_last_period(self.kind)

    @api.depends("kind", "date_from", "date_to")
    @api.depends_context("lang")
    def _compute_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for review in self:
            review.name = f"{kinds[review.kind]} {review.date_from} – {review.date_to}"

    @api.depends("line_ids.state", "line_ids.score", "finding_ids.state")
    def _compute_counts(self):
        lines = self.env["customer.review.line"]._read_group(
            [("review_id", "in", self.ids)],
            ["review_id", "state"],
            ["__count", "score:sum"],
        )
        findings = dict(
            self.env["customer.review.finding"]._read_group(
                [("review_id", "in", self.ids), ("state", "!=", "closed")],
                ["review_id"],
                ["__count"],
            )
        )
        for review in self:
            own = [row for row in lines if row[0] == review]
            review.line_count = sum(row[2] for row in own)
            review.checked_count = sum(row[2] for row in own if row[1] == "checked")
            total = sum(row[3] for row in own)
            review.score = total / review.line_count if review.line_count else 0
            review.open_finding_count = findings.get(review, 0)

    # ------------------------------------------------------------------
    # On its way
    # ------------------------------------------------------------------

    def action_start(self):
        """Draw the dossiers and count what can be counted.

        :raises UserError: when no dossier fits
        """
        for review in self.filtered(lambda review: review.state == "draft"):
            review.check_access("write")
            if not review._draw():
                raise UserError(
                    self.env._("No dossier fits this review; nothing was drawn.")
                )
            review.state = "running"

    def action_conclude(self):
        """Conclude; findings are followed up until they are closed.

        :raises UserError: while dossiers drawn are not checked
        """
        self.check_access("write")
        for review in self:
            left = review.line_count - review.checked_count
            if left:
                raise UserError(
                    self.env._("Dossiers still to be checked: %(count)s.", count=left)
                )
        self.write({"state": "done"})

    def _get_population(self):
        """Domain of the dossiers that may be drawn."""
        domain = Domain("company_id", "=", self.company_id.id) & Domain(
            "state", "=", "filed"
        )
        if self.team_id:
            domain &= Domain("team_id", "=", self.team_id.id)
        if self.kind == "weekly":
            domain &= Domain("change_ids", "any", self._get_change_domain())
        return domain

    def _get_change_domain(self):
        day_after = fields.Date.add(self.date_to, days=1)
        return Domain("date", ">=", self.date_from) & Domain("date", "<", day_after)

    def _draw(self):
        """Draw the sample, with what can be counted, in one statement.

        The draw depends on the review alone: nobody can pick by drawing again.

        :return: number of dossiers drawn
        """
        self.ensure_one()
        lines = self.env["customer.review.line"]
        for name in ("dossier", "fact", "document", "change"):
            self.env[f"customer.{name}"].flush_model()
        population = self.env["customer.dossier"]._search(self._get_population())
        if population.is_empty():
            return 0
        rows = self.env.execute_query(
            SQL(
                """
                WITH population AS (%(population)s), drawn AS (
                    SELECT id FROM population
                  ORDER BY md5(id || ':' || %(review)s::text), id
                     LIMIT (SELECT ceil(count(*) * %(percent)s::numeric / 100)
                              FROM population)
                )
                INSERT INTO customer_review_line (
                    review_id, dossier_id, user_id, keeper_id, team_id, state,
                    date, kind,
                    completeness, timeliness, tidiness, change_count,
                    create_uid, create_date, write_uid, write_date)
                SELECT %(review)s, d.id, d.user_id, d.keeper_id, d.team_id, 'open',
                       %(date)s, %(kind)s,
                       d.completeness, %(timeliness)s, %(tidiness)s, %(changes)s,
                       %(uid)s, now() AT TIME ZONE 'UTC',
                       %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM drawn JOIN customer_dossier d ON d.id = drawn.id
              ORDER BY d.number
             RETURNING id
                """,
                population=population.select(),
                review=self.id,
                date=self.date_to,
                kind=self.kind,
                percent=self.sample_percent,
                timeliness=lines._to_sql_timeliness(self),
                tidiness=lines._to_sql_tidiness(),
                changes=lines._to_sql_changes(self),
                uid=self.env.uid,
            )
        )
        self.invalidate_recordset()
        drawn = lines.browse(line_id for (line_id,) in rows)
        self.env.add_to_compute(lines._fields["score"], drawn)
        return len(drawn)

    # ------------------------------------------------------------------
    # Those that come round
    # ------------------------------------------------------------------

    @api.model
    def _cron_open(self):
        """Open the reviews of the period that has just ended, once each."""
        for company in self.env["res.company"].search([("active", "=", True)]):
            policy = self.env["customer.archive.policy"]._get_policy(company)
            for kind in ROUNDS:
                if policy[f"is_{kind}_review"]:
                    self._open(company, kind, *self._get_last_period(kind))

    @api.model
    def _get_last_period(self, kind):
        """First and last day of the period of that kind that has just ended."""
        unit, length = ROUNDS[kind]
        start = fields.Date.start_of(fields.Date.context_today(self), unit) - length
        return start, start + length - relativedelta(days=1)

    @api.model
    def _open(self, company, kind, date_from, date_to):
        domain = [
            ("company_id", "=", company.id),
            ("kind", "=", kind),
            ("date_from", "=", date_from),
            ("team_id", "=", False),
        ]
        if self.search_count(domain, limit=1):
            return
        review = self.create(
            {
                "company_id": company.id,
                "kind": kind,
                "date_from": date_from,
                "date_to": date_to,
                "user_id": False,
            }
        )
        keepers = self.env.ref("customer_archive.group_archive_keeper").all_user_ids
        for keeper in keepers.filtered(
            lambda user: user.active and company in user.company_ids
        ):
            review.with_context(mail_activity_quick_update=True).activity_schedule(
                "customer_archive.mail_activity_type_review", user_id=keeper.id
            )
