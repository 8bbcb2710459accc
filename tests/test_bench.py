"""Every benchmark runs, at a tiny size: both contenders do the same work."""

import sys

import pytest

pytestmark = pytest.mark.bench
TINY = 4


def test_every_row_runs(environment):
    sys.path.append(str(environment.source.path))
    from bench.harness import Harness
    from bench.rows import ROWS

    for row in ROWS.values():
        measures = Harness(environment, row).run(sizes=[TINY], repeats=1)
        assert measures[TINY]["ours"].rows == TINY
