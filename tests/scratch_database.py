"""A database of one's own, for tests that commit, install or uninstall."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from unittest import SkipTest

from odoo.modules.registry import Registry
from odoo.sql_db import close_db, db_connect
from odoo.tools import SQL

VARIABLE = "CUSTOMER_ARCHIVE_TEMPLATE_DB"


@contextlib.contextmanager
def scratch_database(kind):
    """Name of a copy of the template that ``bin/test`` made; dropped at the end."""
    template = os.environ.get(VARIABLE)
    if not template:
        raise SkipTest(f"{VARIABLE} names no database to copy; bin/test sets it")
    name = f"customer_archive_{kind}_{os.getpid()}"
    _execute("DROP DATABASE IF EXISTS %s WITH (FORCE)", name)
    _execute("CREATE DATABASE %s TEMPLATE %s", name, template)
    try:
        yield name
    finally:
        Registry.delete(name)
        close_db(name)
        _execute("DROP DATABASE IF EXISTS %s WITH (FORCE)", name)


def _execute(command, *names):
    with contextlib.closing(db_connect("postgres").cursor()) as cursor:
        cursor._cnx.autocommit = True  # databases are not made in a transaction
        cursor.execute(SQL(command, *map(SQL.identifier, names)))


def run_odoo(*args, script=None):
    """What Odoo prints, run as a process of its own; a script finds these helpers.

    :raises AssertionError: with all it said, when it fails
    """
    paths = (os.environ.get("PYTHONPATH"), str(Path(__file__).parent))
    done = subprocess.run(
        [sys.executable, "-m", "odoo", *args],
        input=script,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
    )
    assert not done.returncode, done.stdout + done.stderr
    return done.stdout + done.stderr
