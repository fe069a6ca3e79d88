from functools import partial
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

# Who may have a task of the sweep on his desk, by the fields of a dossier.
HOLDER_FIELDS = frozenset(("user_id", "keeper_id", "intelligence_user_id", "team_id"))


class Task(NamedTuple):
    """What the sweep raises on dossiers in force, row ``d`` of their table.

    ``type_name`` is its type of activity, ``user`` on whose desk it is put, ``date``
    when it falls due, ``pause`` after how many days it comes back where it was ticked
    off and nothing else happened; NULL: the next day.
    """

    type_name: str
    user: SQL
    date: SQL
    pause: SQL


class CustomerDossier(models.Model):
    """Raises what falls due on dossiers, and takes back what is settled."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    def write(self, vals):
        """Write; tasks leave the desks of those they are no longer for."""
        result = super().write(vals)
        if not HOLDER_FIELDS.isdisjoint(vals):
            # sudo: takes back tasks the archive raised itself; the next sweep raises
            # them for those now responsible
            self.sudo().activity_unlink([task.type_name for task in self._get_tasks()])
        elif not {"state", "active"}.isdisjoint(vals):
            self._settle_tasks()
        return result

    # ------------------------------------------------------------------
    # What is raised
    # ------------------------------------------------------------------

    @api.model
    def _get_tasks(self):
        """What the sweep raises; an addon may add its own.

        :return: list of :class:`Task`
        """
        default = self.env["customer.archive.policy"].new({})
        dormant_days = SQL("COALESCE(p.dormant_days, %s)", default.dormant_days)
        news_days = SQL("NULLIF(t.news_days, 0)")
        months = SQL(
            "NULLIF(COALESCE(p.collect_months, %s), 0)", default.collect_months
        )
        collecting = self._to_sql_collecting_day(months)
        pause = SQL("28 * %s", months)
        return [
            # due updates: S2-25, S2-2, S1-17
            Task(
                "customer_archive.mail_activity_type_update",
                SQL("COALESCE(owner.id, keeper.id)"),
                SQL("d.update_due_date"),
                SQL("NULL::int"),
            ),
            # long without contact: S2-46, the same as is_dormant
            Task(
                "customer_archive.mail_activity_type_dormant",
                SQL("keeper.id"),
                SQL(
                    "COALESCE(d.last_contact_date, d.open_date) + %s + 1", dormant_days
                ),
                dormant_days,
            ),
            # no news from the person who gathers them: S0-20; + 0 keeps PostgreSQL
            # from looking for the last date in the index of all facts by date
            Task(
                "customer_archive.mail_activity_type_news",
                SQL("COALESCE(gatherer.id, owner.id)"),
                SQL(
                    """
                    CASE WHEN d.intelligence_user_id IS NOT NULL THEN (
                        SELECT COALESCE(max(f.learned_date + 0), d.open_date)
                          FROM customer_fact f
                         WHERE f.dossier_id = d.id AND f.active
                    ) + %s END
                    """,
                    news_days,
                ),
                news_days,
            ),
            # originals that are to be handed in, and collected: S3-2
            Task(
                "customer_archive.mail_activity_type_hand_in",
                SQL("owner.id"),
                collecting,
                pause,
            ),
            Task(
                "customer_archive.mail_activity_type_collect",
                SQL("keeper.id"),
                collecting,
                pause,
            ),
        ]

    @api.model
    def _to_sql_collecting_day(self, months):
        """The first day of collection once an original of ``d`` is due (S3-2).

        Those who owe none are sorted out by one look at all that are owed.
        """
        missing = self.env["customer.document"]._to_sql_missing()
        return SQL(
            """
            CASE WHEN d.id IN (SELECT m.dossier_id FROM (%(missing)s) m
                                WHERE m.due <= %(today)s) THEN (
                SELECT make_date(month / 12, month %% 12 + 1, 1)
                  FROM (SELECT ((EXTRACT(YEAR FROM min(m.due) - 1) * 12
                                 + EXTRACT(MONTH FROM min(m.due) - 1) - 1)::int
                                / %(months)s + 1) * %(months)s AS month
                          FROM (%(missing)s) m WHERE m.dossier_id = d.id) first
            ) END
            """,
            missing=missing,
            months=months,
            today=fields.Date.context_today(self),
        )

    @api.model
    def _from_dossiers(self):
        """Dossiers ``d`` with tier, policy, and whoever still holds his post there."""
        return SQL(
            """
            customer_dossier d
            LEFT JOIN customer_tier t ON t.id = d.tier_id
            LEFT JOIN customer_archive_policy p ON p.company_id = d.company_id
            LEFT JOIN res_users owner ON owner.id = d.user_id
                  AND owner.active AND owner.id IN %(users)s
            LEFT JOIN res_users keeper ON keeper.id = d.keeper_id
                  AND keeper.active AND keeper.id IN %(keepers)s
            LEFT JOIN res_users gatherer ON gatherer.id = d.intelligence_user_id
                  AND gatherer.active
                  AND (gatherer.id IN %(readers)s
                       OR gatherer.id IN %(supervisors)s AND EXISTS (
                            SELECT 1 FROM crm_team team
                         LEFT JOIN crm_team_archive_supervisor_rel named
                                ON named.crm_team_id = team.id
                             WHERE team.id = d.team_id
                               AND gatherer.id IN (team.user_id, named.res_users_id)))
            """,
            users=self._get_holders("group_archive_user"),
            keepers=self._get_holders("group_archive_keeper"),
            readers=self._get_holders("group_archive_manager", "group_archive_keeper"),
            supervisors=self._get_holders("group_archive_supervisor"),
        )

    @api.model
    def _get_holders(self, *names):
        """Sub-query of the users in one of these groups."""
        groups = self.env["res.groups"]
        for name in names:
            group = self.env.ref(f"customer_archive.{name}")
            groups |= group | group.all_implied_by_ids
        return SQL(
            "(SELECT uid FROM res_groups_users_rel WHERE gid IN %s)", groups._ids
        )

    @api.model
    def _flush_swept(self):
        for name in (
            "dossier",
            "fact",
            "tier",
            "archive.policy",
            "document",
            "document.kind",
        ):
            self.env[f"customer.{name}"].flush_model()
        self.env["mail.activity"].flush_model()

    # ------------------------------------------------------------------
    # Raising
    # ------------------------------------------------------------------

    @api.model
    def _cron_raise_updates(self):
        """Put what is due on the desks of those responsible, slice by slice."""
        self._settle_tasks(everywhere=True)
        for task in self._get_tasks():
            if not self._raise_in_slices(partial(self._raise_task, task)):
                return

    @api.model
    def _raise_updates(self, limit):
        """Raise up to ``limit`` due updates.

        :return: number of activities made
        """
        return self._raise_task(self._get_tasks()[0], limit)

    @api.model
    def _raise_task(self, task, limit):
        """Raise the activity of up to ``limit`` dossiers where ``task`` is due.

        Only for somebody who still holds the post the record rules ask of him.

        :return: number of activities made
        """
        self._flush_swept()
        activity_type = self.env.ref(task.type_name)
        due = SQL(
            """
            SELECT d.id, concat(d.number, ' ', d.partner_name) AS name,
                   %(user)s AS user_id, %(date)s AS date
              FROM %(dossiers)s
             WHERE d.state = 'filed' AND d.active
               AND %(date)s <= %(today)s
               AND EXISTS (SELECT 1 FROM res_company_users_rel c
                            WHERE c.cid = d.company_id AND c.user_id = %(user)s)
               AND NOT EXISTS (
                    SELECT 1 FROM mail_activity a
                     WHERE a.res_model = 'customer.dossier'
                       AND a.res_id = d.id AND a.activity_type_id = %(type)s
                       AND (a.active OR a.date_done + %(pause)s > %(today)s))
          ORDER BY date, d.id
            """,
            user=task.user,
            date=task.date,
            pause=task.pause,
            dossiers=self._from_dossiers(),
            type=activity_type.id,
            today=fields.Date.context_today(self),
        )
        return self._put_on_desks(activity_type, due, limit)

    # ------------------------------------------------------------------
    # Taking back
    # ------------------------------------------------------------------

    def _settle_tasks(self, everywhere=False):
        """Take back what was raised here, or ``everywhere``, and no longer holds."""
        if not (self or everywhere):
            return
        self._flush_swept()
        types = {self.env.ref(task.type_name).id: task for task in self._get_tasks()}
        settled = SQL(" OR ").join(
            SQL(
                "a.activity_type_id = %s AND COALESCE(%s > %s, TRUE)",
                type_id,
                task.date,
                fields.Date.context_today(self),
            )
            for type_id, task in types.items()
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT a.id FROM %(dossiers)s
                  JOIN mail_activity a ON a.res_id = d.id
                 WHERE a.res_model = 'customer.dossier'
                   AND a.active AND a.automated AND a.activity_type_id IN %(types)s
                   AND (d.state != 'filed' OR NOT d.active OR %(settled)s) AND %(here)s
                """,
                dossiers=self._from_dossiers(),
                types=tuple(types),
                settled=settled,
                here=SQL("TRUE") if everywhere else SQL("d.id IN %s", self._ids),
            )
        )
        # sudo: takes back tasks the archive raised itself
        self.env["mail.activity"].sudo().browse(id_ for (id_,) in rows).unlink()
