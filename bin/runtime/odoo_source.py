"""Odoo 19: the one the user has, else the distribution's, unpacked privately."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from . import apt
from .console import Stop, note, step
from .paths import RUNTIME
from .shell import fingerprint, is_stamped, locked

SERIES = 19
FOLDER = RUNTIME / "odoo"

# The package, and those that its links to fonts and scripts point into.
PACKAGES = [
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-font-awesome",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
]
SUITE = "sid"
DIST_PACKAGES = "usr/lib/python3/dist-packages"

# Debian strips this file, but mail's asset bundle names it: without it every page
# logs an error and every browser tour fails.
STRIPPED_ASSET = "addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


@dataclass(frozen=True)
class OdooSource:
    """An Odoo 19 that can be run with ``python -m odoo``."""

    path: Path  # the folder that holds the package ``odoo``
    version: str

    @property
    def package(self):
        return self.path / "odoo"

    @property
    def addons(self):
        """Folders of add-ons besides the package's own: a source checkout has one."""
        if (self.package / "addons" / "web").is_dir():
            return []
        return [self.path / "addons"]


def find():
    """Return the Odoo 19 to use; the first that there is of

    1. the folder that the environment variable ``ODOO_SOURCE`` names,
    2. the package ``odoo`` that the system's Python can import,
    3. the distribution's package, unpacked into ``.runtime/``.

    :raises Stop: when none can be had
    """
    if named := os.environ.get("ODOO_SOURCE"):
        return _named(Path(named).expanduser().resolve())
    return _importable() or _unpacked()


def _named(folder):
    for path in (folder, folder.parent):
        source = _source(path)
        if source and _is_right(source):
            return source
    raise Stop(f"ODOO_SOURCE={folder} is not the source of an Odoo {SERIES}.")


def _importable():
    """Return the Odoo that the system's Python imports, if it is the right one."""
    code = "import odoo.release; print(odoo.release.__file__)"
    done = subprocess.run(
        [sys._base_executable, "-c", code],
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
    )
    if done.returncode:
        return None
    package = Path(done.stdout.strip()).parent
    source = _source(package.parent)
    if not source or not _is_right(source):
        return None
    # Only the package, not its neighbours, which would hide the pinned versions.
    link = RUNTIME / "importable" / "odoo"
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.is_symlink() or link.resolve() != package:
        link.unlink(missing_ok=True)
        link.symlink_to(package)
    return OdooSource(link.parent, source.version)


def _unpacked():
    key = fingerprint(SUITE, *PACKAGES)
    with locked("odoo"):
        if not is_stamped(FOLDER, key):
            _unpack(key)
    return _source(FOLDER / DIST_PACKAGES)


def _unpack(key):
    title = f"Unpacking Odoo {SERIES} of Debian {SUITE} (none named by ODOO_SOURCE)"
    with step(title):
        try:
            suite = apt.from_suite(SUITE)
            files = suite.download(PACKAGES)
        except Stop as stop:
            raise Stop(
                f"{stop}\n\nNo Odoo {SERIES} can be had. Name one: "
                "ODOO_SOURCE=/path/to/odoo (the folder that holds odoo-bin)."
            ) from stop
        apt.unpack(files, FOLDER, key, finish=_mend)
    note(f"{FOLDER.relative_to(RUNTIME.parent)}: nothing installed on the system")


def _mend(folder):
    # Debian ships the add-ons twice; the package has its own.
    shutil.rmtree(folder / DIST_PACKAGES / "addons", ignore_errors=True)
    asset = folder / DIST_PACKAGES / "odoo" / STRIPPED_ASSET
    if not asset.exists():
        asset.parent.mkdir(parents=True, exist_ok=True)
        asset.write_text("/* Not distributed by Debian. */\n")


def _source(path):
    """Return the source below ``path``, or ``None`` when there is none."""
    release = path / "odoo" / "release.py"
    if not release.is_file():
        return None
    values = {}
    exec(compile(release.read_text(), str(release), "exec"), values)
    return OdooSource(path, values["version"])


def _is_right(source):
    return source.version.split(".")[0] == str(SERIES)
