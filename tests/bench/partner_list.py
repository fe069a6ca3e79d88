"""The first page of contacts with the addon against without."""

from .client import get_specification, open_list
from .harness import Result, compare
from .partners import USERS, fill

AIM = 1.05


def run(size, ours, baseline):
    users = fill(size, ours, baseline)
    for kind in USERS:
        calls = []
        for database in (ours, baseline):
            uid = users[database][kind]
            with database.env(uid) as env:
                specification = get_specification(env, "res.partner", "list")
            calls.append(_make_request(database, uid, specification))
        yield Result(f"partner_list_{kind}", size, *compare(*calls, rounds=100), AIM)


def _make_request(database, uid, specification):
    def request():
        with database.env(uid) as env:
            open_list(env, "res.partner", specification)

    return request
