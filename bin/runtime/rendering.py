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
    {fonts}
    <cachedir>{cache}</cachedir>
    <!-- Without a font of its own, Chinese is drawn in the forms of China. -->
    <match>
        <edit name="family" mode="append" binding="strong">
            <string>Noto Sans CJK SC</string>
        </edit>
    </match>
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

    Uses the system's Chinese fonts where there are some, else private ones.
    """
    fonts = ""
    if not (output(["fc-list", ":lang=zh", "family"]) or "").strip():
        folder = apt.unpacked("fonts", FONTS) / "usr/share/fonts"
        fonts = f"<dir>{folder}</dir>"
    configuration = RUNTIME / "fonts.conf"
    cache = CACHE / "fontconfig"
    configuration.write_text(FONT_CONFIGURATION.format(fonts=fonts, cache=cache))
    return {"FONTCONFIG_FILE": str(configuration)}
