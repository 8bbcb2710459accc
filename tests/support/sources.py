"""The files of the project, as the static tests see them."""

import subprocess
from functools import cache
from pathlib import Path

from runtime.paths import ADDONS, ROOT

TEXT = {
    ".cfg",
    ".conf",
    ".csv",
    ".js",
    ".json",
    ".md",
    ".po",
    ".py",
    ".scss",
    ".toml",
    ".txt",
    ".xml",
}


@cache
def project_files():
    """Return all files that belong to the project: tracked, or new and not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:  # not a clone: an unpacked archive
        found = ROOT.rglob("*")
        return [
            path for path in found if path.is_file() and ".runtime" not in path.parts
        ]
    paths = (ROOT / name for name in done.stdout.split("\0") if name)
    return sorted(path for path in paths if path.is_file())


def text_files():
    """Return the text files of the project, programs without a suffix included."""
    return [path for path in project_files() if path.suffix in TEXT or not path.suffix]


def addon_files(pattern):
    """Return the files of our modules that match a pattern such as ``**/*.py``."""
    known = set(project_files())
    return [path for path in sorted(ADDONS.glob(f"*/{pattern}")) if path in known]


def relative(path):
    """Return the path below the project's folder, for messages."""
    return str(Path(path).relative_to(ROOT))
