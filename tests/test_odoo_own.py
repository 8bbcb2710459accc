"""Odoo's own tests of accounting give the same result with the suite as without it.

They take half an hour and are not part of the whole run: ``bin/test odoo``.
"""

import re
import subprocess

import pytest
from runtime import logcheck, modules
from runtime.odoo import free_port
from runtime.paths import CHECKOUT_ID

pytestmark = pytest.mark.odoo

TAGS = "/account,/account_payment"
STARTED = re.compile(r"Starting (?P<test>\S+) \.\.\.$")
# Odoo's tests compare texts, and expect them in English.
ENGLISH = """
env["res.lang"]._activate_lang("en_US")
env["ir.default"].set("res.partner", "lang", "en_US")
env["res.partner"].with_context(active_test=False).search([]).lang = "en_US"
# What is rolled back looks like an empty table to autovacuum, and plans for empty tables
# let single tests of payments take hours.
for name in ("move", "move_line", "partial_reconcile", "payment"):
    env.cr.execute(f"ALTER TABLE account_{name} SET (autovacuum_enabled = off)")
env.cr.commit()
"""
BROKEN = re.compile(r"(FAIL|ERROR): (?:Subtest )?(?P<test>\S+)")


@pytest.fixture(scope="module")
def results(databases, templates, odoo, environment):
    """What Odoo's tests came to: dict "with" or "without" -> (tests, broken tests)."""
    found = {}
    sources = {
        "without": templates.dependencies(modules.suite()),
        "with": templates.suite(),
    }
    for name, template in sources.items():
        database = f"pst_{CHECKOUT_ID}_test_odoo_{name}"
        databases.copy(template, database)
        odoo.script(database, ENGLISH, f"odoo-own-{name}-english")
        found[name] = _run(odoo, environment, database, name)
        databases.drop(database)
    return found


def _run(odoo, environment, database, name):
    command, log = odoo.command(
        "server",
        f"odoo-own-{name}",
        f"--database={database}",
        f"--test-tags={TAGS}",
        f"--http-port={free_port()}",
        "--workers=0",
        "--max-cron-threads=0",
        "--stop-after-init",
    )
    log.unlink(missing_ok=True)
    subprocess.run(
        command, env=environment.variables, stdin=subprocess.DEVNULL, check=False
    )
    tests, broken = set(), set()
    for record in logcheck.records(log):
        if match := STARTED.search(record.message):
            tests.add(match["test"])
        elif record.level == "ERROR" and (match := BROKEN.match(record.message)):
            broken.add(match["test"])
    return tests, broken


def test_same_tests_run(results):
    (plain, _), (ours, _) = results["without"], results["with"]
    assert len(plain) > 100
    assert plain == ours


def test_same_tests_fail(results):
    (_, plain), (_, ours) = results["without"], results["with"]
    assert ours - plain == set(), "broken by the suite"
    assert plain - ours == set(), "broken without it only"
