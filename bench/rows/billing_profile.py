"""Where the time of billing goes, and what the database alone needs for the same rows."""

import cProfile
import io
import pstats
import time
from datetime import date

NEXT = date(2026, 11, 1)
LIMIT = 1000  # households that are profiled
# Function (file, name) -> what it does, from the outside in.
STAGES = (
    ("planning", "property_fee_run_rows.py", "_plan_units"),
    ("charges", "property_fee_run_line.py", "_create_charges"),
    ("texts of the lines", "property_charge_bill.py", "_get_bill_line_names"),
    ("values of the bills", "property_charge_bill.py", "_prepare_bill"),
    ("amounts and taxes", "batch.py", "sort_out"),
    ("rows and numbers", "batch.py", "store"),
    ("what follows", "property_bill_builder.py", "_after_insert"),
)
# Tables that billing writes, and how the rows of the run are found in each.
TABLES = (
    ("account_move", "property_run_id = {run}"),
    (
        "account_move_line",
        "move_id IN (SELECT id FROM account_move WHERE property_run_id = {run})",
    ),
    ("property_charge", "run_id = {run}"),
    ("property_fee_run_line", "run_id = {run}"),
)


def profile(row, env, data):
    """Bill another month under a profiler; copy the rows of the first month anew.

    :param row: the benchmark
    :return: list of lines
    """
    first = env["property.fee.run"].search([], order="id desc", limit=1)
    lines = _profile_run(row, env, data)
    return lines + _time_copy(env, first)


def _profile_run(row, env, data):
    run = row._create_run(env, data, NEXT)
    run.action_start()
    env.cr.commit()
    profiler, done = cProfile.Profile(), 0
    started = time.perf_counter()
    profiler.enable()
    while done < LIMIT and (count := run._process_chunk()):
        done += count
        env.cr.commit()
    profiler.disable()
    whole = time.perf_counter() - started
    stats = pstats.Stats(profiler, stream=io.StringIO()).stats
    lines = [f"where the time goes ({done} households, under the profiler):"]
    for title, file, name in STAGES:
        spent = sum(
            values[3]
            for (path, _line, function), values in stats.items()
            if path.endswith(file) and function == name
        )
        lines.append(f"  {title:20} {100 * spent / whole:5.1f} %")
    waiting = sum(
        values[2]
        for (_path, _line, function), values in stats.items()
        if "psycopg2" in function and "execute" in function
    )
    lines.append(
        f"  {'in the database':20} {100 * waiting / whole:5.1f} %, in all of these"
    )
    return lines


def _time_copy(env, run):
    """Return how long PostgreSQL alone takes to take in the rows of a run.

    They are copied to new tables with the same indexes and checks, which go again.
    """
    env.flush_all()
    cr, contents = env.cr, []
    for table, where in TABLES:
        buffer = io.BytesIO()
        condition = where.format(run=run.id)
        cr.copy_expert(
            f"COPY (SELECT * FROM {table} WHERE {condition}) TO STDOUT (FORMAT binary)",
            buffer,
        )
        cr.execute(f"CREATE TABLE bench_{table} (LIKE {table} INCLUDING ALL)")
        contents.append((table, buffer))
    started = time.perf_counter()
    for table, buffer in contents:
        buffer.seek(0)
        cr.copy_expert(f"COPY bench_{table} FROM STDIN (FORMAT binary)", buffer)
    seconds = time.perf_counter() - started
    cr.rollback()
    count = run.charged_count or 1
    return [
        f"a bare COPY of the same rows: {1000 * seconds / count:.2f} ms a household"
    ]
