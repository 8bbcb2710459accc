"""The benchmarks, by name."""

from .billing import Billing

ROWS = {row.name: row for row in (Billing(),)}
