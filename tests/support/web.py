"""Steps in the web client, for the browser tests."""

LOADED = ".o_web_client .o_main_navbar"
STARTUP = 60_000  # milliseconds: the first page compiles the assets


def log_in(page, server, login, password=None):
    """Log a user into the web client or the portal.

    :param page: a page of Playwright
    :param password: default: the same as the login, as for all demo users
    """
    page.goto(f"{server.url}/web/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", password or login)
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/web/login" not in url, timeout=STARTUP)


def open_action(page, server, path):
    """Open an action by its path (``property-units``) and wait for its view."""
    page.goto(f"{server.url}/odoo/{path}")
    page.wait_for_selector(
        f"{LOADED} ~ .o_action_manager .o_view_controller", timeout=STARTUP
    )
