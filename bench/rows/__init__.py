"""The benchmarks, by name."""

from .bank_matching import BankMatching
from .billing import Billing
from .roster_import import RosterImport
from .unit_search import UnitSearch

ROWS = {
    row.name: row for row in (BankMatching(), Billing(), RosterImport(), UnitSearch())
}
