"""``bin/bench``: list the benchmarks, or run one."""

import argparse
import sys

from ..console import Stop, say
from ..environment import provisioned
from ..paths import ROOT


def main(argv=None):
    arguments = _parse(argv)
    with provisioned() as environment:
        # The rows are written against Odoo's API: make it importable here too.
        sys.path[:0] = [str(ROOT), str(environment.source.path)]
        from bench.harness import Harness, report
        from bench.rows import ROWS

        if not arguments.name:
            for row in ROWS.values():
                say(f"{row.name:12} {row.title}")
            return 0
        if arguments.name not in ROWS:
            raise Stop(f"No benchmark {arguments.name}; there are: {', '.join(ROWS)}.")
        row = ROWS[arguments.name]
        options = {"sizes": arguments.sizes} if arguments.sizes else {}
        if arguments.peer_up_to is not None:
            options["peer_up_to"] = arguments.peer_up_to
        harness = Harness(environment, row)
        report(row, harness.run(repeats=arguments.repeats, **options), harness.notes)
    return 0


def _parse(argv):
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("name", nargs="?", help="a benchmark; default: list them")
    parser.add_argument(
        "--sizes", type=int, nargs="+", help="numbers of rows; default: the row's own"
    )
    parser.add_argument("--repeats", type=int, help="default: 3 for 1000, 1 for 10000")
    parser.add_argument(
        "--peer-up-to",
        type=int,
        metavar="ROWS",
        help="no peer above that many rows; 0: no peer at all",
    )
    return parser.parse_args(argv)
