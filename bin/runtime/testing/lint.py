"""The lint tools; each is one result."""

import subprocess
import sys
from pathlib import Path

from .. import modules, node
from ..paths import ADDONS, ROOT
from .results import failed, passed

PART = "lint"
SCRIPTS = Path(sys.executable).parent
PYTHON_SOURCES = ["addons", "bin", "bench", "tests"]


def checks():
    """Return the lint checks: name -> function that returns a command."""
    return {
        "ruff check": lambda: [SCRIPTS / "ruff", "check", *PYTHON_SOURCES],
        "ruff format": lambda: [
            SCRIPTS / "ruff",
            "format",
            "--check",
            *PYTHON_SOURCES,
        ],
        "pylint-odoo": lambda: [
            SCRIPTS / "pylint",
            "--score=n",
            # Long models are split by concern into files, each a class of its own.
            "--disable=missing-readme,consider-merging-classes-inherited",
            *module_folders(),
        ],
        "oca-checks-odoo-module": lambda: oca_module_command(*module_folders()),
        "oca-checks-po": lambda: oca_po_command(*sorted(ADDONS.glob("*/i18n/*.po"))),
        "prettier": lambda: prettier_command("--check"),
    }


def oca_module_command(*arguments):
    """Return the command of the OCA module checks.

    :param arguments: folders of modules; ``--fix`` to mend what can be mended
    """
    return [
        SCRIPTS / "oca-checks-odoo-module",
        "--no-verbose",
        # The modules are described in README.md of the project and in their manifests.
        "--disable=missing-readme",
        *arguments,
    ]


def oca_po_command(*arguments):
    """Return the command of the OCA checks of translations.

    :param arguments: files; ``--fix`` to mend what can be mended
    """
    return [SCRIPTS / "oca-checks-po", "--no-verbose", *arguments]


def prettier_command(mode, paths=("addons",)):
    """Return the command that checks or writes the format of XML, JS and SCSS.

    :param mode: ``--check`` or ``--write``
    :param paths: files and folders
    """
    patterns = []
    for path in map(str, paths):
        is_file = path.endswith(node.SUFFIXES)
        patterns += (
            [path] if is_file else [f"{path}/**/*{end}" for end in node.SUFFIXES]
        )
    options = [mode, "--log-level=warn", "--no-error-on-unmatched-pattern"]
    return node.prettier([*options, *patterns])


def module_folders():
    """Return the folders of all our modules."""
    return [ADDONS / name for name in modules.everything()]


def run():
    """Run all checks; return one result each."""
    return [_check(name, command()) for name, command in checks().items()]


def _check(name, command):
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        return failed(PART, name, done.stdout)
    return passed(PART, name)
