"""The server that users meet: demo users, workers and the websocket of odoo.conf."""

import re
import time

import pytest
import requests
from runtime.odoo import free_port

from tests.conftest import DATABASES, DEMO_LOGINS, assert_clean
from tests.support.json2 import RpcError
from tests.support.web import STARTUP, log_in, open_app

PROPERTY_APP = "property_base.menu_property_root"
EMPLOYEES = [login for login in DEMO_LOGINS if login != "owner"]


@pytest.mark.parametrize("login", EMPLOYEES)
def test_employee_logs_in(page, server, login):
    """Each demo user logs in and reaches the property menu."""
    log_in(page, server, login)
    open_app(page, PROPERTY_APP)
    assert re.search("[\u4e00-\u9fff]", page.inner_text(".o_menu_brand"))


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
    database, websocket = f"{DATABASES}_workers", free_port()
    databases.copy(demo_with_keys[0], database)
    options = [f"--gevent-port={websocket}", "--workers=2", "--max-cron-threads=1"]
    server = odoo.server(database, "server-workers", options=options)
    server.log.unlink(missing_ok=True)
    with server:
        assert _answers(f"http://127.0.0.1:{websocket}/websocket/health")
        manager = requests.get(f"{server.url}/web/database/manager", timeout=60)
        assert "disabled by the administrator" in manager.text
    databases.drop(database)
    assert_clean(server.log)


def _answers(url, timeout=60):
    """Whether a server that is just starting answers within some seconds."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        try:
            return requests.get(url, timeout=timeout).ok
        except requests.ConnectionError:
            time.sleep(0.5)
    return False
