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


def call(args, **kwargs):
    """Run a command and wait for it whatever signal comes; returns its exit code.

    Ctrl-C on a terminal reaches the command by itself; a signal sent to this process
    alone is handed on.
    """
    process = subprocess.Popen(args, env=variables() | kwargs.pop("env", {}), **kwargs)
    previous = {
        number: signal.signal(number, handler)
        for number, handler in (
            (signal.SIGINT, lambda *_: None),
            (signal.SIGTERM, lambda *_: process.terminate()),
        )
    }
    try:
        return process.wait()
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
