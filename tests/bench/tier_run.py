"""Proposing and applying a tier run, against the bare statement that ranks alike.

The bare one sums up each customer's trade of a year, ranks, and writes the tier into
the dossier: no score, no evaluation sheet, no history, and everything in one
transaction. Before each side the tables are rebuilt, so that neither finds what the
other left behind.

Then a run is applied once more while the owners of dossiers save them, each one of the
very slice that is being applied: how long do they wait?
"""

import statistics
import subprocess
import threading
import time
from unittest.mock import patch

from odoo.service.model import retrying
from odoo.tools import mute_logger

from . import fill
from .harness import Result, say

AIM = 2.0
DEALS = 5
# Somebody who saves a dossier waits no longer than the longest slice takes.
AIM_WAIT = 1.0
PAUSE = 0.5
PERIOD_END = "2026-06-30"
# One of the first dossiers of the slice that comes next, with its owner.
NEXT = """
    SELECT d.id, d.user_id
      FROM (SELECT GREATEST(done_line + 1, first_line) + mod(%s, 50) AS line_id
              FROM customer_tier_run WHERE state = 'applying') r
      JOIN customer_tier_run_line l ON l.id = r.line_id
      JOIN customer_dossier d ON d.id = l.dossier_id
"""
BARE = """
    WITH trade AS (
        SELECT dossier_id, sum(amount_company) AS amount
          FROM customer_transaction
         WHERE active AND date <= %(end)s
           AND date > %(end)s::date - make_interval(months => 12)
      GROUP BY dossier_id
    ), ranked AS (
        SELECT d.id, row_number() OVER (
                   ORDER BY COALESCE(trade.amount, 0) DESC, d.open_date, d.number, d.id
               ) AS position, count(*) OVER () AS population
          FROM customer_dossier d
     LEFT JOIN trade ON trade.dossier_id = d.id
         WHERE d.active AND d.state = 'filed'
    )
    UPDATE customer_dossier d
       SET tier_id = CASE WHEN position <= round(population * 0.2) THEN %(a)s
                          WHEN position <= round(population * 0.6) THEN %(b)s
                          ELSE %(c)s END,
           tier_code = CASE WHEN position <= round(population * 0.2) THEN 'A'
                            WHEN position <= round(population * 0.6) THEN 'B'
                            ELSE 'C' END,
           write_uid = 1, write_date = now()
      FROM ranked
     WHERE ranked.id = d.id
"""


def run(size, ours, _baseline):
    say(f"  {size:,} dossiers with {DEALS * size:,} transactions")
    bench = _Bench(ours, size)
    for _round in range(3 if size <= 100_000 else 1):
        bench.compare_once()
    yield Result(
        "tier_run",
        size,
        statistics.median(bench.spent["ours"]),
        statistics.median(bench.spent["bare"]),
        AIM,
    )
    waited, slice_s = bench.apply_while_others_save()
    yield Result("tier_run_wait", size, waited, slice_s, AIM_WAIT)


class _Bench:
    """Customers with trade, and two managers who rank them again and again."""

    def __init__(self, database, size):
        self.database = database
        self.size = size
        self.spent = {"ours": [], "bare": []}
        owners = database.make_users(fill.OWNERS, "customer_archive.group_archive_user")
        self.manager, self.second = database.make_users(
            2, "customer_archive.group_archive_manager", name="manager"
        )
        with database.env() as env:
            before = fill.add_customers(env, size, owners)
            fill.add_dossiers(env, owners, before, size, deals=DEALS)
            env.cr.execute(
                "UPDATE customer_transaction SET"
                " amount = 1 + mod(id::bigint * 7919, 1000003),"
                " amount_company = 1 + mod(id::bigint * 7919, 1000003)"
            )
            self.scheme_id = _make_scheme(env)
            tiers = env["customer.tier"].search([])
            self.tiers = dict(zip("abc", tiers.ids, strict=True))

    def compare_once(self):
        counts = []
        for name, side in (("bare", self.rank_bare), ("ours", self.rank)):
            _reset(self.database)
            start = time.perf_counter()
            side()
            self.spent[name].append(time.perf_counter() - start)
            say(f"  {name}: {self.spent[name][-1]:.1f} s")
            counts.append(_count(self.database))
        assert counts[0] == counts[1], counts

    def rank_bare(self):
        with self.database.env() as env:
            env.cr.execute(BARE, {"end": PERIOD_END, **self.tiers})

    def rank(self):
        """Propose and apply as two managers and the scheduler do."""
        with self.database.env(self.manager) as env:
            run = env["customer.tier.run"].create(
                {"scheme_id": self.scheme_id, "date_to": PERIOD_END}
            )
            run.action_propose()
            env["customer.tier.run"].sudo()._cron_go_on()
            run.action_submit()
            env.cr.commit()
            run.with_user(self.second).action_approve()
            env["customer.tier.run"].sudo()._cron_go_on()
            assert run.state == "applied", run.state

    def apply_while_others_save(self):
        """
        :return: the longest time that somebody waited, and that a slice took
        """
        _reset(self.database)
        waits, totals, slices, is_over = [], [], [], threading.Event()

        def save():
            while not is_over.wait(PAUSE):
                self._save_next(waits, totals)

        others = threading.Thread(target=save)
        # whoever loses a race is logged, and tries again
        with mute_logger("odoo.sql_db"), self._note_slices(slices):
            others.start()
            try:
                self.rank()
            finally:
                is_over.set()
                others.join()
        say(
            f"  {len(totals)} times saved meanwhile: waited {max(waits):.2f} s at most"
            f" ({max(totals):.2f} s with Odoo's pause before it tries again);"
            f" a slice took {statistics.mean(slices):.2f} s,"
            f" {max(slices):.2f} s at most"
        )
        return max(waits), max(slices)

    def _note_slices(self, slices):
        """Add to ``slices`` how long each of them takes, those done in vain too."""
        model = self.database.registry["customer.tier.run"]
        do_slice = model._do_slice

        def note(run, *args):
            start = time.perf_counter()
            try:
                do_slice(run, *args)
            finally:
                slices.append(time.perf_counter() - start)

        return patch.object(model, "_do_slice", note)

    def _save_next(self, waits, totals):
        """Save a dossier of the slice that is being applied, as its owner."""
        with self.database.env() as env:
            env.cr.execute(NEXT, [len(totals)])
            row = env.cr.fetchone()
        if not row:
            return
        dossier_id, owner_id = row
        with self.database.env(owner_id) as env:
            dossier = env["customer.dossier"].browse(dossier_id)

            start = time.perf_counter()

            def write():
                begin = time.perf_counter()
                try:
                    dossier.write({"strategy": f"Saved at {begin}"})
                    env.flush_all()
                finally:
                    waits.append(time.perf_counter() - begin)

            retrying(write, env)
            totals.append(time.perf_counter() - start)


def _make_scheme(env):
    """The year's amount alone decides, as in the bare statement."""
    return (
        env["customer.tier.scheme"]
        .create(
            {
                "name": "Amount",
                "method": "quota",
                "band": 0,
                "criterion_ids": [
                    (0, 0, {"name": "Amount", "measure": "amount", "months": 12})
                ],
            }
        )
        .id
    )


def _count(database):
    """Customers by tier, to see that both sides did the same."""
    with database.env() as env:
        env.cr.execute(
            "SELECT tier_code, count(*) FROM customer_dossier WHERE state = 'filed'"
            " GROUP BY tier_code ORDER BY tier_code"
        )
        return env.cr.fetchall()


def _reset(database):
    """No tiers, no runs, and tables as if nothing had ever been updated.

    Last written by somebody who is on neither side.
    """
    with database.env() as env:
        env.cr.execute("TRUNCATE customer_tier_run_line, customer_tier_history")
        env.cr.execute("UPDATE customer_tier_run SET state = 'cancelled'")
        env.cr.execute(
            "UPDATE customer_dossier SET tier_id = NULL, tier_code = NULL,"
            " computed_tier_id = NULL, write_uid = 2"
        )
    for statement in (
        "VACUUM FULL ANALYZE customer_dossier",
        "VACUUM ANALYZE",
        "CHECKPOINT",
    ):
        subprocess.run(
            ["psql", "-X", "-q", "-d", database.name, "-c", statement], check=True
        )
