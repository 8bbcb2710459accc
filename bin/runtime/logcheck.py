"""Warnings and errors in an Odoo log."""

import re
from dataclasses import dataclass

from .paths import ROOT

ALLOW_LIST = ROOT / "tests" / "log_allowlist.txt"
RECORD = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ (?P<level>[A-Z]+) (?P<database>\S+) "
    r"(?P<logger>[\w.]+): (?P<message>.*)$"
)
BAD_LEVELS = ("WARNING", "ERROR", "CRITICAL")


@dataclass
class Record:
    """One record of a log, with the lines that follow it (a traceback)."""

    level: str
    logger: str
    message: str

    def __str__(self):
        return f"{self.level} {self.logger}: {self.message}"


def records(path):
    """Yield the records of a log file."""
    current = None
    with open(path, errors="replace") as lines:
        for line in lines:
            if match := RECORD.match(line):
                if current:
                    yield current
                current = Record(
                    match["level"], match["logger"], match["message"].rstrip()
                )
            elif current:
                current.message += "\n" + line.rstrip()
    if current:
        yield current


def allowed():
    """Return the patterns of the allow list."""
    lines = ALLOW_LIST.read_text().splitlines() if ALLOW_LIST.exists() else []
    patterns = (line.strip() for line in lines if not line.startswith("#"))
    return [re.compile(pattern) for pattern in patterns if pattern]


def problems(path):
    """Return the warnings and errors of a log that the allow list does not name."""
    patterns = allowed()
    return [
        record
        for record in records(path)
        if record.level in BAD_LEVELS
        and not any(pattern.search(str(record)) for pattern in patterns)
    ]
