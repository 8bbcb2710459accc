"""What the commands say: steps with progress, notes, one clear message when stuck."""

import signal
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


class _Progress:
    """What the step that is running says about itself; the innermost one speaks."""

    def __init__(self):
        self.titles = []
        self.detail = None  # function that returns a text

    def line(self):
        detail = self.detail() if self.detail else ""
        return f"... {self.titles[-1]}" + (f": {detail}" if detail else "")


_progress = _Progress()


@contextmanager
def detail(function):
    """While the block runs, ask ``function`` how far it is.

    :param function: returns a short text, such as "12 of 40"
    """
    outer, _progress.detail = _progress.detail, function
    try:
        yield
    finally:
        _progress.detail = outer


@contextmanager
def step(title, heartbeat=10):
    """Announce a step, tell that it is still alive, print how long it took.

    :param title: what is being done, for the user
    :param heartbeat: seconds between two signs of life
    """
    started = time.monotonic()
    done = threading.Event()

    def beat():
        while not done.wait(heartbeat):
            if _progress.titles[-1:] == [title]:
                note(f"{_progress.line()} ({time.monotonic() - started:.0f} s)")

    say(f"  ->  {title}")
    _progress.titles.append(title)
    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        _progress.titles.remove(title)
    say(f"  ok  {title} ({time.monotonic() - started:.1f} s)")


def run_command(main):
    """Run ``main()`` and exit with its code; a :class:`Stop` becomes one message."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        code = main()
    except Stop as stop:
        print(f"\nStopped: {stop}", file=sys.stderr, flush=True)
        code = 1
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr, flush=True)
        code = 130
    sys.exit(code)


def _interrupt(_signal, _frame):
    """End on a kill as on Ctrl-C: in order."""
    raise KeyboardInterrupt
