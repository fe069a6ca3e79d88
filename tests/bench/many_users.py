"""Fifty people at work through worker processes, with the lock and without it.

A server on each database: ours closes dossiers and keeps who looked, the baseline has
all the other addons. They work with the one and with the other in turn. Measured are
seconds for an answer while all of them are at it, so that the ratio is the throughput
lost. Any error fails the benchmark.
"""

import contextlib
import os
import random
import time
from concurrent.futures import ThreadPoolExecutor

import requests
from odoo_server import odoo_server

from . import fill
from .client import COUNT_LIMIT, PAGE, get_specification
from .harness import Result, say

AIM = 1.5
# of each, in so many turns
SECONDS, TURNS = int(os.environ.get("BENCH_SECONDS", "60")), 4
# Odoo lets eight wait for each of them: fifty must not be turned away.
WORKERS = 8
DOSSIER, PARTNER = "customer.dossier", "res.partner"
PASSWORD = "at work"  # noqa: S105
# how many, and of which rank
STAFF = {
    "salesperson": (40, "customer_archive.group_archive_user"),
    "supervisor": (6, "customer_archive.group_archive_supervisor"),
    "manager": (4, "customer_archive.group_archive_manager"),
}
# what they do, and how often
WORK = {
    "open_register": 3,
    "search_by_name": 3,
    "open_dossier": 5,
    "open_contact": 3,
    "save_note": 2,
    "open_kanban": 1,
}


def run(size, ours, baseline):
    databases = (ours, baseline)
    staff = {database: _fill(database, size) for database in databases}
    taken = dict.fromkeys(databases, 0)
    with contextlib.ExitStack() as servers, ThreadPoolExecutor(50) as threads:
        for database in databases:
            database.analyze()
            url = servers.enter_context(odoo_server(database.name, WORKERS))
            for person in staff[database]:
                person.url = url
            list(threads.map(Person.arrive, staff[database]))
        for turn in range(TURNS):
            for database in databases[:: -1 if turn % 2 else 1]:
                start = time.monotonic()
                end = start + SECONDS / TURNS
                list(threads.map(lambda p, end=end: p.work(end), staff[database]))
                taken[database] += time.monotonic() - start
    answers = {
        database: _count_answers(database, staff[database]) for database in taken
    }
    _count_lines(ours)
    seconds = (taken[database] / answers[database] for database in databases)
    yield Result("many_users", size, *seconds, AIM)


def _fill(database, size):
    """Dossiers of the salespersons, one in ten of tier A; who works with them."""
    ids = {
        rank: database.make_users(count, group, name=rank)
        for rank, (count, group) in STAFF.items()
    }
    with database.env() as env:
        users = env["res.users"].browse(sum(ids.values(), []))
        env.cr.execute(
            "UPDATE res_users SET password = %s WHERE id IN %s",
            (users._crypt_context().hash(PASSWORD), users._ids),
        )
        teams = env["crm.team"].create(
            [
                {"name": f"Team {leader}", "user_id": leader, "company_id": False}
                for leader in ids["supervisor"]
            ]
        )
        before = fill.add_customers(env, size, ids["salesperson"])
        tiers = [env.ref(f"customer_archive.customer_tier_{code}").id for code in "ac"]
        fill.add_dossiers(
            env,
            ids["salesperson"],
            before,
            size,
            team_id=f"(ARRAY{teams.ids})[1 + mod(copy.n, {len(teams)})]",
            tier_id=f"(ARRAY{tiers})[1 + LEAST(mod(copy.n / 50, 10), 1)]",
        )
    return [
        Person(database.name, f"bench_{rank}_{number}", views)
        for rank in STAFF
        for views in [_get_views(database, ids[rank][0])]
        for number in range(len(ids[rank]))
    ]


def _get_views(database, uid):
    """What the client asks for on each page, by the rank of the user."""
    with database.env(uid) as env:
        return {
            "list": get_specification(env, DOSSIER, "list"),
            "kanban": get_specification(env, DOSSIER, "kanban"),
            "form": get_specification(env, DOSSIER, "form"),
            "contact": get_specification(env, PARTNER, "form"),
        }


def _count_answers(database, people):
    errors = [error for person in people for error in person.errors]
    answers = sum(person.answers for person in people)
    say(f"  {database.name}: {answers} answers, {len(errors)} errors")
    for error in sorted(set(errors)):
        say(f"  {error}")
    assert answers and not errors, f"{len(errors)} errors"
    return answers


def _count_lines(database):
    with database.env() as env:
        env.cr.execute("SELECT count(*), sum(count) FROM customer_access_entry")
        lines, looks = env.cr.fetchone()
    say(f"  who looked: {lines} lines of {looks} looks")
    assert lines, "nobody was seen looking"


class Person:
    """Somebody at his browser, who does one thing after the other."""

    url = None

    def __init__(self, database_name, login, views):
        self.views = views
        self.chance = random.Random(login)
        self.session = requests.Session()
        self.credentials = {"db": database_name, "login": login, "password": PASSWORD}
        self.answers, self.errors = 0, []
        self.rows = []

    def arrive(self):
        """Log in, and look at the register."""
        info = self._post("/web/session/authenticate", self.credentials)
        self.context = {**info["user_context"], "allowed_company_ids": [1]}
        self.open_register()

    def work(self, end):
        while time.monotonic() < end:
            (name,) = self.chance.choices(list(WORK), WORK.values())
            try:
                getattr(self, name)()
                self.answers += 1
            except (requests.RequestException, ValueError) as error:
                self.errors.append(f"{name}: {error}")

    def _post(self, path, params):
        answer = self.session.post(
            self.url + path, json={"jsonrpc": "2.0", "params": params}, timeout=120
        )
        answer.raise_for_status()
        content = answer.json()
        if error := content.get("error"):
            raise ValueError(error["data"].get("debug") or error["message"])
        return content["result"]

    def _call(self, model, method, *args, **kwargs):
        params = {"model": model, "method": method, "args": args}
        kwargs["context"] = {**self.context, "bin_size": True}
        path = f"/web/dataset/call_kw/{model}/{method}"
        return self._post(path, {**params, "kwargs": kwargs})

    def _open_page(self, view, domain=()):
        return self._call(
            DOSSIER,
            "web_search_read",
            domain=list(domain),
            specification=self.views[view],
            limit=PAGE,
            order="",
            count_limit=COUNT_LIMIT,
        )["records"]

    def _choose(self):
        return self.chance.choice(self.rows)

    # ------------------------------------------------------------------
    # The day's work
    # ------------------------------------------------------------------

    def open_register(self):
        self.rows = self._open_page("list")

    def open_kanban(self):
        self._open_page("kanban", [("state", "=", "filed")])

    def search_by_name(self):
        text = f"{self.chance.randrange(1000):03}"
        self._open_page(
            "list", ["|", ("partner_name", "ilike", text), ("number", "ilike", text)]
        )

    def open_dossier(self):
        ids = [self._choose()["id"]]
        self._call(DOSSIER, "web_read", ids, specification=self.views["form"])

    def open_contact(self):
        ids = [self._choose()["partner_id"]["id"]]
        self._call(PARTNER, "web_read", ids, specification=self.views["contact"])

    def save_note(self):
        vals = {"note": f"Seen at {time.time()}"}
        ids = [self._choose()["id"]]
        self._call(DOSSIER, "web_save", ids, vals, specification=self.views["form"])
