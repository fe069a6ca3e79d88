"""Run something inside the runtime: set up, with the server, with the environment."""

import os
import signal
import subprocess

from . import postgres
from .install import setup
from .paths import environment


def variables():
    """The environment for Odoo, psql, pytest and scripts of the project."""
    env = environment() | postgres.connection()
    if postgres.is_private():
        env["PATH"] = f"{postgres.programs()}{os.pathsep}{env['PATH']}"
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
    process = subprocess.Popen(args, env=variables(), **group, **kwargs)
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
