"""Which module may depend on what: modules of ours, of Odoo's, Python packages."""

import ast
import re
import sys

import pytest
from runtime import modules
from runtime.paths import ADDONS, ROOT

from tests.support.sources import addon_files, relative

# The arrows of the architecture: a module may depend on these of ours, directly or not.
ALLOWED = {
    "property_base": set(),
    "property_service": {"property_base"},
    "property_fee": {"property_base"},
    "property_staff": {"property_base"},
    "property_service_fee": {"property_service", "property_fee"},
    "property_fee_queue": {"property_fee"},
    "property_desk": {"property_service", "property_fee", "property_service_fee"},
    "property_handover": {"property_service", "property_service_fee"},
    "property_renovation": {"property_handover"},
}
ODOO_MODULES = {
    "property_base": {"base_setup", "mail", "portal", "contacts"},
    "property_service": {"resource", "rating", "sms", "survey", "maintenance"},
    "property_fee": {"account", "account_payment"},
    "property_staff": {"hr", "survey"},
    "property_fee_queue": {"queue_job"},
}
LICENSES = {"LGPL-3"}
# Name of a distribution -> name of the package it provides, where they differ.
PROVIDES = {"python-calamine": "python_calamine", "chinesecalendar": "chinese_calendar"}
# Packages that Odoo itself declares: its requirements, not ours.
ODOO_PROVIDES = {
    "babel",
    "dateutil",
    "freezegun",
    "lxml",
    "markupsafe",
    "odoo",
    "PIL",
    "psycopg2",
    "pytz",
    "reportlab",
    "requests",
    "vobject",
    "werkzeug",
}
TEST_TOOLS = {"xlwt", "hypothesis", "openpyxl", "pdfplumber", "pypdf"}

MODULES = modules.everything()


@pytest.mark.parametrize("module", MODULES)
def test_arrows_point_up(module):
    """A module depends on those that the architecture allows, and on no other."""
    needs = set(modules.manifest(module)["depends"])
    ours = needs & set(MODULES)
    assert ours <= _allowed(module), f"not allowed: {ours - _allowed(module)}"
    may = set().union(*(ODOO_MODULES.get(name, set()) for name in [module, *ours]))
    assert needs - ours <= may, f"not allowed: {needs - ours - may}"


@pytest.mark.parametrize("module", MODULES)
def test_code_reaches_into_no_other_module(module):
    """A module imports from, and names records of, its dependencies only."""
    reachable = set(modules.closure([module]))
    others = set(MODULES) - reachable
    strangers = [
        f"{relative(path)}: {other}"
        for path in addon_files("**/*.py") + addon_files("**/*.xml")
        if path.is_relative_to(ADDONS / module)
        for other in others
        if re.search(rf"\b(odoo\.addons\.)?{other}\.\w", path.read_text())
    ]
    assert not strangers, "\n".join(strangers)


@pytest.mark.parametrize("module", MODULES)
def test_manifest_is_complete(module):
    """Licence, author and version are what the project promises."""
    manifest = modules.manifest(module)
    assert manifest["license"] in LICENSES
    assert manifest["author"] == "Property Suite Contributors"
    assert re.fullmatch(r"19\.0\.\d+\.\d+\.\d+", manifest["version"])
    assert manifest["summary"]


@pytest.mark.parametrize("module", MODULES)
def test_python_packages_are_declared(module):
    """What a module imports is in its manifest or a dependency's, or is Odoo's own."""
    declared = set()
    for name in modules.closure([module]):
        packages = modules.manifest(name).get("external_dependencies", {})
        declared |= set(packages.get("python", []))
    known = {PROVIDES.get(name, name) for name in declared} | ODOO_PROVIDES
    files = [
        path for path in addon_files("**/*.py") if path.is_relative_to(ADDONS / module)
    ]
    missing = {
        f"{relative(path)}: {name}"
        for path in files
        for name in _imported_packages(path)
        if name not in known and not ("tests" in path.parts and name in TEST_TOOLS)
    }
    assert not missing, "not in external_dependencies: " + ", ".join(sorted(missing))


def test_declared_packages_are_pinned():
    """Every external dependency has a version in requirements.txt."""
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    pinned = {line.split("==")[0].lower() for line in lines if "==" in line}
    declared = {
        name.lower()
        for module in MODULES
        for name in modules.manifest(module)
        .get("external_dependencies", {})
        .get("python", [])
    }
    assert declared <= pinned, f"not pinned: {declared - pinned}"


def _allowed(module):
    """Return what a module may depend on, through others too."""
    direct = ALLOWED[module]
    return direct.union(*map(_allowed, direct))


def _imported_packages(path):
    """Return the third-party packages that a file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module.split(".")[0])
    return names - sys.stdlib_module_names
