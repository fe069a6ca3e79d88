"""Counting the terms of all dossiers, and an analysis of them, against bare statements.

The bare ones know one retention class and no rule of access: one update of a date, one
query of groups with the same figures.
"""

from odoo.fields import Date

from . import fill
from .harness import Result, compare, say

AIM = 2.0
START, END, BEFORE = "2025-01-01", "2025-12-31", "2024-01-02"
BARE_SWEEP = """
    UPDATE customer_dossier
       SET keep_until = (closed_date + make_interval(months => %(term)s))::date,
           destroy_by = (closed_date + make_interval(months => %(longest)s))::date
     WHERE closed_date IS NOT NULL
"""
BARE_ANALYSIS = """
    INSERT INTO customer_analysis_line (
        analysis_id, section, value, customer_count, buyer_count, deal_count, amount,
        previous_amount, complaint_count)
    SELECT %(analysis)s, 'total',
           concat(c.country_id, c.state_id, c.industry_id, d.company_nature, d.tier_id,
                  d.customer_class, d.team_id),
           count(*), count(t.deals), sum(t.deals), sum(t.amount), sum(t.previous),
           sum(f.complaints)
      FROM customer_dossier d
      JOIN res_partner c ON c.id = d.partner_id
 LEFT JOIN (SELECT dossier_id, count(*) FILTER (WHERE date >= %(start)s) AS deals,
                   sum(amount_company) FILTER (WHERE date >= %(start)s) AS amount,
                   sum(amount_company) FILTER (WHERE date < %(start)s) AS previous
              FROM customer_transaction
             WHERE active AND date BETWEEN %(before)s AND %(end)s
          GROUP BY dossier_id) t ON t.dossier_id = d.id
 LEFT JOIN (SELECT dossier_id, count(*) AS complaints
              FROM customer_feedback
             WHERE active AND date BETWEEN %(start)s AND %(end)s
          GROUP BY dossier_id) f ON f.dossier_id = d.id
     WHERE d.company_id = 1 AND d.active AND d.state IN ('filed', 'closed')
       AND d.open_date <= %(end)s
       AND (d.closed_date IS NULL OR d.closed_date > %(end)s)
  GROUP BY GROUPING SETS (
           (), (c.country_id), (c.state_id), (c.industry_id), (d.company_nature),
           (d.tier_id), (d.customer_class), (d.team_id))
"""


def run(size, ours, _baseline):
    say(f"  {size:,} dossiers, {2 * size:,} deals")
    owners = ours.make_users(fill.OWNERS, "customer_archive.group_archive_user")
    (manager,) = ours.make_users(
        1, "customer_archive.group_archive_manager", name="manager"
    )
    with ours.env() as env:
        before = fill.add_customers(env, size, owners)
        fill.add_dossiers(
            env,
            owners,
            before,
            size,
            open_date="date '2020-01-01'",
            tier_id=f"(ARRAY{env['customer.tier'].search([]).ids})[1 + mod(copy.n, 3)]",
        )
    yield _compare_analysis(size, ours, manager)
    with ours.env() as env:
        env.cr.execute(
            "UPDATE customer_dossier SET state = 'closed', closed_date ="
            " date '2026-01-01' - mod(id, 3000), last_order_date = date '2015-01-01'"
        )
    ours.analyze()
    yield _compare_sweep(size, ours)


def _get_rounds(size):
    """Few where one takes a minute."""
    return {"rounds": 5} if size <= 100_000 else {"rounds": 2, "warm_up": 1}


def _compare_sweep(size, ours):
    with ours.env() as env:
        dossier = env["customer.dossier"].search([], limit=1)
        policy = env["customer.archive.policy"]._get_policy(dossier.company_id)
        kept = dossier._get_retention_class(policy)
        terms = {"term": kept.term_months, "longest": kept.max_months or None}
        assert kept.event == "cooperation_end", kept.event

    def sweep():
        with ours.env() as env:
            dossiers = env["customer.dossier"]
            changed = sum(
                dossiers._recompute_retention(low, high)
                for low, high in dossiers._get_slices()
            )
            assert changed >= size, changed
            env.cr.rollback()

    def bare():
        with ours.env() as env:
            env.cr.execute(BARE_SWEEP, terms)
            assert env.cr.rowcount >= size, env.cr.rowcount
            env.cr.rollback()

    return Result(
        "retention_sweep", size, *compare(sweep, bare, **_get_rounds(size)), AIM
    )


def _compare_analysis(size, ours, manager):
    ours.analyze()
    with ours.env(manager) as env:
        analysis_id = (
            env["customer.analysis"].create({"date_from": START, "date_to": END}).id
        )
    period = {"analysis": analysis_id, "start": START, "end": END, "before": BEFORE}
    assert (Date.to_date(START) - Date.to_date(BEFORE)).days == 365
    counts = {}

    def draw():
        with ours.env(manager) as env:
            analysis = env["customer.analysis"].browse(analysis_id)
            analysis._draw()
            counts["ours"] = sorted(analysis.line_ids.mapped("customer_count"))
            env.cr.rollback()

    def bare():
        with ours.env(manager) as env:
            env.cr.execute(BARE_ANALYSIS, period)
            analysis = env["customer.analysis"].browse(analysis_id)
            counts["bare"] = sorted(analysis.line_ids.mapped("customer_count"))
            env.cr.rollback()

    times = compare(draw, bare, **_get_rounds(size))
    assert counts["ours"] == counts["bare"], counts
    assert max(counts["ours"]) >= size, counts
    return Result("retention_analysis", size, *times, AIM)
