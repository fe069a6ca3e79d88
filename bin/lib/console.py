"""What a person sees: short step lines with a running time, on stderr."""

import contextlib
import sys
import threading
import time


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
