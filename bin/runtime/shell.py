"""Running other programs, locking, and remembering what is done."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from .console import Stop
from .paths import LOCKS, LOGS


def run(command, *, what, log=None, **options):
    """Run ``command``; its output goes to a log file.

    :param command: list of arguments
    :param what: what it does, for the message when it fails
    :param log: name of the log file (default: the program's name)
    :raises Stop: when it cannot be started or ends with an error
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    command = [str(part) for part in command]
    path = LOGS / f"{log or os.path.basename(command[0])}.log"
    with open(path, "wb") as output:
        try:
            subprocess.run(
                command,
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                check=True,
                **options,
            )
        except (OSError, subprocess.CalledProcessError) as error:
            raise Stop(
                f"{what} failed ({error}).\n{tail(path)}\nWhole log: {path}"
            ) from error


def output(command, **options):
    """Return what ``command`` prints, or ``None`` when it fails or does not exist."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            text=True,
            check=False,
            **options,
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def tail(path, lines=25):
    """Return the last lines of a text file."""
    text = path.read_text(errors="replace").splitlines()
    return "\n".join(text[-lines:])


def fingerprint(*parts):
    """Return a short hash of strings and of the contents of files (absolute paths)."""
    digest = hashlib.sha256()
    for part in parts:
        data = (
            part.read_bytes()
            if isinstance(part, Path) and part.is_absolute()
            else str(part).encode()
        )
        digest.update(hashlib.sha256(data).digest())
    return digest.hexdigest()[:16]


def is_stamped(folder, key):
    """Whether ``folder`` was completed for ``key``."""
    stamp = folder / ".stamp"
    return stamp.is_file() and stamp.read_text() == key


def stamp(folder, key):
    """Remember that ``folder`` is complete for ``key``."""
    (folder / ".stamp").write_text(key)


@contextmanager
def replacing(folder, key):
    """Build the content of ``folder`` aside and put it in place when complete.

    :param folder: the folder to (re)build
    :param key: what it is complete for, see :func:`is_stamped`
    """
    aside = folder.with_name(folder.name + ".new")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    yield aside
    stamp(aside, key)
    shutil.rmtree(folder, ignore_errors=True)
    aside.rename(folder)


@contextmanager
def locked(name):
    """Let one process at a time, of all that use this checkout, do ``name``."""
    LOCKS.mkdir(parents=True, exist_ok=True)
    with open(LOCKS / name, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
