"""Printing: a wkhtmltopdf with patched Qt, and fonts with Chinese glyphs."""

import shutil

from . import apt
from .console import note
from .paths import CACHE, RUNTIME, VENV
from .shell import output

BIN = RUNTIME / "bin"
PACKED = VENV / "bin" / "wkhtmltopdf-pack"

# Packages with the libraries that wkhtmltopdf loads from the system.
LIBRARIES = ["libx11-6", "libxext6", "libxrender1", "libfontconfig1", "libfreetype6"]
FONTS = ["fonts-noto-cjk"]

WRAPPER = """#!/bin/sh
# Libraries that this machine lacks, unpacked privately.
LD_LIBRARY_PATH="{libraries}${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"
export LD_LIBRARY_PATH
exec "{program}" "$@"
"""

FONT_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
    <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
    <dir>{fonts}</dir>
    <cachedir>{cache}</cachedir>
    <alias>
        <family>sans-serif</family>
        <prefer><family>Noto Sans CJK SC</family></prefer>
    </alias>
    <alias>
        <family>serif</family>
        <prefer><family>Noto Serif CJK SC</family></prefer>
    </alias>
</fontconfig>
"""


def ensure_wkhtmltopdf():
    """Return the folder that holds a program ``wkhtmltopdf`` with patched Qt.

    :raises Stop: when libraries are missing and apt cannot provide them
    """
    program = BIN / "wkhtmltopdf"
    if _works(program):
        return BIN
    BIN.mkdir(parents=True, exist_ok=True)
    if (system := shutil.which("wkhtmltopdf")) and _is_patched(system):
        _link(program, system)
    elif _works(PACKED):
        _link(program, PACKED)
    else:
        note("wkhtmltopdf needs libraries that this machine lacks")
        folder = apt.unpacked("wkhtmltopdf", LIBRARIES)
        write_wrapper(program, PACKED, folder)
    return BIN


def write_wrapper(program, target, folder):
    """Write a program that runs ``target`` with the libraries below ``folder``."""
    libraries = ":".join(apt.library_folders(folder))
    program.unlink(missing_ok=True)
    program.write_text(WRAPPER.format(libraries=libraries, program=target))
    program.chmod(0o755)


def _link(link, target):
    link.unlink(missing_ok=True)
    link.symlink_to(target)


def _works(program):
    return output([program, "--version"]) is not None


def _is_patched(program):
    return "with patched qt" in (output([program, "--version"]) or "")


def ensure_fonts():
    """Return environment variables that make Chinese text printable.

    :return: empty when the system has such a font
    """
    if (output(["fc-list", ":lang=zh", "family"]) or "").strip():
        return {}
    folder = apt.unpacked("fonts", FONTS)
    configuration = RUNTIME / "fonts.conf"
    configuration.write_text(
        FONT_CONFIGURATION.format(
            fonts=folder / "usr/share/fonts", cache=CACHE / "fontconfig"
        )
    )
    return {"FONTCONFIG_FILE": str(configuration)}
