from odoo import api, models
from odoo.tools import SQL

from .customer_tier_run import AT_ONCE

SLICE_SIZE = 5000


class CustomerTierRun(models.Model):
    """How a run is applied and undone: in slices, each a transaction of its own.

    Nobody waits for more than a slice. The run remembers the last line that is done
    in the transaction that did it, so one that was cut off goes on where it was.
    """

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.tier.run"

    def _go_on_soon(self):
        """Apply (or undo) small runs now, large ones in the background."""
        for run in self:
            if run.line_count > AT_ONCE:
                run._run_soon()
            else:
                while run._go_on():
                    pass

    @api.model
    def _cron_go_on(self):
        """Go on with whatever runs were begun, the oldest first."""
        for run in self.search([("state", "=", "proposing")], order="id"):
            run._propose()
            self.env["ir.cron"]._commit_progress(1)
        under_way = [("state", "in", ("applying", "undoing"))]
        for run in self.search(under_way, order="applied_date, id"):
            while run._go_on():
                if not self.env["ir.cron"]._commit_progress(1):
                    # time is up; the next call goes on
                    return self._run_soon()
            self.env["ir.cron"]._commit_progress(1)

    def _go_on(self):
        """Do the next slice of lines.

        :return: whether there is more to do
        """
        # sudo: what was approved is applied to every customer of the run
        run = self.sudo()
        # two workers never do the same slice
        run.lock_for_update()
        run.invalidate_recordset(["state", "last_line"])
        if run.state not in ("applying", "undoing"):
            return False
        run.env["customer.tier.run.line"].flush_model()
        rows = run.env.execute_query(
            SQL(
                "SELECT max(id) FROM (SELECT id FROM customer_tier_run_line"
                " WHERE run_id = %s AND id > %s ORDER BY id LIMIT %s) AS slice",
                run.id,
                run.last_line,
                SLICE_SIZE,
            )
        )
        last = rows[0][0]
        if last is None:
            run._finish_slices()
            return False
        if run.state == "applying":
            run._remember_before(last)
        run.env["customer.dossier"]._apply_tiers(
            run._to_sql_slice(last),
            cause="run" if run.state == "applying" else "undo",
            run=run,
        )
        run.last_line = last
        run.flush_recordset(["last_line"])
        return True

    def _finish_slices(self):
        self._set_state("applied" if self.state == "applying" else "undone")
        # completeness and update intervals go by tier
        self.env["customer.dossier"]._recount_soon()

    def _remember_before(self, last):
        """Correct what undoing restores where it changed since the proposal."""
        self.env["customer.dossier"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_tier_run_line l
                   SET computed_before = COALESCE(d.computed_tier_id, 0)
                  FROM customer_dossier d
                 WHERE d.id = l.dossier_id AND l.run_id = %s
                   AND l.id > %s AND l.id <= %s
                   AND l.computed_before <> COALESCE(d.computed_tier_id, 0)
                """,
                self.id,
                self.last_line,
                last,
            )
        )
        self.env["customer.tier.run.line"].invalidate_model(["computed_before"])

    def _to_sql_slice(self, last):
        """The dossiers of the next slice, each with the tier it is to have."""
        tier = SQL("l.final_tier_id")
        if self.state == "undoing":
            tier = SQL("NULLIF(l.computed_before, 0)")
        return SQL(
            "SELECT l.dossier_id, %s AS computed_tier_id, l.change_reason AS reason"
            " FROM customer_tier_run_line l"
            " WHERE l.run_id = %s AND l.id > %s AND l.id <= %s",
            tier,
            self.id,
            self.last_line,
            last,
        )
