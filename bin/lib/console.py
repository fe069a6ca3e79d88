"""What a person sees: short step lines with a running time, on stderr."""

import contextlib
import subprocess
import sys
import threading
import time

from .paths import LOGS


def _quietly(kind, error, traceback):
    """Ctrl-C is no fault to trace."""
    if issubclass(kind, KeyboardInterrupt):
        say("\nStopped.")
    else:
        sys.__excepthook__(kind, error, traceback)


sys.excepthook = _quietly


def say(text):
    print(text, file=sys.stderr, flush=True)


def die(text):
    """Stop with a message that says what is wrong and how to get on."""
    raise SystemExit(f"\n{text}")  # Python prints it, after what is still to be said


@contextlib.contextmanager
def step(title):
    """`title ... 12 s`; the seconds tick on a terminal."""
    start = time.monotonic()
    done = threading.Event()
    tty = sys.stderr.isatty()

    def tick():
        while not done.wait(1):
            print(
                f"\r{title} ... {time.monotonic() - start:.0f} s",
                end="",
                file=sys.stderr,
                flush=True,
            )

    # without a terminal the title comes first, so that a log shows what runs
    print(f"{title} ...", end="", file=sys.stderr, flush=True)
    ticker = threading.Thread(target=tick, daemon=True)
    if tty:
        ticker.start()
    result = "failed"
    try:
        yield
        result = f"{time.monotonic() - start:.0f} s"
    finally:
        done.set()
        if tty:
            ticker.join()
            say(f"\r{title} ... {result}")
        else:
            say(f" {result}")


def run(args, log, hint="", **kwargs):
    """Run a command and return what it printed, which goes to a log as well.

    If it fails, stop and show the end of it.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    path = LOGS / f"{log}.log"
    command = " ".join(map(str, args))
    output = []
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
