"""File locks. The kernel drops them with the process, so nothing goes stale."""

import contextlib
import fcntl
import os

from .console import say
from .paths import LOCKS

held = set()  # handed to commands that are waited for: see session.call


def _take(name, how, wait=True):
    """An open, locked file descriptor; None if not to wait and somebody has it."""
    LOCKS.mkdir(parents=True, exist_ok=True)
    fd = os.open(LOCKS / name, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(fd, how | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        os.close(fd)
        return None
    held.add(fd)
    return fd


def release(fd):
    held.discard(fd)
    os.close(fd)


def shared(name):
    return _take(name, fcntl.LOCK_SH)


def exclusive(name, wait=True):
    return _take(name, fcntl.LOCK_EX, wait)


def forget(fd, name):
    """Give up the lock of something that is gone for good."""
    (LOCKS / name).unlink(missing_ok=True)
    release(fd)


@contextlib.contextmanager
def only_one(name, message=None):
    fd = exclusive(name, wait=False)
    if fd is None:
        if message:
            say(message)
        fd = exclusive(name)
    try:
        yield
    finally:
        release(fd)
