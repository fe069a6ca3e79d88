"""Commands whose output nobody needs to see while all is well."""

import subprocess

from . import locks
from .console import die
from .paths import LOGS


def run(args, log, hint="", **kwargs):
    """Run a command and return what it printed, which goes to a log as well.

    If it fails, stop and show the end of it.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    path = LOGS / f"{log}.log"
    command = " ".join(map(str, args))
    output = []
    # with the locks: if this process is killed, what they protect is still in use
    kwargs.setdefault("pass_fds", tuple(locks.held))
    with (
        path.open("a") as file,
        subprocess.Popen(
            args,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            **kwargs,
        ) as process,
    ):
        file.write(f"\n$ {command}\n")
        for line in process.stdout:
            file.write(line)
            output.append(line)
    output = "".join(output)
    if process.returncode:
        fail(f"`{command}` ended with {process.returncode}", output, path, hint)
    return output


def fail(what, output, path, hint=""):
    tail = "\n".join(f"  | {line}" for line in output.splitlines()[-15:])
    die(f"{what}\n{tail}\nThe whole log: {path}\n{hint}".rstrip())
