"""The tests in ``tests/``, run by pytest."""

import subprocess
import sys
import xml.etree.ElementTree as ElementTree

from ..paths import LOGS, ROOT
from ..shell import tail
from .results import failed, passed, skipped

FOLDER = LOGS / "test"
NOTHING_COLLECTED = 5


def run(part, arguments):
    """Run pytest.

    :param part: name of this part of the run
    :param arguments: paths and options for pytest
    :return: one result per test
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    report, log = FOLDER / f"{part}.xml", FOLDER / f"pytest-{part}.log"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", f"--junitxml={report}", *arguments]
    with open(log, "wb") as output:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode == NOTHING_COLLECTED:
        return []
    if not report.exists():
        return [failed(part, "pytest", tail(log, 60))]
    cases = ElementTree.parse(report).iter("testcase")
    return [_result(part, case) for case in cases]


def collect(arguments):
    """Return the ids of the tests that pytest would run."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    return [line for line in done.stdout.splitlines() if "::" in line]


def _result(part, case):
    """Return the result that an element of the report describes."""
    file = case.get("classname", "").replace(".", "/")
    name = f"{file}::{case.get('name')}" if file else case.get("name")
    for kind in ("failure", "error"):
        if (element := case.find(kind)) is not None:
            return failed(part, name, element.text or element.get("message", ""))
    if (element := case.find("skipped")) is not None:
        return skipped(part, name, element.get("message", ""))
    return passed(part, name)
