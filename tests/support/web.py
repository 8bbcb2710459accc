"""Steps in the web client, for the browser tests."""

VIEW = ".o_action_manager .o_action"
STARTUP = 60_000  # milliseconds: the first page of a server
LOADING = 20_000  # milliseconds: any other page


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


def open_app(page, menu):
    """Open an app from the menu of apps and wait for its first view.

    :param menu: external id of its root menu
    """
    page.click(".o_navbar_apps_menu button", timeout=STARTUP)
    page.click(f"[data-menu-xmlid='{menu}']")
    page.wait_for_selector(VIEW, timeout=LOADING)


def open_action(page, server, path):
    """Open an action by its path (``property-units``) and wait for its view."""
    page.goto(f"{server.url}/odoo/{path}")
    page.wait_for_selector(VIEW, timeout=LOADING)
