"""The files of the project, as the static tests see them."""

from functools import cache
from pathlib import Path

from runtime.paths import ADDONS, ROOT
from runtime.shell import output

IGNORED = {".git", ".runtime", "__pycache__", ".ruff_cache", ".hypothesis"}

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
    listed = output(command, cwd=ROOT)
    if listed is None:  # no git, or not a clone: an unpacked archive
        found = (path for path in ROOT.rglob("*") if not IGNORED & set(path.parts))
        return sorted(path for path in found if path.is_file())
    paths = (ROOT / name for name in listed.split("\0") if name)
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
