import logging
from datetime import timedelta

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

SWEEP_SIZE = 5000
ATTEMPTS = 5
ACTIVITY_TYPES = {
    "call": "mail_activity_type_call",
    "visit": "mail_activity_type_visit",
    "escalation": "mail_activity_type_escalation",
}


class CustomerFollowUp(models.Model):
    """Puts what is due on desks, takes back what is pointless, tells superiors.

    Set-based: a few statements a slice of dossiers, each slice for itself, so that a
    run that was cut off is simply continued by the next.
    """

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.follow.up"

    @api.model
    def _sweep_soon(self):
        """Have the scheduler work out all due dates anew."""
        # sudo: starts a job of the archive, whatever the administrator's rights
        cron = self.env.ref(
            "customer_archive_visits.ir_cron_follow_up_sweep", raise_if_not_found=False
        )
        if cron:
            cron.sudo()._trigger()

    @api.model
    def _cron_sweep(self):
        """Go through all dossiers, slice by slice."""
        slices = self._get_dossier_slices()
        self.env["ir.cron"]._commit_progress(remaining=len(slices))
        for low, high in slices:
            self._sweep_again(low, high)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    @api.model
    def _sweep_again(self, low, high):
        """Sweep a slice, again where somebody wrote in it at the same moment.

        One that is in use all the time waits for the next run; the rest doesn't.
        """
        for _attempt in range(ATTEMPTS):
            try:
                return self._sweep(low, high)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()
        _logger.info("Calls and visits from dossier %s on wait for the next run", low)
        return 0

    @api.model
    def _get_sweep_size(self):
        """How many dossiers a slice holds."""
        return SWEEP_SIZE

    @api.model
    def _get_dossier_slices(self):
        """Ranges of ids of dossiers, each with about as many as a slice holds."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM (
                    SELECT id, row_number() OVER (ORDER BY id) AS place
                      FROM customer_dossier) d
                 WHERE place %% %s = 1 ORDER BY id
                """,
                self._get_sweep_size(),
            )
        )
        lows = [id_ for (id_,) in rows]
        return list(zip(lows, [*lows[1:], None], strict=False))

    @api.model
    def _sweep(self, low, high=None):
        """Work out what is due at the dossiers from ``low`` up to, without, ``high``.

        :return: number of activities made
        """
        domain = [("id", ">=", low)] + ([("id", "<", high)] if high else [])
        dossiers = self.env["customer.dossier"].with_context(active_test=False)
        dossiers = dossiers.search_fetch(domain, ["company_id", "user_id", "team_id"])
        made = 0
        dossiers._refresh_follow_ups()
        for company, own in dossiers.grouped("company_id").items():
            made += self._raise_due(company, own)
            made += self._escalate(company, own)
        return made

    # ------------------------------------------------------------------
    # Raising
    # ------------------------------------------------------------------

    @api.model
    def _raise_due(self, company, dossiers):
        """Put on desks what is due and lies on none.

        :return: number of activities made
        """
        today = self._get_today(company)
        made = 0
        for channel in ("call", "visit"):
            picked = SQL(
                """
                SELECT f.id, f.dossier_id, f.user_id, f.action_date AS date
                  FROM customer_follow_up f
                 WHERE f.dossier_id IN %s AND f.channel = %s
                   AND f.action_date <= %s
                   AND f.user_id IS NOT NULL AND f.activity_id IS NULL
              ORDER BY f.dossier_id
                   FOR NO KEY UPDATE OF f SKIP LOCKED
                """,
                dossiers._ids,
                channel,
                today,
            )
            written = SQL(
                """
                activity_id = made.activity_id,
                raised_date = COALESCE(f.raised_date, %s)
                """,
                today,
            )
            made += self._make_activities(ACTIVITY_TYPES[channel], picked, written)
        return made

    @api.model
    def _escalate(self, company, dossiers):
        """Tell superiors of what stays overdue.

        :return: number of activities made
        """
        policy = self.env["customer.archive.policy"]._get_policy(company)
        today = self._get_today(company)
        limit = today - timedelta(days=policy.escalation_days)
        late = self.search_fetch(
            [
                ("dossier_id", "in", dossiers.ids),
                ("due_date", "<", limit),
                "|",
                ("raised_date", "=", False),
                ("raised_date", "<", limit),
                ("escalation_id", "=", False),
            ],
            ["dossier_id", "user_id"],
        )
        if not late:
            return 0
        responsible = {f.dossier_id.id: f.user_id.id for f in late}
        desks = late.dossier_id._get_superior_desks(responsible)
        picked = SQL(
            """
            SELECT f.id, f.dossier_id, desk.user_id, %s::date AS date
              FROM customer_follow_up f
              JOIN unnest(%s::int[], %s::int[]) desk(dossier_id, user_id)
             USING (dossier_id)
             WHERE f.id IN %s AND f.escalation_id IS NULL AND desk.user_id IS NOT NULL
          ORDER BY f.dossier_id, f.channel
               FOR NO KEY UPDATE OF f SKIP LOCKED
            """,
            today,
            list(desks),
            list(desks.values()),
            late._ids,
        )
        return self._make_activities(
            ACTIVITY_TYPES["escalation"],
            picked,
            SQL("escalation_id = made.activity_id"),
        )

    @api.model
    def _make_activities(self, type_name, picked, written):
        """Make an activity on the dossier of each row, and write on it which one.

        :param SQL picked: a query of ``id, dossier_id, user_id, date``, locking its
            rows: what another server has in hand is left to it
        :param SQL written: what is set on the row ``f``, by the row of ``made``
        :return: number of activities made
        """
        dossiers = self.env["customer.dossier"]
        dossiers.flush_model()
        self.flush_model()
        made = dossiers._put_on_desks(
            self.env.ref(f"customer_archive_visits.{type_name}"),
            SQL(
                """
                SELECT d.id, concat(d.number, ' ', d.partner_name) AS name,
                       picked.user_id, picked.date, picked.id AS follow_up_id
                  FROM (%s) picked
                  JOIN customer_dossier d ON d.id = picked.dossier_id
                """,
                picked,
            ),
            then=SQL(
                """
                UPDATE customer_follow_up f SET %s
                  FROM made WHERE f.id = made.follow_up_id
             RETURNING f.id
                """,
                written,
            ),
        )
        self.invalidate_model()
        return made

    # ------------------------------------------------------------------
    # Taking back
    # ------------------------------------------------------------------

    @api.model
    def _settle(self, dossiers):
        """Take back what lies on a desk and need not be done, or not by that person.

        What somebody ticked off is let go, so that it can come back when due again.
        """
        if not dossiers:
            return
        self.env["mail.activity"].flush_model()
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT a.id, a.active
                  FROM customer_follow_up f
                  JOIN mail_activity a ON a.id = f.activity_id
                 WHERE f.dossier_id IN %(dossiers)s
                   AND (NOT a.active OR f.due_date IS NULL
                        OR a.date_deadline != f.action_date
                        OR a.user_id IS DISTINCT FROM f.user_id)
             UNION ALL
                SELECT a.id, a.active
                  FROM customer_follow_up f
                  JOIN mail_activity a ON a.id = f.escalation_id
                 WHERE f.dossier_id IN %(dossiers)s
                   AND (f.due_date IS NULL OR f.due_date > a.date_deadline
                        OR a.active AND a.user_id = f.user_id)
                """,
                dossiers=dossiers._ids,
            )
        )
        activities = self.env["mail.activity"]
        activities.browse(id_ for id_, active in rows if active).unlink()
        self._let_go(activities.browse(id_ for id_, active in rows if not active))

    @api.model
    def _let_go(self, done):
        """Forget activities that were ticked off."""
        for name in ("activity_id", "escalation_id"):
            if done:
                self.search([(name, "in", done.ids)]).write({name: False})
