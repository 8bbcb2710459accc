"""Packages of the distribution, unpacked privately: no root, no system change.

Uses the machine's own apt with its configured mirrors and signing keys, but with
lists and cache of ours, so it also works where apt has never been updated. A package
that is not installed is downloaded with what it needs and unpacked into a folder of
``.runtime/``.
"""

import re
import shutil
import time
from pathlib import Path

from .console import Stop, step
from .paths import RUNTIME
from .shell import fingerprint, is_stamped, locked, output, replacing, run

FOLDER = RUNTIME / "apt"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
LISTS_STAY_FRESH = 24 * 3600  # seconds


class Apt:
    """apt with private state.

    :param name: name of its folder of lists
    :param sources: one-line-style sources to use instead of the machine's own
    """

    def __init__(self, name, sources=None):
        self.folder = FOLDER / name
        self.debs = FOLDER / "debs"
        self.sources = sources

    def update(self):
        """Fetch the package lists unless they are fresh.

        :raises Stop: when no mirror answers or its signature does not verify
        """
        key = fingerprint(self.sources)
        fresh = self.folder / ".stamp"
        if is_stamped(self.folder, key):
            if time.time() - fresh.stat().st_mtime < LISTS_STAY_FRESH:
                return
        for part in ("lists/partial", "cache/archives/partial"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        if self.sources:
            (self.folder / "sources.list").write_text(self.sources + "\n")
        run(
            ["apt-get", *self._options(), "--error-on=any", "update"],
            what="Reading the package lists of the distribution",
            log=f"apt-{self.folder.name}",
        )
        fresh.write_text(key)

    def download(self, packages):
        """Download packages, each as ``name`` or ``name=version``; return the files.

        Complete files are kept and verified, broken ones continued.
        """
        self.debs.mkdir(parents=True, exist_ok=True)
        wanted = output(
            ["apt-get", *self._options(), "download", "--print-uris", *packages]
        )
        if wanted is None:
            raise Stop(f"The distribution has none of: {' '.join(packages)}.")
        run(
            ["apt-get", *self._options(), "download", *packages],
            what=f"Downloading {' '.join(packages)}",
            log="apt-download",
            cwd=self.debs,
        )
        return [self.debs / line.split()[1] for line in wanted.splitlines()]

    def missing(self, packages):
        """Return those of ``packages``, and of what they need, not yet installed."""
        plan = output(
            [
                "apt-get",
                *self._options(),
                "--simulate",
                "--no-install-recommends",
                "install",
                *packages,
            ]
        )
        if plan is None:
            raise Stop(f"The distribution cannot provide: {' '.join(packages)}.")
        found = re.findall(r"^Inst (\S+)(?: \[\S+\])? \((\S+)", plan, re.MULTILINE)
        return [f"{name}={version}" for name, version in found]

    def _options(self):
        settings = {
            "Dir::State::Lists": self.folder / "lists",
            "Dir::Cache": self.folder / "cache",
            "APT::Sandbox::User": "",
            # A frozen or slow mirror serves; signatures are verified all the same.
            "Acquire::Check-Valid-Until": "false",
            "Acquire::Check-Date": "false",
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
            "Debug::NoLocking": "true",
        }
        if self.sources:
            settings["Dir::Etc::SourceList"] = self.folder / "sources.list"
            settings["Dir::Etc::SourceParts"] = "-"
        return [
            part
            for item in settings.items()
            for part in ("-o", "=".join(map(str, item)))
        ]


def mirrors():
    """Return the mirrors this machine's apt is configured with, archives first."""
    listed = output(
        ["apt-get", "indextargets", "--no-release-info", "--format", "$(REPO_URI)"]
    )
    found = sorted(set((listed or "").split()))
    return sorted(found, key=lambda uri: "security" in uri)


def from_suite(suite):
    """Return an :class:`Apt` that reads another suite of this machine's mirrors.

    :raises Stop: when no configured mirror carries it with a good signature
    """
    _check_tools()
    reasons = []
    for uri in mirrors():
        source = f"deb [signed-by={KEYRING}] {uri} {suite} main"
        other = Apt(suite, source)
        try:
            other.update()
        except Stop as stop:
            reasons.append(str(stop))
        else:
            return other
    raise Stop(
        f"No mirror configured in apt carries the suite {suite} "
        f"with a signature of {KEYRING.name}.\n" + "\n".join(reasons)
    )


def unpacked(name, packages):
    """Return a folder that holds the unpacked ``packages`` of this distribution.

    What is installed on the system is left out, also of what they need.

    :param name: name of the folder below ``.runtime/debian``
    :raises Stop: when apt cannot provide them
    """
    folder = RUNTIME / "debian" / name
    key = fingerprint(*packages)
    with locked("apt"):
        if is_stamped(folder, key):
            return folder
        _check_tools()
        system = Apt("system")
        with step(f"Unpacking {' '.join(packages)} privately"):
            system.update()
            files = system.download(system.missing(packages) or packages)
            unpack(files, folder, key)
    return folder


def unpack(files, folder, key, finish=None):
    """Unpack package files into ``folder``, complete or not at all.

    :param finish: called with the folder when all is unpacked, to mend it
    """
    with replacing(folder, key) as aside:
        for file in files:
            run(["dpkg", "-x", file, aside], what=f"Unpacking {file.name}", log="dpkg")
        if finish:
            finish(aside)
    for file in files:
        file.unlink()


def library_folders(folder):
    """Return the folders of shared libraries in an unpacked package tree."""
    libraries = (*folder.rglob("*.so"), *folder.rglob("*.so.*"))
    found = {path.parent for path in libraries if path.is_file()}
    return sorted(str(path) for path in found)


def _check_tools():
    for tool in ("apt-get", "dpkg"):
        if not shutil.which(tool):
            raise Stop(
                f"{tool} is not there: this is no Debian. Provide what is missing "
                "yourself: ODOO_SOURCE (an Odoo 19), CHROMIUM (a browser), "
                "PGHOST (a PostgreSQL server), Python 3.11 with venv."
            )
