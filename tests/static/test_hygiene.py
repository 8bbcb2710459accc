"""Sizes, comments and words of the project's own files."""

import ast
import io
import re
import tokenize

import pytest

from tests.support.sources import addon_files, project_files, relative, text_files

MAX_PYTHON_LINES = 400
MAX_VIEW_LINES = 300

# Machines, mirrors and registries: a project that names one works on one machine only.
# Written with a gap so that this file does not contain them.
FORBIDDEN = [
    "/wo" + "rk/",
    "/tm" + "p/",
    "deb.deb" + "ian.org",
    "py" + "pi.org",
    "registry.npm" + "js",
    "files.pythonho" + "sted",
]


@pytest.mark.parametrize("word", FORBIDDEN)
def test_no_machine_or_registry_is_named(word):
    """No file names a path of one machine or the host of a registry."""
    found = [relative(path) for path in text_files() if word in _text(path)]
    assert not found, f"{word} in: " + ", ".join(found)


def test_python_files_are_short():
    """One model per file, so that it can be read in one go."""
    found = _longer(
        (path for path in project_files() if path.suffix == ".py"), MAX_PYTHON_LINES
    )
    assert not found, f"more than {MAX_PYTHON_LINES} lines: {found}"


def test_view_files_are_short():
    """One view file per model."""
    found = _longer(addon_files("views/*.xml"), MAX_VIEW_LINES)
    assert not found, f"more than {MAX_VIEW_LINES} lines: {found}"


def test_sudo_is_explained():
    """Each ``sudo()`` has a comment on its line or above it that says why."""
    found = [
        f"{relative(path)}:{line}"
        for path in addon_files("**/*.py")
        if "tests" not in path.parts
        for line in _unexplained_sudo(path.read_text())
    ]
    assert not found, "sudo() without a comment why: " + ", ".join(found)


def test_unexplained_sudo_is_found():
    """The check works."""
    assert _unexplained_sudo("a.sudo()") == [1]
    assert _unexplained_sudo("# the portal user may not read it\na.sudo()") == []
    assert _unexplained_sudo("a.sudo()  # why") == []
    assert _unexplained_sudo("# why\nx = (\n    a\n    .sudo()\n)") == []


def test_sources_are_ascii():
    """Chinese is in translations, samples, demo data and tables, not in the code.

    Strings may hold it (tables of normalisation, demo data); names, comments and
    docstrings may not use typographic punctuation.
    """
    found = [
        f"{relative(path)}:{line}: {text!r}"
        for path in addon_files("**/*.py")
        for line, text in _odd_comments(path.read_text())
    ]
    assert not found, "\n".join(found)


def _longer(paths, limit):
    lengths = {relative(path): len(_text(path).splitlines()) for path in paths}
    return {path: length for path, length in lengths.items() if length > limit}


def _unexplained_sudo(source):
    """Return the lines with a ``sudo()`` whose statement has no comment."""
    lines = source.splitlines()
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.stmt) or hasattr(node, "body"):
            continue
        span = lines[max(node.lineno - 2, 0) : node.end_lineno]
        if any(
            ".sudo()" in line for line in span[-(node.end_lineno - node.lineno + 1) :]
        ):
            if not any("#" in line for line in span):
                found.append(node.lineno)
    return found


def _odd_comments(source):
    """Yield the comments with characters other than ASCII and Chinese."""
    odd = re.compile(r"[–—‘’“”…→]")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and odd.search(token.string):
            yield token.start[0], token.string


def _text(path):
    try:
        return path.read_text()
    except UnicodeDecodeError:
        return ""
