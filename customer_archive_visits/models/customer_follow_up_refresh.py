from odoo import api, fields, models
from odoo.tools import SQL

from .customer_interaction import RANKS

# What counts for a rhythm. Who visits a customer talks to him as well.
COUNTING = {"call": ("call", "visit", "meeting"), "visit": ("visit",)}
# Columns that the refresh works out, in the order of its query.
FRESH = (
    "user_id",
    "tier_id",
    "interval_number",
    "interval_type",
    "min_rank",
    "is_own_rhythm",
    "start_date",
    "last_date",
    "due_date",
    "postponed_date",
    "postpone_reason",
    "action_date",
    "raised_date",
)


class CustomerFollowUp(models.Model):
    """Works out what is due when: one statement, whatever the number of dossiers."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.follow.up"

    @api.model
    def _refresh(self, company, desks):
        """Make and bring up to date the follow-ups of dossiers of ``company``.

        What has changed is written, nothing else, so that two of these seldom wait for
        each other. Steps that are looked at more than once are materialized, or
        PostgreSQL would work them out each time.

        :param desks: {dossier id: id of who is responsible, or None}
        :return: number of rows written
        """
        if not desks:
            return 0
        self._flush_counted()
        rows = self.env.execute_query(
            SQL(
                """
                WITH %(tables)s, clock AS MATERIALIZED (%(clock)s),
                     base AS MATERIALIZED (%(base)s), raw AS (%(raw)s),
                     due AS MATERIALIZED (%(due)s), fresh AS (%(fresh)s)
                INSERT INTO customer_follow_up AS f (dossier_id, channel, %(names)s)
                SELECT dossier_id, channel, %(names)s FROM fresh
                 WHERE due_date IS NOT NULL OR id IS NOT NULL
              ORDER BY dossier_id, channel
                    ON CONFLICT (dossier_id, channel) DO UPDATE
                   SET (%(names)s) = ROW(%(excluded)s)
                 WHERE (%(current)s) IS DISTINCT FROM (%(excluded)s)
             RETURNING id
                """,
                tables=self._to_sql_tables(company, desks),
                clock=self._to_sql_clock(),
                base=self._to_sql_base(company),
                raw=self._to_sql_raw(),
                due=self._to_sql_due(company),
                fresh=self._to_sql_fresh(),
                names=_join(FRESH),
                excluded=_join(FRESH, "excluded"),
                current=_join(FRESH, "f"),
            )
        )
        self.invalidate_model()
        return len(rows)

    @api.model
    def _flush_counted(self):
        """Have the database know what the statement counts."""
        for name in ("dossier", "cadence", "cadence.override", "interaction"):
            self.env[f"customer.{name}"].flush_model()
        self.flush_model()

    @api.model
    def _get_today(self, company):
        """The day by the clock of the company, whoever asks."""
        return fields.Date.context_today(self.with_context(tz=self._get_tz(company)))

    @api.model
    def _get_tz(self, company):
        """Name of the time zone by which the company works."""
        # sudo: no secret; the calendar may be closed to who asks
        return company.sudo().resource_calendar_id.tz or "UTC"

    @api.model
    def _to_sql_tables(self, company, desks):
        """Small tables: desks, working days by person, and the rhythms of tiers."""
        users = self.env["res.users"].browse({*desks.values()} - {None})
        workdays = self.env["resource.calendar"]._get_workdays(
            company, users, self._get_today(company)
        )
        return SQL(
            """
            desk AS (SELECT * FROM unnest(%(dossiers)s::int[], %(users)s::int[])
                  AS desk(dossier_id, user_id)),
            workday(user_id, dates) AS (VALUES %(workdays)s),
            cadence AS (
                SELECT DISTINCT ON (tier_id, channel) *
                  FROM customer_cadence
                 WHERE company_id IS NULL OR company_id = %(company)s
              ORDER BY tier_id, channel, company_id NULLS LAST)
            """,
            dossiers=list(desks),
            users=list(desks.values()),
            workdays=SQL(", ").join(
                SQL("(%s::int, %s::date[])", user_id or None, days)
                for user_id, days in workdays.items()
            ),
            company=company.id,
        )

    @api.model
    def _to_sql_clock(self):
        """Each dossier and channel with its rhythm, if one holds, and its old row."""
        return SQL(
            """
            SELECT d.id AS dossier_id, channels.channel, f.id, desk.user_id,
                   d.tier_id,
                   COALESCE(o.interval_number, c.interval_number) AS interval_number,
                   COALESCE(o.interval_type, c.interval_type) AS interval_type,
                   CASE WHEN o.id IS NULL THEN c.min_rank ELSE o.min_rank END
                        AS min_rank,
                   o.id IS NOT NULL AS is_own_rhythm,
                   f.tier_id AS old_tier_id, f.start_date AS old_start_date,
                   f.last_date AS old_last_date, f.due_date AS old_due_date,
                   f.postponed_date, f.postpone_reason, f.raised_date
              FROM desk
              JOIN customer_dossier d ON d.id = desk.dossier_id
        CROSS JOIN (VALUES ('call'), ('visit')) channels(channel)
         LEFT JOIN customer_follow_up f
                ON f.dossier_id = d.id AND f.channel = channels.channel
         LEFT JOIN customer_cadence_override o
                ON o.dossier_id = d.id AND o.channel = channels.channel AND o.active
               AND d.state = 'filed' AND d.active
         LEFT JOIN cadence c
                ON c.tier_id = d.tier_id AND c.channel = channels.channel
               AND d.state = 'filed' AND d.active
            """
        )

    @api.model
    def _to_sql_base(self, company):
        """The same, with the days from which the clock runs.

        A customer's clock starts on the day it came under the rhythm, never before.
        """
        ranks = [code for code, _label in RANKS]
        return SQL(
            """
            SELECT clock.*,
                   CASE WHEN interval_number IS NULL THEN NULL
                        WHEN old_due_date IS NULL
                          OR old_tier_id IS DISTINCT FROM tier_id THEN %(today)s
                        ELSE old_start_date END AS start_date,
                   (SELECT (i.date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date
                      FROM customer_interaction i
                     WHERE i.dossier_id = clock.dossier_id AND i.active
                       AND i.is_reached
                       AND i.channel = ANY (CASE clock.channel
                               WHEN 'call' THEN %(call)s ELSE %(visit)s END)
                       AND (clock.min_rank IS NULL
                            OR array_position(%(ranks)s, i.highest_rank)
                            >= array_position(%(ranks)s, clock.min_rank))
                  ORDER BY i.date DESC LIMIT 1) AS last_date
              FROM clock
            """,
            today=self._get_today(company),
            tz=self._get_tz(company),
            call=list(COUNTING["call"]),
            visit=list(COUNTING["visit"]),
            ranks=SQL("%s::varchar[]", ranks),
        )

    @api.model
    def _to_sql_raw(self):
        """The same, with the last day the interval allows."""
        return SQL(
            """
            SELECT base.*, since, raw_date
              FROM base,
           LATERAL (SELECT GREATEST(start_date, last_date) AS since) s,
           LATERAL (SELECT (since + CASE interval_type
                               WHEN 'day' THEN make_interval(days => interval_number)
                               WHEN 'week' THEN make_interval(weeks => interval_number)
                               ELSE make_interval(months => interval_number)
                               END)::date AS raw_date) r
            """
        )

    @api.model
    def _to_sql_due(self, company):
        """The same, due on a working day: that last day, or the one before it.

        First contacts are spread, earlier and evenly, over a part of the interval.
        Where nobody works in all of it, the first working day after it. Beyond the
        days that are known a date stays as it is until they come near.
        """
        policy = self.env["customer.archive.policy"]._get_policy(company)
        return SQL(
            """
            SELECT raw.*, CASE
                   WHEN raw_date BETWEEN days[1] AND days[array_length(days, 1)]
                   THEN COALESCE(days[GREATEST(
                        width_bucket(raw_date, days) - dossier_id %% width,
                        width_bucket(since, days) + 1)], raw_date)
                   ELSE raw_date END AS due_date
              FROM raw
              JOIN workday everyone ON everyone.user_id IS NULL
         LEFT JOIN workday own ON own.user_id = raw.user_id,
           LATERAL (SELECT COALESCE(own.dates, everyone.dates) AS days) k,
           LATERAL (SELECT CASE WHEN last_date >= start_date THEN 1 ELSE GREATEST(1,
                        width_bucket(raw_date, days) - width_bucket(
                            raw_date - (raw_date - since) * %s / 100, days))
                        END AS width) w
            """,
            policy.rhythm_spread,
        )

    @api.model
    def _to_sql_fresh(self):
        """The rows as they are to be; what was put off holds until the clock moves."""
        return SQL(
            """
            SELECT id, dossier_id, channel, user_id, tier_id, interval_number,
                   interval_type, min_rank, is_own_rhythm, start_date, last_date,
                   due_date,
                   CASE WHEN goes_on THEN postponed_date END AS postponed_date,
                   CASE WHEN goes_on THEN postpone_reason END AS postpone_reason,
                   CASE WHEN due_date IS NOT NULL THEN GREATEST(due_date,
                        CASE WHEN goes_on THEN postponed_date END) END AS action_date,
                   CASE WHEN goes_on THEN raised_date END AS raised_date
              FROM due,
           LATERAL (SELECT (start_date, last_date)
                           IS NOT DISTINCT FROM (old_start_date, old_last_date)
                       AND due_date IS NOT NULL AS goes_on) g
            """
        )


def _join(names, alias=None):
    return SQL(", ").join(
        SQL.identifier(alias, name) if alias else SQL.identifier(name) for name in names
    )
