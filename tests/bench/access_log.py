"""Opening a dossier with the record of who looked against without it."""

import random
from unittest.mock import patch

from odoo.addons.customer_archive_security.models.customer_archive_protected import (
    CustomerArchiveProtected,
)

from . import fill
from .client import get_specification, open_form, open_list
from .harness import Result, compare

# A list of content leaves a line for each dossier on the page.
AIMS = {"form": 1.1, "list": 2.5}
MODEL = "customer.dossier"
ROUNDS = 150
CONTENT = {"number": {}, "strategy": {}, "main_business": {}}


def run(size, ours, _baseline):
    group = "customer_archive.group_archive_manager"
    (uid,) = ours.make_users(1, group, name="manager")
    with ours.env() as env:
        before = fill.add_customers(env, size, [uid])
        fill.add_dossiers(env, [uid], before, size, deals=5)
    ours.analyze()
    with ours.env(uid) as env:
        form = get_specification(env, MODEL, "form")
        ids = env[MODEL].search([("id", ">", 0)]).ids
    pages = {
        "form": lambda env, id_: open_form(env, MODEL, id_, form),
        "list": lambda env, _id: open_list(env, MODEL, CONTENT),
    }
    for name, open_page in pages.items():
        logged, unlogged = _make_requests(ours, uid, ids, open_page)
        times = compare(logged, unlogged, ROUNDS)
        yield Result(f"access_log_{name}", size, *times, AIMS[name])


def _make_requests(database, uid, ids, open_page):
    """A request that leaves its lines when its transaction ends, one that doesn't."""
    choose = random.Random(19)

    def logged():
        with database.env(uid) as env:
            open_page(env, choose.choice(ids))

    def unlogged():
        with patch.object(CustomerArchiveProtected, "_is_watched", lambda _self: False):
            logged()

    return logged, unlogged
