"""Raising due calls and visits, against an automation and against a batched create.

Ours is the whole nightly sweep: every due date is worked out anew, what is pointless is
looked for, what is due is put on desks, what is late goes to superiors. The other two
only make activities, on contacts, where no lock is in their way:

- the stock way, an automation with an action "Create Activity", which runs once for
  each record. It is timed on a sample, and the time scaled to the whole;
- one batched create() without a mail for each, nothing else.
"""

import statistics
import time

from . import fill
from .harness import Result, say

AIM_AUTOMATION = round(1 / 30, 3)
AIM_CREATE = 1.3
SAMPLE = 500
CONTACTS = 20  # past ones, of each customer


def run(size, ours, _baseline):
    """``size`` follow-ups: a call and a visit for each customer, all overdue."""
    say(f"  {size:,} follow-ups, all due; the automation on {SAMPLE} of them")
    owners = ours.make_users(fill.OWNERS, "customer_archive.group_archive_user")
    with ours.env() as env:
        before = fill.add_customers(env, size // 2, owners)
        first = fill.add_dossiers(env, owners, before, size // 2, deals=0)
        _add_contacts(env, first, size // 2)
    ours.analyze()
    with ours.env() as env:
        _sweep(env)
        env.cr.execute("UPDATE customer_follow_up SET start_date = start_date - 200")
        env.cr.execute("DELETE FROM mail_activity")
    ours.analyze()

    def sweep():
        made = _sweep(env)
        assert made >= size, made

    def create():
        _create(env, owners, before, size)

    def automation():
        _run_automation(env, owners[0], before)

    rounds = 3 if size <= 10_000 else 1
    taken = {sweep: [], create: [], automation: []}
    for number in range(-1, rounds):  # the first one warms up
        for call, times in taken.items():
            with ours.env() as env:
                env.ref("base.user_root")
                start = time.perf_counter()
                call()
                env.flush_all()
                if number >= 0:
                    times.append(time.perf_counter() - start)
                env.cr.rollback()
    swept, created, sampled = (statistics.median(times) for times in taken.values())
    scaled = sampled * size / SAMPLE
    yield Result("follow_up_sweep/automation", size, swept, scaled, AIM_AUTOMATION)
    yield Result("follow_up_sweep/create", size, swept, created, AIM_CREATE)


def _add_contacts(env, before, count):
    """Contacts of the past, so that there is something to look through."""
    interaction = env["customer.interaction"].create(
        {"dossier_id": before, "summary": "Spoke", "channel": "mail"}
    )
    fill.copy_row(
        interaction,
        count * CONTACTS,
        dossier_id=f"{before} + 1 + mod(copy.n, {count})",
        date="timestamp '2025-06-15' - mod(copy.n, 1000) * interval '1 day'",
        channel="(ARRAY['mail', 'letter', 'call', 'visit'])[1 + mod(copy.n, 4)]",
    )


def _sweep(env):
    follow_ups = env["customer.follow.up"]
    return sum(
        follow_ups._sweep(low, high) for low, high in follow_ups._get_dossier_slices()
    )


def _create(env, owners, before, size):
    activity_type = env.ref("mail.mail_activity_data_call").id
    model_id = env["ir.model"]._get_id("res.partner")
    env["mail.activity"].with_context(mail_activity_quick_update=True).create(
        [
            {
                "res_model_id": model_id,
                "res_id": before + 1 + number % (size // 2),
                "activity_type_id": activity_type,
                "user_id": owners[number % len(owners)],
            }
            for number in range(size)
        ]
    )


def _run_automation(env, owner, before):
    model_id = env["ir.model"]._get_id("res.partner")
    automation = env["base.automation"].create(
        {
            "name": "Activity",
            "model_id": model_id,
            "trigger": "on_create_or_write",
            "action_server_ids": [
                (
                    0,
                    0,
                    {
                        "name": "Create Activity",
                        "model_id": model_id,
                        "usage": "base_automation",
                        "state": "next_activity",
                        "activity_type_id": env.ref("mail.mail_activity_data_call").id,
                        "activity_user_type": "specific",
                        "activity_user_id": owner,
                        "activity_summary": "Call",
                    },
                )
            ],
        }
    )
    partners = env["res.partner"].browse(range(before + 1, before + 1 + SAMPLE))
    automation._process(partners)
