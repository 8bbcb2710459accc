"""``bin/format [PATH...]``: format Python, XML, JavaScript, style sheets and translations."""

import subprocess
import sys

from .. import node
from ..paths import ROOT
from ..testing import lint


def main():
    """Format the given files and folders, or everything."""
    chosen = sys.argv[1:] or [*lint.PYTHON_SOURCES, *lint.module_folders()]
    python = [path for path in chosen if not str(path).endswith(node.SUFFIXES)]
    other = [path for path in chosen if not str(path).endswith(".py")]
    modules = [path for path in chosen if (ROOT / path / "__manifest__.py").exists()]
    commands = []
    if python:
        commands.append([lint.SCRIPTS / "ruff", "check", "--fix", "--quiet", *python])
        commands.append([lint.SCRIPTS / "ruff", "format", *python])
    if modules:
        commands.append(lint.oca_module_command("--fix", "--no-exit", *modules))
        translations = [
            file for path in modules for file in sorted((ROOT / path).glob("i18n/*.po"))
        ]
        commands.append(lint.oca_po_command("--fix", "--no-exit", *translations))
    if other:
        commands.append(lint.prettier_command("--write", other))
    for command in commands:
        _run(command)
    return 0


def _run(command):
    """Run a formatter; what it cannot mend is said by ``bin/lint``."""
    command = [str(part) for part in command]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if "oca-checks" not in command[0]:
        print(done.stdout + done.stderr, end="")
