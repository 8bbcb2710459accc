"""The modules' own tests, run by Odoo on a copy of the suite's template."""

import re
import subprocess

from .. import logcheck
from ..databases import Databases
from ..odoo import Odoo, free_port
from ..paths import ADDONS, CHECKOUT_ID, LOGS
from ..templates import Templates
from .results import failed, passed, skipped

FOLDER = LOGS / "test"
STARTED = re.compile(r"Starting (?P<test>\S+) \.\.\.$")
SKIPPED = re.compile(r"skipped (?P<test>\S+) : (?P<reason>.*)", re.DOTALL)
BROKEN = re.compile(r"(FAIL|ERROR): (?P<test>.*?)\n(?P<detail>.*)", re.DOTALL)
# What Odoo logs about failed tests besides the failure itself.
AFTERMATH = re.compile(
    r"^ERROR odoo\.(tests\.result|modules\.loading|service\.server|registry): "
    r".*(failed|failures|tests? )",
)


def run(environment, module, tags=None):
    """Run the tests of one module.

    :param tags: value of ``--test-tags``; default: all tests of the module
    :return: results: one per test, one per test file that ran nothing, one for the log
    """
    database = f"pst_{CHECKOUT_ID}_unit_{module}"
    Databases(environment.variables).copy(Templates(environment).suite(), database)
    command, log = Odoo(environment, FOLDER).command(
        "server",
        f"unit-{module}",
        f"--database={database}",
        f"--test-tags={tags or '/' + module}",
        f"--http-port={free_port()}",
        f"--screenshots={FOLDER / 'screenshots'}",
        "--workers=0",
        "--max-cron-threads=0",
        "--stop-after-init",
    )
    log.unlink(missing_ok=True)
    done = subprocess.run(
        command,
        env=environment.variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    Databases(environment.variables).drop(database)
    if not log.exists():
        return [failed(module, "Odoo starts", done.stdout)]
    return _results(module, log, done.returncode, complete=tags is None)


def _results(module, log, returncode, *, complete):
    """Read the results from the log of a test run.

    :param complete: whether every test file must have run a test
    """
    tests, broken, reasons, noise, files = {}, {}, {}, [], set()
    allowed = logcheck.allowed()
    for record in logcheck.records(log):
        if match := STARTED.search(record.message):
            tests[match["test"]] = record.logger
            files.add(record.logger)
        elif record.level == "INFO" and (match := SKIPPED.match(record.message)):
            reasons[match["test"]] = match["reason"].strip()
        elif record.level == "ERROR" and (match := BROKEN.match(record.message)):
            _add_broken(broken, match)
        elif _is_noise(record, allowed, broken):
            noise.append(str(record))
    results = [_result(module, test, broken, reasons) for test in tests]
    # Errors outside of a test: in setUpClass, or of the whole class.
    results += [failed(module, test, detail) for test, detail in broken.items()]
    if complete:
        results += _files_without_tests(module, files)
    if noise or (returncode and all(result.outcome != "failed" for result in results)):
        noise.append(f"Odoo ended with code {returncode}. Whole log: {log}")
        results.append(failed(module, "the log is clean", "\n".join(noise)))
    else:
        results.append(passed(module, "the log is clean"))
    return results


def _add_broken(broken, match):
    test = re.sub(r"^Subtest (\S+) .*", r"\1", match["test"])
    broken[test] = broken.get(test, "") + f"{match['test']}\n{match['detail']}\n"


def _is_noise(record, allowed, broken):
    """Whether a record is a warning or error that nothing explains."""
    if record.level not in logcheck.BAD_LEVELS:
        return False
    if broken and AFTERMATH.match(str(record)):
        return False
    return not any(pattern.search(str(record)) for pattern in allowed)


def _result(module, test, broken, reasons):
    if test in broken:
        return failed(module, test, broken.pop(test))
    if test in reasons:
        return skipped(module, test, reasons[test])
    return passed(module, test)


def _files_without_tests(module, loggers):
    """Return a failure for each test file of the module that ran no test."""
    for path in sorted((ADDONS / module / "tests").glob("test_*.py")):
        if f"odoo.addons.{module}.tests.{path.stem}" not in loggers:
            reason = "no test of this file ran: not imported, or tagged at_install"
            yield failed(module, f"tests/{path.name} is collected", reason)
