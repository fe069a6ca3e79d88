from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import retrying
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
            if run.line_count > AT_ONCE or run._is_behind_others():
                run._run_soon()
            else:
                while run._go_on():
                    pass

    def _is_behind_others(self):
        """Whether other runs of the company are still being applied or undone."""
        # sudo: whether there are any, of whoever's making
        others = [
            ("id", "!=", self.id),
            ("company_id", "=", self.company_id.id),
            ("state", "in", ("applying", "undoing")),
        ]
        return bool(self.sudo().search_count(others, limit=1))

    @api.model
    def _cron_go_on(self):
        """Go on with whatever runs were begun, the oldest first."""
        begun = self.search([("state", "=", "proposing")], order="id")
        under_way = self.search(
            [("state", "in", ("applying", "undoing"))], order="applied_date, id"
        )
        # the scheduler comes back as long as it is told that something is left
        left = len(begun) + sum(run._count_steps() for run in under_way)
        self.env["ir.cron"]._commit_progress(remaining=left)
        for step in [run._propose for run in begun] + [run._go_on for run in under_way]:
            is_more = True
            while is_more:
                # where somebody saved one of the dossiers meanwhile, it is done anew
                is_more = retrying(step, self.env)
                if not self.env["ir.cron"]._commit_progress(1):
                    return

    def _count_steps(self):
        """Number of slices that are left, and one step to close the run."""
        done = max(self.done_line, self.first_line - 1)
        return -(-(self.last_line - done) // SLICE_SIZE) + 1

    def _go_on(self):
        """Do the next slice of lines.

        :return: whether there is more to do
        """
        # sudo: what was approved is applied to every customer of the run
        run = self.sudo()
        # two workers never do the same slice
        if not run.try_lock_for_update(allow_referencing=True):
            # the other one may be what is left of a worker that was killed
            run._run_soon(fields.Datetime.now() + timedelta(minutes=1))
            return False
        run.invalidate_recordset(["state", "done_line"])
        if run.state not in ("applying", "undoing"):
            return False
        first = max(run.first_line, run.done_line + 1)
        if not run.line_count or first > run.last_line:
            run._finish_slices()
            return False
        run.env["customer.tier.run.line"].flush_model()
        run._do_slice(first, min(first + SLICE_SIZE - 1, run.last_line))
        return True

    def _do_slice(self, first, last):
        """Apply (or undo) the lines with the ids ``first`` to ``last``."""
        is_applying = self.state == "applying"
        if is_applying:
            self._remember_before(first, last)
        self.env["customer.dossier"]._apply_tiers(
            self._to_sql_picked(first, last),
            cause="run" if is_applying else "undo",
            run=self,
            user=self.applied_by_id if is_applying else self.undone_by_id,
        )
        self.done_line = last
        self.flush_recordset(["done_line"])

    def _is_in_slices(self):
        """Whether applying it takes more than one transaction."""
        return self.line_count > SLICE_SIZE

    def _finish_slices(self):
        """Close the run; hook for what is done once at its end."""
        self._set_state("applied" if self.state == "applying" else "undone")
        # completeness and update intervals go by tier
        self.env["customer.dossier"]._recount_soon()

    def _remember_before(self, first, last):
        """Correct what undoing restores where it changed since the proposal."""
        self.env["customer.dossier"].flush_model()
        # seldom any; and no plan of PostgreSQL's reads the whole run to find none
        changed = self.env.execute_query(
            SQL(
                """
                SELECT slice.id
                  FROM %s
                  JOIN customer_dossier d ON d.id = slice.dossier_id
                 WHERE slice.run_id = %s
                   AND slice.computed_before_id IS DISTINCT FROM d.computed_tier_id
                """,
                self._to_sql_slice(first, last),
                self.id,
            )
        )
        if changed:
            self._remember_today(tuple(line_id for (line_id,) in changed))

    def _remember_today(self, line_ids):
        """Have undoing restore the tier these dossiers have now."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_tier_run_line l
                   SET computed_before_id = d.computed_tier_id
                  FROM customer_dossier d
                 WHERE d.id = l.dossier_id AND l.id IN %s
                """,
                line_ids,
            )
        )
        self.env["customer.tier.run.line"].invalidate_model(["computed_before_id"])

    def _to_sql_picked(self, first, last):
        """The dossiers of a slice, each with the tier it is to have.

        Undoing leaves a dossier alone whose tier was entered after the run.
        """
        tier = SQL("slice.final_tier_id AS computed_tier_id")
        changed = SQL()
        if self.state == "undoing":
            tier = SQL("slice.computed_before_id AS computed_tier_id")
            changed = SQL(
                "JOIN customer_dossier now ON now.id = slice.dossier_id"
                " AND now.computed_tier_id IS NOT DISTINCT FROM slice.final_tier_id"
            )
        return SQL(
            "SELECT slice.dossier_id, %s, slice.change_reason AS reason"
            " FROM %s %s WHERE slice.run_id = %s",
            tier,
            self._to_sql_slice(first, last),
            changed,
            self.id,
        )

    @staticmethod
    def _to_sql_slice(first, last):
        """The lines with these ids, by the primary key; there may be other runs' too.

        OFFSET 0 keeps PostgreSQL from moving the run's id in here: it would then take
        the index of places, and read the whole run for each slice.
        """
        return SQL(
            "(SELECT * FROM customer_tier_run_line WHERE id BETWEEN %s AND %s"
            " OFFSET 0) slice",
            first,
            last,
        )
