"""``bin/lint``: every lint tool and the static tests."""

import time

from ..testing import lint, suite_tests
from ..testing.results import summarise


def main():
    started = time.monotonic()
    results = lint.run() + suite_tests.run("static", ["-m", "static"])
    return summarise(results, time.monotonic() - started)
