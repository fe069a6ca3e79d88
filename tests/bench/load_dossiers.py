"""Dossiers through the ORM, in batches, against plain contacts in as large ones.

The dossiers' customers stand there already. The batches of both take turns. Contacts
are loaded without a first message in their chatter, dossiers having none.
"""

import time

from . import fill
from .harness import Result, say

AIM = 2.0
BATCH = 1000


def run(size, ours, baseline):
    say(f"  {size:,} contacts for the dossiers")
    groups = ["customer_archive.group_archive_user"]
    owners = ours.make_users(fill.OWNERS, *groups, name="owner")
    (archivist,) = ours.make_users(1, "customer_archive.group_archive_keeper")
    (employee,) = baseline.make_users(1)
    with ours.env() as env:
        before = fill.add_customers(env, size, owners)
        tier_id = env.ref("customer_archive.customer_tier_b").id
    ours.analyze()

    def prepare_dossier(number):
        return {
            "partner_id": before + number,
            "user_id": owners[number % len(owners)],
            "tier_id": tier_id,
            "state": "filed",
            "fax": f"+1 555 {number}",
            "first_contact_date": "2026-01-15",
            "bank_name": "First Bank",
            "bank_account": f"US {number}",
            "employee_count": number % 500,
            "main_business": "Groceries, wholesale",
        }

    def prepare_contact(number):
        return {
            "name": f"Customer {number:07}",
            "is_company": True,
            "street": "1 High Street",
            "city": "Springfield",
            "zip": "12345",
            "phone": f"+1 555 {number}",
            "email": f"office@customer{number}.example",
        }

    spent = {ours: 0.0, baseline: 0.0}
    with ours.env(archivist) as ours_env, baseline.env(employee) as baseline_env:
        partners = baseline_env["res.partner"].with_context(tracking_disable=True)
        turns = [
            (ours, ours_env["customer.dossier"], prepare_dossier),
            (baseline, partners, prepare_contact),
        ]
        for start in range(1, size + 1, BATCH):
            numbers = range(start, min(start + BATCH, size + 1))
            for side, model, prepare in turns:
                spent[side] += _load(model, list(map(prepare, numbers)))
            turns.reverse()
            if numbers[-1] % (BATCH * 10) == 0:
                say(f"  {numbers[-1]:,} loaded")
    return [Result("load_dossiers", size, spent[ours], spent[baseline], AIM)]


def _load(model, vals_list):
    """Create a batch as an import does; returns the seconds it took."""
    start = time.perf_counter()
    model.create(vals_list)
    model.env.cr.commit()
    model.env.clear()
    return time.perf_counter() - start
