from odoo import api, models
from odoo.tools import SQL

SLICE_SIZE = 20000


class CustomerDossier(models.Model):
    """Counts all dossiers anew after the numbers of the policy have changed.

    Set-based, in slices: what was cut off is continued by the next run.
    """

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    @api.model
    def _recount_soon(self):
        """Have the scheduler count all dossiers anew."""
        # sudo: starts a job of the archive, whatever the administrator's rights
        cron = self.env.ref(
            "customer_archive.ir_cron_recount", raise_if_not_found=False
        )
        if cron:
            cron.sudo()._trigger()

    @api.model
    def _cron_recount(self):
        slices = self._get_slices()
        self.env["ir.cron"]._commit_progress(remaining=len(slices))
        for low, high in slices:
            self._recompute_completeness(low, high)
            self._recompute_due_dates(low, high)
            self._recompute_class(low, high)
            self._recompute_retention(low, high)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    @api.model
    def _get_slices(self):
        """Ranges of ids: from the first number up to, without, the second."""
        ((last,),) = self.env.execute_query(
            SQL("SELECT COALESCE(max(id), 0) FROM customer_dossier")
        )
        return [(low, low + SLICE_SIZE) for low in range(0, last + 1, SLICE_SIZE)]

    @api.model
    def _recompute_completeness(self, low, high):
        """Do what ``_compute_completeness`` does, in one statement.

        :return: number of dossiers changed
        """
        self.flush_model()
        items = self._get_required_items()
        asked = SQL(" + ").join(item._to_sql_asked() for item in items)
        met = SQL(" + ").join(item._to_sql_met() for item in items)
        rows = self.env.execute_query(
            SQL(
                """
                WITH counted AS (
                    SELECT d.id, %(asked)s AS asked, %(met)s AS met
                      FROM customer_dossier d
                      JOIN res_partner c ON c.id = d.partner_id
                     WHERE d.id >= %(low)s AND d.id < %(high)s
                ), fresh AS (
                    SELECT id, CASE asked WHEN 0 THEN 100
                               ELSE 100 * met / asked END AS completeness
                      FROM counted
                )
                UPDATE customer_dossier d SET completeness = fresh.completeness
                  FROM fresh
                 WHERE fresh.id = d.id
                   AND d.completeness IS DISTINCT FROM fresh.completeness
             RETURNING d.id
                """,
                asked=asked or SQL("0"),
                met=met or SQL("0"),
                low=low,
                high=high,
            )
        )
        self.invalidate_model(["completeness"])
        return len(rows)

    @api.model
    def _recompute_due_dates(self, low, high):
        """Do what the computes of both due dates do, in one statement.

        :return: number of dossiers changed
        """
        self.flush_model()
        self.env["customer.archive.policy"].flush_model()
        self.env["customer.tier"].flush_model()
        default = self.env["customer.archive.policy"].new({})
        rows = self.env.execute_query(
            SQL(
                """
                WITH fresh AS (
                    SELECT d.id,
                           d.first_contact_date
                           + COALESCE(p.opening_days, %(opening)s) AS opening_due_date,
                           COALESCE(d.last_update_date, d.open_date)
                           + COALESCE(NULLIF(t.update_days, 0), p.update_days,
                                      %(update)s) AS update_due_date
                      FROM customer_dossier d
                 LEFT JOIN customer_tier t ON t.id = d.tier_id
                 LEFT JOIN customer_archive_policy p ON p.company_id = d.company_id
                     WHERE d.id >= %(low)s AND d.id < %(high)s
                )
                UPDATE customer_dossier d
                   SET opening_due_date = fresh.opening_due_date,
                       update_due_date = fresh.update_due_date
                  FROM fresh
                 WHERE fresh.id = d.id
                   AND (d.opening_due_date, d.update_due_date) IS DISTINCT FROM
                       (fresh.opening_due_date, fresh.update_due_date)
             RETURNING d.id
                """,
                opening=default.opening_days,
                update=default.update_days,
                low=low,
                high=high,
            )
        )
        self.invalidate_model(["opening_due_date", "update_due_date"])
        return len(rows)
