"""A server process of its own, for what is asked from outside."""

import contextlib
import os
import socket
import subprocess
import time

import requests


@contextlib.contextmanager
def odoo_server(database, workers=0):
    """Address of a server on that database, with so many worker processes."""
    port, bus_port = _find_ports(2)
    # by its own command, as with workers it starts itself once more
    command = ["odoo", "-d", database, "--max-cron-threads=0"]
    command += [f"--http-port={port}", "--http-interface=127.0.0.1"]
    command += [f"--gevent-port={bus_port}", f"--workers={workers}"]
    server = subprocess.Popen(  # noqa: S603
        [*command, "--log-level=error", "--no-database-list"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, server)
        yield url
    finally:
        server.terminate()
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            server.kill()  # its workers end by themselves
            server.wait()


def _find_ports(count):
    with contextlib.ExitStack() as stack:
        free = [stack.enter_context(socket.socket()) for _n in range(count)]
        for one in free:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in free]


def _wait_for(url, server):
    for _attempt in range(120):
        if server.poll() is not None:
            break
        with contextlib.suppress(requests.ConnectionError):
            requests.get(f"{url}/web/health", timeout=10)
            return
        time.sleep(0.5)
    raise AssertionError("the server does not answer")
