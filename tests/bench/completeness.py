"""Counting the completeness of every dossier anew, against the bare statement."""

from . import fill
from .harness import Result, compare, say

AIM = 3.0
# The table of required items as it is shipped, written out by hand.
BARE = """
    UPDATE customer_dossier d SET completeness = 100 * (
        (COALESCE(c.street, '') != '')::int + (COALESCE(c.phone, '') != '')::int
        + (COALESCE(c.email, '') != '')::int + (d.founding_date IS NOT NULL)::int
        + (COALESCE(d.registered_capital, 0) != 0)::int
        + (COALESCE(d.shareholders, '') != '')::int
        + (COALESCE(d.bank_name, '') != '')::int
        + (COALESCE(d.bank_account, '') != '')::int
        + (COALESCE(d.employee_count, 0) != 0)::int
        + (d.company_nature IS NOT NULL)::int + (d.industry_position IS NOT NULL)::int
        + (COALESCE(d.main_business, '') != '')::int
        + EXISTS(SELECT 1 FROM customer_yearly_figure f WHERE f.dossier_id = d.id
                 AND f.active)::int
        + (d.credit_grade_id IS NOT NULL)::int
        + (COALESCE(d.advantages, '') != '')::int
        + (COALESCE(d.disadvantages, '') != '')::int
        + EXISTS(SELECT 1 FROM customer_key_person p WHERE p.dossier_id = d.id
                 AND p.active AND p.capacity = 'legal_representative')::int
        + EXISTS(SELECT 1 FROM customer_key_person p WHERE p.dossier_id = d.id
                 AND p.active AND p.capacity = 'principal')::int
        + EXISTS(SELECT 1 FROM customer_key_person p WHERE p.dossier_id = d.id
                 AND p.active AND p.capacity = 'main_contact')::int
    ) / 19
    FROM res_partner c WHERE c.id = d.partner_id
"""


def run(size, ours, _baseline):
    say(f"  {size:,} dossiers")
    owners = ours.make_users(fill.OWNERS, "customer_archive.group_archive_user")
    with ours.env() as env:
        before = fill.add_customers(env, size, owners)
        fill.add_dossiers(env, owners, before, size, deals=0)
        env.cr.execute("UPDATE customer_dossier SET completeness = 0")
    ours.analyze()

    def recompute():
        with ours.env() as env:
            dossiers = env["customer.dossier"]
            changed = sum(
                dossiers._recompute_completeness(low, high)
                for low, high in dossiers._get_slices()
            )
            assert changed >= size, changed
            env.cr.rollback()

    def bare():
        with ours.env() as env:
            env.cr.execute(BARE)
            assert env.cr.rowcount >= size, env.cr.rowcount
            env.cr.rollback()

    yield Result("completeness", size, *compare(recompute, bare, rounds=5), AIM)
