"""The server that users meet: demo users, workers and the websocket of odoo.conf."""

import urllib.request

import pytest
from runtime.odoo import free_port
from runtime.paths import CHECKOUT_ID

from tests.conftest import DEMO_LOGINS, assert_clean
from tests.support.json2 import RpcError
from tests.support.web import LOADED, STARTUP, log_in

EMPLOYEES = [login for login in DEMO_LOGINS if login != "owner"]


@pytest.mark.parametrize("login", EMPLOYEES)
def test_employee_logs_in(page, server, login):
    """Each demo user logs in and reaches the property menu."""
    log_in(page, server, login)
    page.wait_for_selector(LOADED, timeout=STARTUP)
    page.goto(f"{server.url}/odoo/property")
    page.wait_for_selector(".o_action_manager .o_view_controller", timeout=STARTUP)
    assert page.evaluate("document.documentElement.lang") == "zh-CN"


def test_owner_reaches_the_portal(page, server):
    log_in(page, server, "owner")
    page.wait_for_url("**/my**", timeout=STARTUP)
    assert page.locator(".o_portal_my_home").is_visible()


def test_wrong_key_is_refused(rpc):
    client = rpc("admin")
    client.session.headers["Authorization"] = "bearer wrong"
    with pytest.raises(RpcError) as refused:
        client.count("res.users")
    assert refused.value.status == 401


def test_configuration_of_a_company(odoo, databases, demo_with_keys):
    """odoo.conf as it is: workers, and the websocket on a port of its own."""
    database, websocket = f"pst_{CHECKOUT_ID}_test_workers", free_port()
    databases.copy(demo_with_keys[0], database)
    options = [f"--gevent-port={websocket}", "--workers=2", "--max-cron-threads=1"]
    server = odoo.server(database, "server-workers", options=options)
    server.log.unlink(missing_ok=True)
    with server:
        health = f"http://127.0.0.1:{websocket}/websocket/health"
        with urllib.request.urlopen(health, timeout=60) as answer:
            assert answer.status == 200
        manager = f"{server.url}/web/database/manager"
        with urllib.request.urlopen(manager, timeout=60) as answer:
            assert "disabled" in answer.read().decode()
    databases.drop(database)
    assert_clean(server.log)
