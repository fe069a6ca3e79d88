from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

# What the customers of a period are divided by: section, column of ``d`` or ``c``.
SECTIONS = {
    "total": SQL("NULL"),
    "country": SQL("c.country_id"),
    "region": SQL("c.state_id"),
    "industry": SQL("c.industry_id"),
    "nature": SQL("d.company_nature"),
    "tier": SQL("d.tier_id"),
    "class": SQL("d.customer_class"),
    "team": SQL("d.team_id"),
}


class CustomerAnalysis(models.Model):
    """Analysis of the customers for a period, which a leader reads and signs.

    S4-11 to S4-15, S2-56. The figures are those of the moment it was drawn up, and of
    the dossiers open to whoever drew it up.
    """

    _name = "customer.analysis"
    _description = "Analysis Report"
    _order = "date_to desc, id desc"

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.start_of(self._get_last_quarter(), "quarter"),
    )
    date_to = fields.Date(
        string="To",
        required=True,
        default=lambda self: fields.Date.end_of(self._get_last_quarter(), "quarter"),
    )
    user_id = fields.Many2one(
        "res.users",
        string="Drawn Up By",
        readonly=True,
        default=lambda self: self.env.user,
    )
    drawn_date = fields.Datetime(string="Drawn Up On", readonly=True)
    state = fields.Selection(
        [("draft", "Draft"), ("drawn", "Drawn Up"), ("signed", "Read and Signed")],
        required=True,
        readonly=True,
        default="draft",
    )
    line_ids = fields.One2many("customer.analysis.line", "analysis_id", "Figures")
    summary = fields.Text(
        help="What the figures mean: weak points, focus, measures (S2-56, S3-7)."
    )
    signed_by_id = fields.Many2one("res.users", string="Read By", readonly=True)
    signed_date = fields.Datetime(string="Read On", readonly=True)
    leader_note = fields.Text(string="The Leader's Remarks")

    _dates_ordered = models.Constraint(
        "CHECK(date_to >= date_from)", "A period ends after it begins."
    )

    @api.model
    def _get_last_quarter(self):
        """A day of the quarter that is over."""
        return fields.Date.subtract(fields.Date.context_today(self), months=3)

    @api.depends("date_from", "date_to")
    @api.depends_context("lang")
    def _compute_name(self):
        for analysis in self:
            analysis.name = self.env._(
                "Analysis %(start)s – %(end)s",
                start=analysis.date_from,
                end=analysis.date_to,
            )

    @api.depends("name")
    def _compute_display_name(self):
        for analysis in self:
            analysis.display_name = analysis.name

    def write(self, vals):
        """
        :raises UserError: for a report that a leader has signed
        """
        if not self.env.su and any(analysis.state == "signed" for analysis in self):
            raise UserError(self.env._("A report that was signed stays as it is."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        if any(analysis.state == "signed" for analysis in self):
            raise UserError(self.env._("A report that was signed stays as it is."))

    # ------------------------------------------------------------------
    # On its way
    # ------------------------------------------------------------------

    def action_draw(self):
        """Count anew."""
        self.check_access("write")
        for analysis in self:
            analysis.line_ids.unlink()
            analysis._draw()
        self.write({"state": "drawn", "drawn_date": fields.Datetime.now()})

    def action_sign(self):
        """Say that a leader has read it (S4-15).

        :raises UserError: for whoever drew it up
        """
        self.check_access("write")
        for analysis in self:
            if analysis.state != "drawn":
                raise UserError(self.env._("Draw the figures up first."))
            if analysis.user_id == self.env.user:
                raise UserError(
                    self.env._("You drew it up yourself; a leader reads and signs it.")
                )
        self.write(
            {
                "state": "signed",
                "signed_by_id": self.env.uid,
                "signed_date": fields.Datetime.now(),
            }
        )

    def action_spreadsheet(self):
        """The same figures as a spreadsheet, with charts."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/customer_archive/analysis/{self.id}",
            "target": "download",
        }

    # ------------------------------------------------------------------
    # Counting
    # ------------------------------------------------------------------

    def _get_population(self):
        """Domain of the customers counted: in force when the period ended."""
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("state", "in", ("filed", "closed"))
            & Domain("open_date", "<=", self.date_to)
            & (
                Domain("closed_date", "=", False)
                | Domain("closed_date", ">", self.date_to)
            )
        )

    def _draw(self):
        """Write the figures of all sections, in one statement."""
        self.ensure_one()
        self.env["customer.dossier"].flush_model()
        self.env["customer.transaction"].flush_model()
        self.env["customer.feedback"].flush_model()
        self.env["res.partner"].flush_model(["country_id", "state_id", "industry_id"])
        # as the user: what is closed to him is not counted for him
        found = self.env["customer.dossier"].sudo(False)._search(self._get_population())
        if found.is_empty():
            return
        length = self.date_to - self.date_from
        before = self.date_from - timedelta(days=1)
        values = SQL(", ").join(
            SQL("(%s)::text AS %s", value, SQL.identifier(section))
            for section, value in SECTIONS.items()
        )
        sets = SQL(", ").join(
            SQL("(%s)", SQL.identifier(section)) for section in SECTIONS
        )
        self.env.cr.execute(
            SQL(
                """
                WITH population AS (%(population)s), trade AS (
                    SELECT t.dossier_id,
                           sum(t.amount_company)
                               FILTER (WHERE t.date >= %(start)s) AS amount,
                           sum(t.amount_company)
                               FILTER (WHERE t.date < %(start)s) AS previous,
                           count(*) FILTER (WHERE t.date >= %(start)s) AS deals
                      FROM customer_transaction t
                     WHERE t.active AND t.date BETWEEN %(before)s AND %(end)s
                  GROUP BY t.dossier_id
                ), heard AS (
                    SELECT f.dossier_id, sum(f.rating::int) AS points,
                           count(f.rating) AS ratings,
                           count(*) FILTER (WHERE f.kind = 'complaint') AS complaints
                      FROM customer_feedback f
                     WHERE f.active AND f.date BETWEEN %(start)s AND %(end)s
                  GROUP BY f.dossier_id
                ), counted AS (
                    SELECT %(values)s, trade.amount, trade.previous, trade.deals,
                           heard.points, heard.ratings, heard.complaints,
                           %(candidate)s AS is_candidate
                      FROM population
                      JOIN customer_dossier d ON d.id = population.id
                      JOIN res_partner c ON c.id = d.partner_id
                 LEFT JOIN trade ON trade.dossier_id = d.id
                 LEFT JOIN heard ON heard.dossier_id = d.id
                )
                INSERT INTO customer_analysis_line (
                    analysis_id, section, value, customer_count, buyer_count,
                    deal_count, amount, previous_amount, satisfaction, complaint_count,
                    candidate_count, create_uid, create_date, write_uid, write_date)
                SELECT %(analysis)s, %(section)s,
                       COALESCE(%(columns)s),
                       count(*), count(NULLIF(deals, 0)), COALESCE(sum(deals), 0),
                       COALESCE(sum(amount), 0), COALESCE(sum(previous), 0),
                       COALESCE(sum(points)::float / NULLIF(sum(ratings), 0), 0),
                       COALESCE(sum(complaints), 0),
                       count(*) FILTER (WHERE is_candidate),
                       %(uid)s, now() AT TIME ZONE 'UTC',
                       %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM counted
              GROUP BY GROUPING SETS (%(sets)s)
                """,
                population=found.select(),
                start=self.date_from,
                end=self.date_to,
                before=before - length,
                values=values,
                candidate=self._to_sql_candidate(),
                analysis=self.id,
                section=self._to_sql_section(),
                columns=SQL(", ").join(map(SQL.identifier, SECTIONS)),
                sets=sets,
                uid=self.env.uid,
            )
        )
        self.invalidate_recordset(["line_ids"])
        lines = self.line_ids
        self.env.add_to_compute(lines._fields["section_rank"], lines)
        for line in lines:
            # sudo: the name that whoever draws it up reads in the line
            line.sudo().label = line.with_context(lang=self.user_id.lang).name
        self._count_shares()

    def _to_sql_section(self):
        whens = SQL(" ").join(
            SQL("WHEN GROUPING(%s) = 0 THEN %s", SQL.identifier(section), section)
            for section in SECTIONS
        )
        return SQL("CASE %s END", whens)

    def _to_sql_candidate(self):
        """Whether the last evaluation names the customer ``d`` for a better tier."""
        return SQL(
            """
            EXISTS (SELECT 1 FROM customer_tier_run_line l
                      JOIN customer_tier_run r ON r.id = l.run_id
                     WHERE l.dossier_id = d.id AND l.candidate = 'up'
                       AND r.state = 'applied')
            """
        )

    def _count_shares(self):
        """What part of all each line is, in percent."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_analysis_line l
                   SET customer_share = 100.0 * l.customer_count
                           / NULLIF(t.customer_count, 0),
                       amount_share = COALESCE(
                           100 * l.amount / NULLIF(t.amount, 0), 0),
                       growth = CASE WHEN l.previous_amount > 0 THEN
                           100 * (l.amount - l.previous_amount) / l.previous_amount
                           END
                  FROM customer_analysis_line t
                 WHERE l.analysis_id = %(analysis)s AND t.analysis_id = %(analysis)s
                   AND t.section = 'total'
                """,
                analysis=self.id,
            )
        )
        self.line_ids.invalidate_recordset()
