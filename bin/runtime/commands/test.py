"""``bin/test``: run everything, or one module, file or tag."""

import argparse
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from .. import modules
from ..browser import ensure_chromium
from ..console import Stop, say
from ..environment import provisioned
from ..paths import ADDONS, ROOT
from ..templates import Templates
from ..testing import lint, suite_tests, unit
from ..testing.results import count, failed, summarise

LANES = 2  # parts that run at once; each is one Odoo most of the time
MARKERS = ("static", "server", "browser", "matrix", "bench", "odoo")
APART = "not static and not matrix and not bench and not odoo"


@dataclass(frozen=True)
class Part:
    """A part of the run that can go on beside others."""

    name: str
    run: Callable[[], list]


def main(argv=None):
    arguments = _parse(argv)
    if arguments.list:
        return _list(arguments.select)
    started = time.monotonic()
    ensure_chromium()
    with provisioned() as environment:
        parts = _parts(environment, arguments)
        Templates(environment).base()
        results = _run(parts)
    return summarise(results, time.monotonic() - started)


def _parse(argv):
    parser = argparse.ArgumentParser(
        prog="bin/test",
        description=__doc__,
        epilog="A selection is a module (property_fee), a test file "
        "(addons/property_fee/tests/test_rate.py, tests/test_bench.py), a mark of "
        f"the suite's tests ({', '.join(MARKERS)}) or a tag of Odoo's tests. "
        "Without one, everything runs but what is marked odoo, which takes an hour.",
    )
    parser.add_argument("select", nargs="*", metavar="MODULE|FILE|TAG")
    parser.add_argument("--no-lint", action="store_true", help="no lint tools")
    parser.add_argument("--list", action="store_true", help="list, do not run")
    return parser.parse_args(argv)


def _parts(environment, arguments):
    """Return the parts to run, those that others wait for first."""
    if arguments.select:
        return _selection(environment, arguments.select)
    units = [_unit_part(environment, name) for name in reversed(modules.suite())]
    others = [
        _pytest_part("static", ["-m", "static"]),
        _pytest_part("matrix", ["-m", "matrix"]),
        *units,
        _pytest_part("suite", ["-m", APART]),
        _pytest_part("bench", ["-m", "bench"]),
    ]
    lint_part = [] if arguments.no_lint else [Part(lint.PART, lint.run)]
    return [*lint_part, *others]


def _selection(environment, words):
    """Return the parts that the words of the command line mean.

    What is wanted of one module is one part: its tests share a database and a log.
    """
    wanted, others = {}, []
    for word in words:
        tags = _module_tags(word)
        for module, tag in tags.items():
            wanted.setdefault(module, []).append(tag)
        if not tags:
            others.append(_other_part(word))
    units = [
        _unit_part(environment, module, None if None in tags else ",".join(tags))
        for module, tags in wanted.items()
    ]
    return [*units, *others]


def _module_tags(word):
    """Return which tests of which modules a word means.

    :return: dict module -> value of ``--test-tags``, None for all tests of the module
    """
    path = (ROOT / word.split("::")[0]).resolve()
    if word in modules.suite():
        return {word: None}
    if word == lint.PART or word in MARKERS:
        return {}
    if path.is_relative_to(ADDONS) and path.is_file():
        relative = path.relative_to(ADDONS)
        return {relative.parts[0]: f"/{relative}"}
    if (path.is_relative_to(ROOT) and path.exists()) or "/" in word:
        return {}
    return {name: f"{word}/{name}" for name in modules.suite()}


def _other_part(word):
    """Return the part that a word means which is no test of a module."""
    path = (ROOT / word.split("::")[0]).resolve()
    if word == lint.PART:
        return Part(lint.PART, lint.run)
    if word in MARKERS:
        return _pytest_part(word, ["-m", word])
    if path.is_relative_to(ROOT) and path.exists():
        return _pytest_part(path.stem, [word])
    raise Stop(f"{word} is no file of this project.")


def _unit_part(environment, module, tags=None):
    return Part(module, lambda: unit.run(environment, module, tags))


def _pytest_part(name, arguments):
    return Part(name, lambda: suite_tests.run(name, arguments))


def _run(parts):
    """Run the parts in lanes; return all results in the order of the parts."""
    lanes = min(LANES, os.cpu_count() or 1)
    with ThreadPoolExecutor(lanes) as pool:
        return [result for results in pool.map(_run_part, parts) for result in results]


def _run_part(part):
    """Run one part and say how it went; what it cannot do is a failure."""
    say(f"  ->  Testing {part.name}")
    started = time.monotonic()
    try:
        results = part.run()
    except Stop as stop:
        results = [failed(part.name, "can be tested", str(stop))]
    seconds = time.monotonic() - started
    say(f"  ok  Tested {part.name}: {count(results)} ({seconds:.0f} s)")
    return results


def _list(select):
    """Print what would run."""
    for name in modules.suite():
        if not select or name in select:
            for path in sorted((ADDONS / name / "tests").glob("test_*.py")):
                say(str(path.relative_to(ROOT)))
    if not select:
        for name in lint.checks():
            say(f"{lint.PART}: {name}")
        for test in suite_tests.collect([]):
            say(test)
    return 0
