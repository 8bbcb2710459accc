"""Old Odoo habits that 19.0 ignores or breaks, some of them silently."""

import ast

import pytest

from tests.static.idioms import IDIOMS
from tests.support.sources import addon_files, relative


def test_no_old_idiom():
    """No file of our modules uses an old form."""
    found = [
        f"{relative(path)}:{line}: {idiom.reason}"
        for idiom in IDIOMS
        for path in addon_files(idiom.glob)
        if idiom.in_tests or "tests" not in path.parts
        for line in idiom.find(_code(path))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("idiom", IDIOMS, ids=lambda idiom: idiom.pattern)
def test_each_idiom_is_caught(idiom):
    """The table works: each pattern catches its bad sample."""
    assert idiom.find(idiom.sample)


def test_test_classes_are_tagged_post_install():
    """19.0 runs a test class without tags at install, before later modules are in."""
    found = [
        f"{relative(path)}: class {node.name}"
        for path in addon_files("tests/test_*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test")
        if not any("post_install" in ast.dump(mark) for mark in node.decorator_list)
    ]
    assert not found, '@tagged("post_install", "-at_install"):\n' + "\n".join(found)


def _code(path):
    """Return the text of a file, empty when it is not text."""
    try:
        return path.read_text()
    except UnicodeDecodeError:
        return ""
