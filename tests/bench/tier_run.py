"""Proposing and applying a tier run, against the bare statement that ranks alike.

The bare one sums up each customer's trade of a year, ranks, and writes the tier into
the dossier: no score, no evaluation sheet, no history, and everything in one
transaction. Before each side the tables are rebuilt, so that neither finds what the
other left behind.
"""

import statistics
import subprocess
import time

from . import fill
from .harness import Result, say

AIM = 2.0
DEALS = 5
PERIOD_END = "2026-06-30"
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
    owners = ours.make_users(fill.OWNERS, "customer_archive.group_archive_user")
    manager, second = ours.make_users(
        2, "customer_archive.group_archive_manager", name="manager"
    )
    with ours.env() as env:
        before = fill.add_customers(env, size, owners)
        fill.add_dossiers(env, owners, before, size, deals=DEALS)
        env.cr.execute(
            "UPDATE customer_transaction SET"
            " amount = 1 + mod(id::bigint * 7919, 1000003),"
            " amount_company = 1 + mod(id::bigint * 7919, 1000003)"
        )
        scheme_id = _make_scheme(env)
        tiers = env["customer.tier"].search([])
        ids = {"end": PERIOD_END, **dict(zip("abc", tiers.ids, strict=True))}

    def ours_side():
        with ours.env(manager) as env:
            run = env["customer.tier.run"].create(
                {"scheme_id": scheme_id, "date_to": PERIOD_END}
            )
            run.action_propose()
            env["customer.tier.run"].sudo()._cron_go_on()
            run.action_submit()
            env.cr.commit()
            run.with_user(second).action_approve()
            env["customer.tier.run"].sudo()._cron_go_on()
            assert run.state == "applied", run.state
        return _count(ours)

    def bare_side():
        with ours.env() as env:
            env.cr.execute(BARE, ids)
        return _count(ours)

    spent = {ours_side: [], bare_side: []}
    for _round in range(3 if size <= 100_000 else 1):
        counts = []
        for side in (bare_side, ours_side):
            _reset(ours)
            start = time.perf_counter()
            counts.append(side())
            spent[side].append(time.perf_counter() - start)
            say(f"  {side.__name__}: {spent[side][-1]:.1f} s")
        assert counts[0] == counts[1], counts
    yield Result(
        "tier_run",
        size,
        statistics.median(spent[ours_side]),
        statistics.median(spent[bare_side]),
        AIM,
    )


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
    """No tiers, no runs, and tables as if nothing had ever been updated."""
    with database.env() as env:
        env.cr.execute("TRUNCATE customer_tier_run_line, customer_tier_history")
        env.cr.execute("UPDATE customer_tier_run SET state = 'cancelled'")
        env.cr.execute(
            "UPDATE customer_dossier SET tier_id = NULL, tier_code = NULL,"
            " computed_tier_id = NULL"
        )
    for statement in (
        "VACUUM FULL ANALYZE customer_dossier",
        "VACUUM ANALYZE",
        "CHECKPOINT",
    ):
        subprocess.run(
            ["psql", "-X", "-q", "-d", database.name, "-c", statement], check=True
        )
