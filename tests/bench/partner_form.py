"""The form of a contact with the addon against without."""

import random

from .client import get_specification, open_form
from .harness import Result, compare
from .partners import USERS, fill

AIM = 1.3


def run(size, ours, baseline):
    users = fill(size, ours, baseline)
    for kind in USERS:
        calls = []
        for database in (ours, baseline):
            uid = users[database][kind]
            with database.env(uid) as env:
                specification = get_specification(env, "res.partner", "form")
            calls.append(
                _make_request(
                    database, uid, specification, users[database]["first"], size
                )
            )
        yield Result(f"partner_form_{kind}", size, *compare(*calls, rounds=150), AIM)


def _make_request(database, uid, specification, first, size):
    choose = random.Random(19)  # both databases show the same customers

    def request():
        customer_id = first + choose.randrange(size)
        with database.env(uid) as env:
            open_form(env, "res.partner", customer_id, specification)

    return request
