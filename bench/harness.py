"""Runs two contenders in turn on copies of one database, and reports."""

import json
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path

from runtime import modules, peers
from runtime.console import Stop, say, step
from runtime.databases import Databases
from runtime.odoo import Odoo
from runtime.paths import CHECKOUT_ID, LOGS, ROOT
from runtime.templates import Templates

CONTENDERS = ("ours", "peer")
SIZES = (1000, 10000)
REPEATS = {1000: 3, 10000: 1}
PREFIX = f"pst_{CHECKOUT_ID}_bench"
CALL = """
import sys
sys.path.insert(0, {root!r})
from bench import worker
worker.{function}(env, *{arguments!r})
"""


@dataclass(frozen=True)
class Measure:
    """What a contender took for a number of rows: the median of its repeats."""

    rows: int
    seconds: float
    memory: float  # MB above the start of the work
    total: float
    parts: dict | None = None

    @property
    def per_row(self):
        """Milliseconds per row."""
        return 1000 * self.seconds / self.rows


class Harness:
    """Measures one row.

    :param environment: a provisioned environment
    :param row: a :class:`bench.row.Row`
    """

    def __init__(self, environment, row):
        self.row = row
        self.databases = Databases(environment.variables)
        self.templates = Templates(environment)
        self.notes = []
        addons = []
        if row.peer_packages:
            addons.append(peers.addons(row.name, row.peer_packages))
        if row.needs_queue:
            addons.append(peers.queue_addons())
        self.odoo = Odoo(environment, LOGS / "bench", extra_addons=addons)

    def run(self, sizes=None, repeats=None, peer_up_to=None):
        """Measure all sizes.

        :param sizes: numbers of rows; default: those of the row
        :param repeats: how often each contender runs; default: by size
        :param peer_up_to: largest size at which the peer runs too; default: all
        :return: dict size -> dict contender -> :class:`Measure`
        :raises Stop: when the contenders did not do the same
        """
        base = f"{PREFIX}_base"
        ours = modules.closure(self.row.modules)
        with step(f"Installing {' '.join([*ours, *self.row.peer_modules])}"):
            self.databases.copy(self.templates.dependencies(ours), base)
            self.odoo.install(base, [*ours, *self.row.peer_modules], "install")
        try:
            return {
                size: self._run_size(
                    base,
                    size,
                    repeats or REPEATS.get(size, 1),
                    CONTENDERS[: 1 + (peer_up_to is None or size <= peer_up_to)],
                )
                for size in sizes or self.row.sizes
            }
        finally:
            for name in self.databases.names(PREFIX):
                self.databases.drop(name)

    def _run_size(self, base, size, repeats, contenders):
        """Prepare the data once, then let the contenders run in turn."""
        database = f"{PREFIX}_run"
        found = {contender: [] for contender in contenders}
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder, "report.json")
            sources = self._prepare(base, size, folder, contenders)
            for repeat in range(repeats):
                for contender, (prepared, data) in sources.items():
                    title = f"{size} rows, {contender}, {repeat + 1} of {repeats}"
                    with step(title):
                        self.databases.copy(prepared, database)
                        arguments = (self.row.name, contender, str(data), str(report))
                        self._call(database, "measure", *arguments)
                    found[contender].append(json.loads(report.read_text()))
                    if contender == "ours" and not repeat:
                        explained = Path(folder, "explained.json")
                        arguments = (self.row.name, str(data), str(explained))
                        self._call(database, "explain", *arguments)
                        self.notes = json.loads(explained.read_text())
        measures = {key: _median(values) for key, values in found.items()}
        self._check_same(measures)
        return measures

    def _prepare(self, base, size, folder, contenders):
        """Fill the databases that the contenders start from.

        :return: dict contender -> (database, file that says what is in it)
        """
        methods = ["prepare"]
        if self.row.peer_has_own_data and len(contenders) > 1:
            methods.append("prepare_peer")
        sources = []
        for method in methods:
            prepared, data = f"{PREFIX}_{method}", Path(folder, f"{method}.json")
            with step(f"Preparing {size} rows ({method})"):
                self.databases.copy(base, prepared)
                self._call(prepared, "prepare", self.row.name, method, size, str(data))
                with self.databases.cursor(prepared) as cursor:
                    cursor.execute("VACUUM ANALYZE")
            sources.append((prepared, data))
        return dict(zip(contenders, [sources[0], sources[-1]], strict=False))

    def _call(self, database, function, *arguments):
        code = CALL.format(root=str(ROOT), function=function, arguments=arguments)
        self.odoo.script(database, code, f"{self.row.name}-{function}")

    def _check_same(self, measures):
        done = {key: (measure.rows, measure.total) for key, measure in measures.items()}
        if len(set(done.values())) > 1 or not done["ours"][0]:
            raise Stop(f"{self.row.name}: the contenders did not do the same: {done}")


def report(row, measures, notes=()):
    """Print a table, and the headline of the largest size as the last line.

    :param notes: lines of :meth:`bench.row.Row.explain`
    """
    say(f"\n{row.name}: {row.title}")
    say(
        f"{'rows':>8} {'ours ms/row':>12} {'peer ms/row':>12} {'ratio':>7}"
        f" {'ours MB':>9} {'peer MB':>9}"
    )
    for size, pair in measures.items():
        ours, peer = pair["ours"], pair.get("peer")
        others = ("", "", "")
        if peer:
            ratio = peer.per_row / ours.per_row
            others = (f"{peer.per_row:.2f}", f"{ratio:.2f}", f"{peer.memory:.0f}")
        say(
            f"{size:>8} {ours.per_row:>12.2f} {others[0]:>12} {others[1]:>7}"
            f" {ours.memory:>9.0f} {others[2]:>9}"
        )
    for key in CONTENDERS:
        sizes = [size for size, pair in measures.items() if key in pair]
        if len(sizes) > 1:
            _report_growth(key, sizes, measures)
    for line in _compare_parts(measures[max(measures)]):
        say(line)
    for note in notes:
        say(note)
    ours = measures[max(measures)]["ours"].per_row
    headline = f"{row.name} ours={ours:.2f}"
    compared = [size for size, pair in measures.items() if "peer" in pair]
    if compared:
        # The last line compares what both did, at the largest size that the peer ran.
        pair = measures[max(compared)]
        ours, peer = pair["ours"].per_row, pair["peer"].per_row
        headline = f"{row.name} ours={ours:.2f} peer={peer:.2f} ratio={peer / ours:.2f}"
    say(headline)


def _report_growth(key, sizes, measures):
    """Tell how time and memory of a contender grow from the smallest to the largest size."""
    first, last = (measures[size][key] for size in (min(sizes), max(sizes)))
    say(
        f"from {min(sizes)} to {max(sizes)} rows, {key}: time per row"
        f" {100 * (last.per_row / first.per_row - 1):+.1f} %,"
        f" peak memory {last.memory - first.memory:+.0f} MB"
    )


def _compare_parts(pair):
    """Return a line for each part of the work, the worst for us first."""
    if "peer" not in pair:
        return []
    ours, peer = pair["ours"].parts or {}, pair["peer"].parts or {}
    times = sorted(((ours[name] / peer[name], name) for name in ours), reverse=True)
    return [
        f"{name:>28} ours {1000 * ours[name]:8.1f} ms, peer {1000 * peer[name]:8.1f} ms:"
        f" x{ratio:.2f}"
        for ratio, name in times
    ]


def _median(values):
    """Return the :class:`Measure` of the repeats of one contender."""
    return Measure(
        rows=values[0]["rows"],
        seconds=statistics.median(value["seconds"] for value in values),
        memory=max(value["memory"] for value in values),
        total=values[0]["total"],
        parts=values[0].get("parts"),
    )
