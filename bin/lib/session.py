"""Run something inside the runtime: set up, with the server, with the environment."""

import os
import signal
import subprocess

from . import locks, postgres
from .install import setup
from .paths import environment


def variables():
    """The environment for Odoo, psql, pytest and scripts of the project."""
    env = environment() | postgres.connection()
    path = [str(postgres.programs()), env["PATH"]]
    if not postgres.is_private():  # the machine's own psql fits its server better
        path.reverse()
    env["PATH"] = os.pathsep.join(path)
    return env


def execute(args):
    """Become this command; the database server stops after it if it was the last."""
    setup()
    postgres.use()
    env = variables()
    os.execvpe(args[0], args, env)


def call(args, own_group=False, **kwargs):
    """Run a command and wait for its end, whatever signal comes; returns its exit code.

    Ctrl-C on a terminal reaches the command by itself, unless it has a process group
    of its own; all other requests to stop are handed on, once, as the same Ctrl-C.
    """
    group = {"process_group": 0} if own_group else {}
    # with the locks: if this process is killed, what they protect is still in use
    process = subprocess.Popen(
        args, env=variables(), pass_fds=tuple(locks.held), **group, **kwargs
    )
    asked = []

    def stop(number, _frame):
        if not asked and (own_group or number != signal.SIGINT):
            process.send_signal(signal.SIGINT)
        asked.append(number)

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    previous = [signal.signal(number, stop) for number in signals]
    try:
        return process.wait()
    finally:
        for number, handler in zip(signals, previous, strict=True):
            signal.signal(number, handler)
