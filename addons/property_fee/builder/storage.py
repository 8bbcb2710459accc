"""Writes rows to the database."""

from odoo.tools import SQL as OdooSQL
from psycopg2.sql import SQL, Identifier

PAGE = 500  # rows in one statement


def next_ids(cr, table, count):
    """Take ids for new rows.

    :param str table: name of the table
    :return: list of `count` ids in order
    """
    cr.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
        [table, count],
    )
    return [row[0] for row in cr.fetchall()]


def insert_row(cr, table, row):
    """Insert one row; a conflict is not logged, the caller deals with it.

    :param dict row: values by column
    """
    cr.execute(
        OdooSQL(
            "INSERT INTO %s (%s) VALUES %s",
            OdooSQL.identifier(table),
            OdooSQL(", ").join(map(OdooSQL.identifier, row)),
            tuple(row.values()),
        ),
        log_exceptions=False,
    )


def insert_rows(cr, table, rows):
    """Insert many rows; a column that a row does not name is empty.

    :param list rows: of dicts
    """
    if not rows:
        return
    columns = sorted({name for row in rows for name in row})
    query = SQL("INSERT INTO {} ({}) VALUES %s").format(
        Identifier(table), SQL(", ").join(map(Identifier, columns))
    )
    cr.execute_values(
        query, [[row.get(name) for name in columns] for row in rows], page_size=PAGE
    )
