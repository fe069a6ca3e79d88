"""Raising the update activity of every due dossier, against the bare statement."""

from . import fill
from .harness import Result, compare, say

AIM = 3.0
SLICE = 5000
BARE = """
    INSERT INTO mail_activity (
        res_model_id, res_model, res_id, res_name, activity_type_id, summary, user_id,
        date_deadline, automated, active,
        create_uid, create_date, write_uid, write_date)
    SELECT %(model)s, 'customer.dossier', id, concat(number, ' ', partner_name),
           %(type)s, 'Check', user_id, update_due_date, true, true, 1, now(), 1, now()
      FROM customer_dossier
     WHERE state = 'filed' AND active AND update_due_date <= CURRENT_DATE
"""


def run(size, ours, _baseline):
    say(f"  {size:,} dossiers, all due")
    owners = ours.make_users(fill.OWNERS, "customer_archive.group_archive_user")
    with ours.env() as env:
        before = fill.add_customers(env, size, owners)
        fill.add_dossiers(env, owners, before, size, deals=0)
        env.cr.execute("UPDATE customer_dossier SET update_due_date = CURRENT_DATE - 1")
        ids = {
            "model": env["ir.model"]._get_id("customer.dossier"),
            "type": env.ref("customer_archive.mail_activity_type_update").id,
        }
    ours.analyze()

    def sweep():
        with ours.env() as env:
            raised, total = SLICE, 0
            while raised == SLICE:
                raised = env["customer.dossier"]._raise_updates(SLICE)
                total += raised
            assert total >= size, total
            env.cr.rollback()

    def bare():
        with ours.env() as env:
            env.cr.execute(BARE, ids)
            assert env.cr.rowcount >= size, env.cr.rowcount
            env.cr.rollback()

    yield Result("update_sweep", size, *compare(sweep, bare, rounds=5), AIM)
