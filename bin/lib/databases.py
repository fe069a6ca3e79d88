"""Template databases: made once, copied in a second for each run.

base    Odoo's own modules that the addons stand on
addons  a copy of base with the addons installed; as many as there are states of them
Both names carry a hash of what they were made from. Attachments are kept in the
database, so that a copy has its styles.
"""

import configparser
import contextlib
import os
import re

from . import install, locks, session
from .commands import fail, run
from .console import step
from .paths import LOGS, ROOT, addons

PREFIX = "customer_archive"
# lines of Odoo's log that a clean installation has not
TROUBLE = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ", re.M)
PREPARE = """
env["ir.config_parameter"].set_param("ir_attachment.location", "db")
env["ir.attachment"].force_storage()
env["ir.qweb"]._pregenerate_assets_bundles()
env.cr.commit()
"""


def setting(name):
    """A comma-separated list of [runtime] in setup.cfg, without white space."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    return "".join(config["runtime"][name].split())


def addons_hash(chosen):
    """What an installation depends on: not tests, documents or compiled files."""
    parts = []
    for addon in chosen:
        for path in sorted((ROOT / addon).rglob("*")):
            inside = path.relative_to(ROOT).parts
            if path.is_file() and not {"tests", "readme", "__pycache__"} & set(inside):
                parts += ["/".join(inside), install.hash_file(path)]
    return install.digest(*parts)


def psql(sql, database="postgres"):
    return run(
        [
            "psql",
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            database,
            "-c",
            sql,
        ],
        log="databases",
        env=session.variables(),
    ).strip()


def exists(name):
    return psql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'") == "1"


def names(prefix):
    return psql(
        f"SELECT datname FROM pg_database WHERE starts_with(datname, '{prefix}')"
    ).split()


def drop(name):
    psql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def copy(source, name):
    psql(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')


def rename(name, new):
    psql(f'ALTER DATABASE "{name}" RENAME TO "{new}"')


def odoo(*args, log="databases", **kwargs):
    return run(
        ["odoo", "--stop-after-init", "--no-http", *args],
        log=log,
        env=session.variables(),
        **kwargs,
    )


def _shell(name, code):
    file = LOGS / "shell.py"
    file.write_text(code)
    run(
        [
            "odoo",
            "shell",
            "-d",
            name,
            "--no-http",
            "--log-level=warn",
            "--shell-file",
            file,
        ],
        log="databases",
        env=session.variables(),
    )


def check_log(output, what):
    """A warning while the project's addons install is a fault of theirs."""
    if TROUBLE.search(output):
        lines = [line for line in output.splitlines() if not _is_calm(line)]
        fail(
            f"{what} logged warnings",
            "\n".join(lines),
            LOGS / "databases.log",
            "Mend them: a company that installs the addons sees them too.",
        )


def _is_calm(line):
    return re.match(r"^\S+ \S+ \d+ (INFO|DEBUG) ", line)


def base():
    """Name of an up-to-date template without the project's addons; made if need be."""
    name = f"{PREFIX}_base_{_base_hash()[:8]}"
    with locks.only_one("base", "Another run makes the template; waiting for it."):
        if not exists(name):
            with step("Template database: Odoo's modules"):
                _make_base(name)
    return name


def _base_hash():
    return install.digest(
        install.odoo_key(), setting("modules"), setting("language"), PREPARE
    )


def template(chosen):
    """Name of an up-to-date template with these addons; made if need be.

    The lock says "in use" for as long as this process lives, so that nobody tidies
    the template away.
    """
    full = _template_name(chosen)
    with locks.only_one("templates", "Another run makes the template; waiting for it."):
        locks.shared(full)
        if not exists(full):
            source = base()
            with step(f"Template database: {', '.join(chosen) or 'no addons'}"):
                _make_full(source, full, chosen)
            _tidy(source, *map(_template_name, (addons(), unlocked_addons())))
    return full


def _template_name(chosen):
    state = install.digest(_base_hash(), addons_hash(chosen))
    return f"{PREFIX}_addons_{state[:8]}"


def unlocked_addons():
    """The addons without those that close dossiers to their owners."""
    locking = setting("locking_addons").split(",")
    return [name for name in addons() if name not in locking]


DEMO = "archive_demo"


def demo(rebuild=False):
    """The demo database: made once, updated when the addons' files have changed."""
    state = install.digest(install.odoo_key(), addons_hash(addons()))
    modules = ",".join([*addons(), setting("demo_modules")])
    with locks.only_one("demo", "Another run makes the demo; waiting for it."):
        if rebuild or not exists(DEMO):
            with step("Demo database"):
                new = f"{DEMO}_new"
                drop(new)
                language = ("--load-language", setting("language"))
                output = odoo("-d", new, "-i", modules, "--with-demo", *language)
                # Odoo goes on without demo data that does not load
                check_log(output, "Installing the addons with demo data")
                _shell(new, PREPARE)
                drop(DEMO)
                rename(new, DEMO)
        elif _note(DEMO) != state:
            with step("Demo database: the addons have changed, updating"):
                odoo(
                    "-d",
                    DEMO,
                    "-i",
                    modules,
                    "-u",
                    ",".join(addons()),
                    hint="`bin/demo --rebuild` makes it anew.",
                )
        psql(f"COMMENT ON DATABASE {DEMO} IS '{state}'")
    return DEMO


def _note(name):
    return psql(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
        f" WHERE datname = '{name}'"
    )


def _make_base(base):
    new = f"{base}_new"
    drop(new)
    odoo("-d", new, "-i", setting("modules"), "--load-language", setting("language"))
    _shell(new, PREPARE)
    rename(new, base)


def _make_full(base, full, chosen):
    new = f"{full}_new"
    drop(new)
    copy(base, new)
    if chosen:
        check_log(odoo("-d", new, "-i", ",".join(chosen)), "Installing the addons")
    rename(new, full)


def _tidy(*keep):
    """Drop templates of states that are gone, unless a run still copies from them."""
    for name in names(f"{PREFIX}_base_") + names(f"{PREFIX}_addons_"):
        if name in keep:
            continue
        lock = locks.exclusive(name, wait=False)
        if lock is not None:
            drop(name)
            locks.forget(lock, name)


@contextlib.contextmanager
def scratch(source, kind="run"):
    """A copy for this process, dropped at the end."""
    for name in names(f"{PREFIX}_{kind}_"):  # left by a run that was killed
        lock = locks.exclusive(name, wait=False)
        if lock is not None:
            drop(name)
            locks.forget(lock, name)
    name = f"{PREFIX}_{kind}_{os.getpid()}"
    lock = locks.exclusive(name)
    copy(source, name)
    try:
        yield name
    finally:
        drop(name)
        locks.forget(lock, name)
