"""The first page of contacts with the addon against without.

And the archive's own page of customers, which shows tier and owner, against the page
of contacts without the addon.
"""

from .client import get_specification, open_list
from .harness import Result, compare
from .partners import fill

AIM = 1.05
CUSTOMERS = "customer_archive.res_partner_view_list_customers"
# page: who opens it, and the view where it is not the model's own
PAGES = {
    "partner_list_employee": ("employee", None),
    "partner_list_manager": ("manager", None),
    "customer_list_manager": ("manager", CUSTOMERS),
}


def run(size, ours, baseline):
    users = fill(size, ours, baseline)
    for name, (kind, view) in PAGES.items():
        calls = []
        for database in (ours, baseline):
            uid = users[database][kind]
            with database.env(uid) as env:
                specification = get_specification(
                    env, "res.partner", "list", view if database is ours else None
                )
            calls.append(_make_request(database, uid, specification))
        yield Result(name, size, *compare(*calls, rounds=100), AIM)


def _make_request(database, uid, specification):
    def request():
        with database.env(uid) as env:
            open_list(env, "res.partner", specification)

    return request
