"""No test is lost: every test file of a module is imported."""

import ast

from runtime.paths import ADDONS

from tests.support.sources import addon_files, relative


def test_every_test_file_is_imported():
    """Odoo runs what ``tests/__init__.py`` imports, and says nothing of the rest."""
    lost = [
        relative(path)
        for path in addon_files("tests/test_*.py")
        if path.stem not in _imported(path.parent / "__init__.py")
    ]
    assert not lost, "not imported in tests/__init__.py: " + ", ".join(lost)


def test_every_module_has_tests():
    """A module without tests is not done."""
    modules = {path.parent for path in ADDONS.glob("*/__manifest__.py")}
    untested = [path.name for path in modules if not list(path.glob("tests/test_*.py"))]
    assert not untested, "modules without tests: " + ", ".join(sorted(untested))


def _imported(init):
    """Return the names that a file imports from its own package."""
    if not init.exists():
        return set()
    tree = ast.parse(init.read_text())
    return {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level == 1 and not node.module
        for alias in node.names
    }
