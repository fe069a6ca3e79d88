"""Daily pages with the addon that closes dossiers: by role against the superuser."""

import random

from odoo.api import SUPERUSER_ID
from odoo.tools import SQL

from . import fill
from .client import get_specification, open_form, open_list
from .harness import Result, compare, say

AIM = 1.5
MODEL = "customer.dossier"
TEAMS = 10
LOANS = 1000
BORROWERS = 50
ROUNDS = 60
USERS = {
    "salesperson": "customer_archive.group_archive_user",
    "supervisor": "customer_archive.group_archive_supervisor",
    "borrower": "customer_archive.group_archive_reader",
}


def run(size, ours, _baseline):
    say(f"  {size:,} dossiers, {LOANS:,} loans")
    users = _fill(ours, size)
    ours.analyze()
    for role, uid in users.items():
        for name, ours_call, superuser_call in _pages(ours, uid):
            times = compare(ours_call, superuser_call, ROUNDS)
            result = Result(f"locked_{name}_{role}", size, *times, AIM)
            say(f"  {result}")
            yield result


def _fill(database, size):
    """Dossiers in tiers, grades and teams, and loans; returns a user of each role."""
    group = USERS["salesperson"]
    owners = database.make_users(fill.OWNERS, group, name="owner")
    leaders = database.make_users(TEAMS, USERS["supervisor"], name="leader")
    borrowers = database.make_users(BORROWERS, USERS["borrower"], name="borrower")
    with database.env() as env:
        before = fill.add_customers(env, size, owners)
        teams = env["crm.team"].create(
            [
                {"name": f"Team {number}", "user_id": leader, "company_id": False}
                for number, leader in enumerate(leaders)
            ]
        )
        first = fill.add_dossiers(
            env,
            owners,
            before,
            size,
            deals=0,
            team_id=_take(teams.ids, "copy.n"),
            tier_id=_take(_get_tiers(env), "copy.n / 100"),
            secrecy_id=_take(_get_grades(env), "copy.n / 1000"),
        )
        _lend(env, borrowers, first, size)
    return {
        "salesperson": owners[0],
        "supervisor": leaders[0],
        "borrower": borrowers[0],
    }


def _take(ids, number):
    return f"(ARRAY{list(ids)})[1 + mod({number}, {len(ids)})]"


def _get_tiers(env):
    """One in ten is of tier A, three are of tier B."""
    a, b, c = (env.ref(f"customer_archive.customer_tier_{code}").id for code in "abc")
    return [a, b, b, b, *[c] * 6]


def _get_grades(env):
    """One in ten is secret, one in twenty confidential."""
    names = ["secret", "secret", "confidential", *["internal"] * 17]
    xml_id = "customer_archive_security.customer_secrecy_{}"
    return [env.ref(xml_id.format(name)).id for name in names]


def _lend(env, borrowers, first, size):
    """Loans in turn of the borrowers, of dossiers all over the register."""
    env.cr.execute(
        SQL(
            "INSERT INTO customer_loan (dossier_id, company_id, user_id, mode, state,"
            " date_start, date_end)"
            " SELECT %s + 1 + mod(n * 977, %s), %s, (%s)[1 + mod(n, %s)], 'read',"
            " 'granted', now() - interval '1 day', now() + interval '1 day'"
            " FROM generate_series(1, %s) n",
            first,
            size,
            env.company.id,
            borrowers,
            len(borrowers),
            LOANS,
        )
    )


def _pages(database, uid):
    """Name, call as the user and call as superuser of each page."""
    with database.env(uid) as env:
        mine = env[MODEL].search([("id", ">", 0)], limit=80)
        assert mine, "sees nothing"
        customers = mine.partner_id.ids
        views = {
            "list": get_specification(env, MODEL, "list"),
            "kanban": get_specification(env, MODEL, "kanban"),
        }
        form = get_specification(env, "res.partner", "form")

    def open_page(view):
        return lambda env: open_list(env, MODEL, views[view])

    def count(env):
        return env[MODEL].search_count([("active", "=", True)])

    def open_contact(env):
        open_form(env, "res.partner", random.choice(customers), form)  # noqa: S311

    pages = {
        "page": open_page("list"),
        "count": count,
        "kanban": open_page("kanban"),
        "contact": open_contact,
    }
    for name, page in pages.items():
        yield (
            name,
            _request(database, uid, page),
            _request(database, SUPERUSER_ID, page),
        )


def _request(database, uid, page):
    def request():
        with database.env(uid) as env:
            page(env)

    return request
