"""The benchmarks, by name."""

from .billing import Billing
from .roster_import import RosterImport
from .unit_search import UnitSearch

ROWS = {row.name: row for row in (Billing(), RosterImport(), UnitSearch())}
