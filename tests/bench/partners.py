"""Two databases with the same contacts; in ours each has a dossier."""

from . import fill as rows
from .harness import say

# kind of user: groups where the addon is installed
USERS = {
    "employee": (),
    "manager": ("customer_archive.group_archive_manager",),
}


def fill(size, ours, baseline):
    """Fill both; returns {database: {kind: user id, "first": id of a customer}}."""
    found = {}
    for database in (ours, baseline):
        is_ours = database is ours
        say(f"  {size:,} contacts{' with dossiers' if is_ours else ''}")
        found[database] = {
            kind: database.make_users(1, *(groups if is_ours else ()), name=kind)[0]
            for kind, groups in USERS.items()
        }
        groups = ["customer_archive.group_archive_user"] if is_ours else []
        owners = database.make_users(rows.OWNERS, *groups, name="owner")
        with database.env() as env:
            before = rows.add_customers(env, size, owners)
            if is_ours:
                rows.add_dossiers(env, owners, before, size)
        found[database]["first"] = before + 1
        database.analyze()
    return found
