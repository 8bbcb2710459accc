"""Create the virtual environment and continue inside it.

This is the only part that runs on the system's Python; it uses nothing but the
standard library. All other parts run inside the environment.
"""

import os
import sys
import venv
from pathlib import Path

from . import apt
from .console import Stop, note, step
from .paths import CACHE, ROOT, VENV
from .shell import fingerprint, is_stamped, locked, run, stamp

PYTHON = VENV / "bin" / "python"
OLDEST_PYTHON = (3, 11)
PIP_OPTIONS = ["--disable-pip-version-check", "--no-input", "--retries", "10"]
PIP_ATTEMPTS = 3


def enter(requirements):
    """Make sure that this script runs inside the environment with ``requirements``.

    Replaces the process when it does not yet.

    :param requirements: name of a requirements file of the project
    :raises Stop: when the environment cannot be made
    """
    if sys.version_info < OLDEST_PYTHON:
        raise Stop(
            "Python 3.11 or newer is needed, this one is "
            f"{sys.version.split()[0]}. Install python3.11 and start with it."
        )
    with locked("bootstrap"):
        _ensure_environment()
        _ensure_packages(requirements)
    if Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(PYTHON, [str(PYTHON), *sys.argv])


def _ensure_environment():
    """Create an empty environment with pip, unless a good one is there."""
    key = fingerprint(sys.version, str(VENV))
    if Path(sys.prefix).resolve() == VENV.resolve() or is_stamped(VENV, key):
        return
    with step(f"Creating the Python environment ({sys.version.split()[0]})"):
        builder = venv.EnvBuilder(clear=True, with_pip=False, symlinks=True)
        builder.create(VENV)
        _install_pip()
        stamp(VENV, key)


def _install_pip():
    """Install pip: the one bundled with Python, else the distribution's wheel."""
    try:
        import ensurepip  # noqa: F401  (Debian ships it apart)

        command = [PYTHON, "-m", "ensurepip", "--default-pip"]
        run(command, what="Installing pip", log="ensurepip")
    except ImportError:
        note("Python has no ensurepip: unpacking the distribution's pip privately")
        folder = apt.unpacked("pip", ["python3-pip-whl"])
        wheel = next((folder / "usr/share/python-wheels").glob("pip-*.whl"))
        command = [PYTHON, f"{wheel}/pip", "install", "--no-index", wheel]
        run(command, what="Installing pip", log="ensurepip")


def _ensure_packages(requirements):
    """Install the pinned packages of a requirements file, unless they are there."""
    files = _requirement_files(ROOT / requirements)
    key = fingerprint(*files)
    done = VENV / "installed" / requirements
    if is_stamped(done, key):
        return
    command = [PYTHON, "-m", "pip", "install", *PIP_OPTIONS]
    command += ["--cache-dir", CACHE / "pip", "-r", ROOT / requirements]
    with step(f"Installing Python packages of {requirements}"):
        _retry(
            lambda: run(command, what="Installing Python packages", log="pip"),
            attempts=PIP_ATTEMPTS,
        )
        done.mkdir(parents=True, exist_ok=True)
        stamp(done, key)


def _requirement_files(path):
    """Return a requirements file and those it includes."""
    files = [path]
    for line in path.read_text().splitlines():
        if line.startswith("-r "):
            files += _requirement_files(path.parent / line[3:].strip())
    return files


def _retry(action, attempts):
    """Call ``action`` until it works; a broken download goes on where it stopped."""
    for attempt in range(1, attempts + 1):
        try:
            return action()
        except Stop:
            if attempt == attempts:
                raise
            note(f"attempt {attempt} of {attempts} failed, trying again")
