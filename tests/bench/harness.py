"""What the benchmarks share: databases, fair comparison, results."""

import contextlib
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field

from odoo.api import SUPERUSER_ID, Environment
from odoo.fields import Command
from odoo.modules.registry import Registry


def say(text):
    print(text, file=sys.stderr, flush=True)


@dataclass
class Result:
    name: str
    size: int
    ours_s: float
    baseline_s: float
    aim: float
    ratio: float = field(init=False)

    def __post_init__(self):
        self.ratio = round(self.ours_s / self.baseline_s, 3)


class Database:
    """A scratch database; each use of it is a transaction like a request's."""

    def __init__(self, name):
        self.name = name
        self.registry = Registry(name)

    @contextlib.contextmanager
    def env(self, uid=SUPERUSER_ID):
        """Environment of the user as the web client's requests have it."""
        with self.registry.cursor() as cr:
            context = {"lang": "en_US", "tz": "UTC", "allowed_company_ids": [1]}
            yield Environment(cr, uid, context)

    def analyze(self):
        """Leave the tables as autovacuum would leave them."""
        subprocess.run(
            ["psql", "-X", "-q", "-d", self.name, "-c", "VACUUM ANALYZE"], check=True
        )

    def make_users(self, count, *groups, name="user"):
        """New users of these groups; returns their ids."""
        with self.env() as env:
            refs = ["base.group_user", "base.group_partner_manager", *groups]
            group_ids = [env.ref(ref).id for ref in refs]
            users = env["res.users"].with_context(no_reset_password=True)
            return users.create(
                [
                    {
                        "name": f"User {name} {number}",  # behind the customers
                        "login": f"bench_{name}_{number}",
                        "group_ids": [Command.set(group_ids)],
                    }
                    for number in range(count)
                ]
            ).ids


def compare(ours, baseline, rounds, warm_up=5):
    """Call both in turn, the first one changing; returns the medians in seconds.

    Each call is a whole request: cursor, environment with an empty cache, rollback.
    """
    taken = {ours: [], baseline: []}
    for number in range(-warm_up, rounds):
        for call in (ours, baseline)[:: -1 if number % 2 else 1]:
            start = time.perf_counter()
            call()
            if number >= 0:
                taken[call].append(time.perf_counter() - start)
    return statistics.median(taken[ours]), statistics.median(taken[baseline])
