"""Fixtures of the suite's tests: databases, servers, clients, a browser."""

import json
import os
import time
from pathlib import Path

import pytest
from runtime import logcheck, node
from runtime.browser import ensure_chromium
from runtime.databases import Databases
from runtime.environment import provisioned
from runtime.odoo import Odoo
from runtime.paths import CHECKOUT_ID, LOGS, ROOT
from runtime.templates import Templates

from tests.support.json2 import Json2

# Two test processes may run at once, each with databases of its own.
DATABASES = f"pst_{CHECKOUT_ID}_test_{os.getpid()}"
STATIC = Path(__file__).parent / "static"
TEST_LOGS = LOGS / "test"
DEMO_LOGINS = (
    "admin",
    "hq",
    "manager",
    "frontdesk",
    "engineer",
    "security",
    "cashier",
    "accountant",
    "owner",
)
API_KEYS = """
import json
keys = {{}}
for user in env["res.users"].search([("login", "in", {logins!r})]):
    model = env["res.users.apikeys"].with_user(user).sudo()
    keys[user.login] = model._generate("rpc", "suite tests", None)
env.cr.commit()
with open({file!r}, "w") as file:
    json.dump(keys, file)
"""
IN_COPY = """
import json, sys
sys.path.insert(0, {root!r})
{code}
with open({file!r}, "w") as file:
    json.dump(result, file)
"""
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",  # small in containers
]


def pytest_collection_modifyitems(items):
    """Mark tests by what they need."""
    for item in items:
        if item.path.is_relative_to(STATIC):
            item.add_marker("static")
        if "page" in item.fixturenames:
            item.add_marker("browser")
        if "server" in item.fixturenames:
            item.add_marker("server")


@pytest.fixture(scope="session")
def environment():
    with provisioned() as environment:
        yield environment


@pytest.fixture(scope="session")
def odoo(environment):
    return Odoo(environment, TEST_LOGS)


@pytest.fixture(scope="session")
def databases(environment):
    return Databases(environment.variables)


@pytest.fixture(scope="session")
def templates(environment):
    return Templates(environment)


@pytest.fixture(scope="session")
def suite_database(databases, templates):
    """A copy of the suite without demo data; read it, do not change it."""
    name = f"{DATABASES}_suite"
    databases.copy(templates.suite(), name)
    yield name
    databases.drop(name)


@pytest.fixture(scope="module")
def run_in_copy(databases, odoo, tmp_path_factory):
    """A function that runs code in a copy of a template database.

    It takes the template, a name and the code, which may import `tests.support` and leaves
    a `result`. It returns that, and a function that runs a query in the copy.
    """
    copies = []

    def run(template, name, code):
        database = f"{DATABASES}_{name}"
        databases.copy(template, database)
        copies.append(database)
        file = tmp_path_factory.mktemp(name) / "result.json"
        text = IN_COPY.format(root=str(ROOT), code=code, file=str(file))
        odoo.script(database, text, name)

        def query(text, *values):
            with databases.cursor(database) as cursor:
                cursor.execute(text, values)
                return cursor.fetchall()

        return json.loads(file.read_text()), query

    yield run
    for database in copies:
        databases.drop(database)


@pytest.fixture(scope="session")
def demo_with_keys(databases, templates, odoo, tmp_path_factory):
    """A database with the demo estate, and an API key for each demo user.

    :return: its name, to copy it, and a dict login -> key
    """
    name = f"{DATABASES}_demo"
    databases.copy(templates.demo(), name)
    file = tmp_path_factory.mktemp("keys") / "keys.json"
    code = API_KEYS.format(logins=DEMO_LOGINS, file=str(file))
    odoo.script(name, code, "api-keys")
    yield name, json.loads(file.read_text())
    databases.drop(name)


@pytest.fixture(scope="module")
def server(request, databases, odoo, demo_with_keys):
    """A server of the demo estate, one for each test file.

    At the end its log must be clean.
    """
    template, _keys = demo_with_keys
    log = request.module.__name__.rpartition(".")[2].removeprefix("test_")
    database = f"{DATABASES}_{log}"[:63]
    databases.copy(template, database)
    options = ("--workers=0", "--max-cron-threads=1")
    server = odoo.server(database, f"server-{log}", options=options)
    server.log.unlink(missing_ok=True)
    with server:
        yield server
        _wait_for_scheduler(databases, database)
    databases.drop(database)
    assert_clean(server.log)


def _wait_for_scheduler(databases, database, timeout=240):
    """Wait until no scheduled action runs: one that is cut off leaves errors in the log."""
    deadline = time.monotonic() + timeout
    with databases.cursor(database) as cursor:
        while time.monotonic() < deadline:
            # A job is locked while it runs.
            cursor.execute(
                "SELECT (SELECT count(*) FROM ir_cron)"
                " - (SELECT count(*) FROM (SELECT id FROM ir_cron"
                " FOR UPDATE SKIP LOCKED) AS idle)"
            )
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.5)


@pytest.fixture(scope="module")
def rpc(server, demo_with_keys):
    """A function that returns a JSON-2 client for a demo user."""
    _template, keys = demo_with_keys

    def client(login="admin"):
        return Json2(server.url, server.database, keys[login])

    return client


@pytest.fixture(scope="session")
def browser(environment):
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright

    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node.program()))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=ensure_chromium(),
            args=CHROMIUM_OPTIONS,
            env=environment.variables,  # its fonts
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    """A page of a fresh browser session in Chinese; errors on it fail the test."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, "errors in the browser:\n" + "\n".join(errors)


def assert_clean(log):
    """Fail when a log holds a warning or an error."""
    problems = logcheck.problems(log)
    assert not problems, f"{log}:\n" + "\n".join(map(str, problems))
