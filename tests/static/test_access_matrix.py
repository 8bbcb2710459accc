"""Every module that defines models keeps the table of who may do what, and tests it."""

import re

from runtime.modules import suite
from runtime.paths import ADDONS

DEFINES_MODEL = re.compile(r'^    _name = "property\.', re.MULTILINE)


def test_every_module_keeps_its_table():
    """How to: `addons/property_base/tests/access_matrix.py`."""
    lacking = [
        f"{module}/tests/{name}"
        for module in suite()
        if any(
            DEFINES_MODEL.search(path.read_text())
            for folder in ("models", "wizard")
            for path in (ADDONS / module / folder).glob("*.py")
        )
        for name in ("access_matrix.csv", "test_access_matrix.py")
        if not (ADDONS / module / "tests" / name).exists()
    ]
    assert not lacking, f"no table of rights: {lacking}"
