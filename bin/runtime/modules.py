"""What the manifests of ``addons/`` say."""

import ast
from graphlib import TopologicalSorter

from .paths import ADDONS
from .shell import fingerprint

# Files of a module that do not change what its installation writes.
NOT_INSTALLED = {"tests", "__pycache__", "readme"}
# Add-ons of others that some of our modules go with, where they are installed.
OPTIONAL = {"queue_job"}


def suite():
    """Return the names of our modules, each after those it depends on.

    Those that go with an add-on of others are apart, see :func:`bridges`.
    """
    return [name for name in everything() if not OPTIONAL & _needs(name)]


def bridges():
    """Return the names of our modules that go with an add-on of others."""
    return [name for name in everything() if OPTIONAL & _needs(name)]


def everything():
    """Return the names of all our modules, each after those it depends on."""
    found = {path.parent.name for path in ADDONS.glob("*/__manifest__.py")}
    graph = {name: set(manifest(name)["depends"]) & found for name in sorted(found)}
    return list(TopologicalSorter(graph).static_order())


def _needs(name):
    return set(manifest(name)["depends"])


def manifest(name):
    """Return the manifest of one of our modules."""
    return ast.literal_eval((ADDONS / name / "__manifest__.py").read_text())


def closure(names):
    """Return ``names`` and those of our modules that they need, in install order."""
    ours = everything()
    needed = set(names)
    for name in reversed(ours):
        if name in needed:
            needed |= set(manifest(name)["depends"]) & set(ours)
    return [name for name in ours if name in needed]


def odoo_dependencies(names):
    """Return Odoo's own modules that ``names`` and their dependencies declare."""
    ours = set(everything())
    declared = {need for name in closure(names) for need in manifest(name)["depends"]}
    return sorted(declared - ours - OPTIONAL)


def content_hash(name):
    """Return a hash of all files of a module that its installation reads."""
    folder = ADDONS / name
    parts = []
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not NOT_INSTALLED & set(relative.parts):
            parts += [relative, path]
    return fingerprint(*parts)
