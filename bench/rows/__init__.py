"""The benchmarks, by name."""

from .billing import Billing
from .roster_import import RosterImport

ROWS = {row.name: row for row in (Billing(), RosterImport())}
