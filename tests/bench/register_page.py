"""The register's first page: a salesperson with 1 % of it against the superuser."""

from odoo.api import SUPERUSER_ID

from . import fill
from .client import get_specification, open_list
from .harness import Result, compare, say

AIM = 1.5
MODEL = "customer.dossier"


def run(size, ours, _baseline):
    say(f"  {size:,} dossiers")
    owners = ours.make_users(fill.OWNERS, "customer_archive.group_archive_user")
    with ours.env() as env:
        before = fill.add_customers(env, size, owners)
        fill.add_dossiers(env, owners, before, size)
    ours.analyze()
    with ours.env(owners[0]) as env:
        specification = get_specification(env, MODEL, "list")
        page = open_list(env, MODEL, specification)
    expected = min(size // fill.OWNERS, 10_001)
    assert expected <= page["length"] <= expected + 1, page["length"]

    def as_salesperson():
        with ours.env(owners[0]) as env:
            open_list(env, MODEL, specification)

    def as_superuser():
        with ours.env(SUPERUSER_ID) as env:
            open_list(env, MODEL, specification)

    yield Result(
        "register_page", size, *compare(as_salesperson, as_superuser, rounds=100), AIM
    )
