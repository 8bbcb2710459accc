"""What runs inside Odoo, in a process of its own: prepare data, or measure."""

import json
import resource
import time
from dataclasses import asdict
from pathlib import Path

from bench.rows import ROWS


def prepare(env, name, method, count, file):
    """Create the data of a row and keep what its contenders need in ``file``."""
    data = getattr(ROWS[name], method)(env, count)
    env.cr.commit()
    Path(file).write_text(json.dumps(data))


def measure(env, name, contender, file, report):
    """Let one contender work and write what it took to ``report``.

    Seconds are of the wall clock unless the row measures itself; memory is what the peak
    of the process grew by, in MB.
    """
    data = json.loads(Path(file).read_text())
    work = getattr(ROWS[name], contender)
    before = _peak()
    started = time.perf_counter()
    outcome = work(env, data)
    env.cr.commit()
    seconds = time.perf_counter() - started
    measured = {**asdict(outcome), "memory": _peak() - before}
    if outcome.seconds is None:
        measured["seconds"] = seconds
    Path(report).write_text(json.dumps(measured))


def explain(env, name, file, report):
    """Write to ``report`` where the time of the suite goes."""
    data = json.loads(Path(file).read_text())
    Path(report).write_text(json.dumps(ROWS[name].explain(env, data)))


def _peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
