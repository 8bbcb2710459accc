"""What the commands say: steps with progress, notes, one clear message when stuck."""

import sys
import threading
import time
from contextlib import contextmanager


class Stop(Exception):
    """Something cannot be had; the message tells the user what and what to do."""


def say(text=""):
    """Print one line at once, also into a pipe."""
    print(text, flush=True)


def note(text):
    """Print a remark that belongs to the running step."""
    say(f"      {text}")


@contextmanager
def step(title, heartbeat=15):
    """Announce a step, tell that it is still alive, print how long it took.

    :param title: what is being done, for the user
    :param heartbeat: seconds between two signs of life
    """
    started = time.monotonic()
    done = threading.Event()

    def beat():
        while not done.wait(heartbeat):
            note(f"... {title}: {time.monotonic() - started:.0f} s")

    say(f"  ->  {title}")
    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
    say(f"  ok  {title} ({time.monotonic() - started:.1f} s)")


def run_command(main):
    """Run ``main()`` and exit with its code; a :class:`Stop` becomes one message."""
    try:
        code = main()
    except Stop as stop:
        print(f"\nStopped: {stop}", file=sys.stderr, flush=True)
        code = 1
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr, flush=True)
        code = 130
    sys.exit(code)
