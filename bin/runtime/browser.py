"""Chromium for the browser tests."""

import os
import shutil
from pathlib import Path

from . import apt
from .console import Stop, note
from .rendering import BIN, write_wrapper
from .shell import output

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ["chromium", "libnss3"]


def ensure_chromium():
    """Return the path of a Chromium that starts.

    :raises Stop: when there is none and apt cannot provide it
    """
    if named := os.environ.get("CHROMIUM"):
        if not _works(named):
            raise Stop(f"CHROMIUM={named} does not start.")
        _link(named)
        return named
    found = (shutil.which(name) for name in NAMES)
    private = BIN / "chromium"
    for program in (*filter(None, found), str(private)):
        if _works(program):
            return program
    note("browser tests need Chromium and this machine has none")
    try:
        folder = apt.unpacked("chromium", PACKAGES)
    except Stop as stop:
        raise Stop(
            f"{stop}\nThe browser tests need Chromium: install it, or name one "
            "with CHROMIUM=/path/to/chromium."
        ) from stop
    BIN.mkdir(parents=True, exist_ok=True)
    write_wrapper(private, folder / "usr/lib/chromium/chromium", folder)
    if not _works(private):
        raise Stop("Chromium does not start; install it with your package manager.")
    return str(private)


def _link(program):
    """Let Odoo's own browser tests, which search the path, find the named one."""
    BIN.mkdir(parents=True, exist_ok=True)
    link = BIN / "chromium"
    link.unlink(missing_ok=True)
    link.symlink_to(Path(program).resolve())


def _works(program):
    return output([program, "--version", "--no-sandbox"]) is not None
