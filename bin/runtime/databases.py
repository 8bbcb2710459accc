"""Databases and their filestore on the server that the environment names."""

import os
import shutil
from contextlib import contextmanager

import psycopg2
from psycopg2 import sql

from .paths import DATA

FILESTORE = DATA / "filestore"


class Databases:
    """Creates, copies and drops databases.

    :param variables: ``PG*`` variables that name the server and a role
    """

    def __init__(self, variables):
        self.variables = variables

    @contextmanager
    def cursor(self, database="postgres"):
        """Yield a cursor in autocommit mode."""
        names = {
            "PGHOST": "host",
            "PGPORT": "port",
            "PGUSER": "user",
            "PGPASSWORD": "password",
        }
        given = {
            names[key]: self.variables[key] for key in names if key in self.variables
        }
        connection = psycopg2.connect(dbname=database, **given)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    def names(self, prefix=""):
        """Return the names of all databases that begin with ``prefix``."""
        with self.cursor() as cursor:
            cursor.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)",
                [prefix],
            )
            return sorted(name for (name,) in cursor.fetchall())

    def exists(self, name):
        return name in self.names(name)

    def create(self, name):
        """Create an empty database; an older one of that name is dropped."""
        self._create(name, "template0")

    def copy(self, source, name):
        """Copy a database nobody works in; an older copy is dropped.

        Files are linked, not copied: Odoo never changes a file of its filestore.
        """
        self._create(name, source)
        if (FILESTORE / source).is_dir():
            shutil.copytree(FILESTORE / source, FILESTORE / name, copy_function=os.link)

    def _create(self, name, template):
        self.drop(name)
        statement = "CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8' STRATEGY FILE_COPY"
        if template == "template0":
            statement += " LC_COLLATE 'C'"
        self._execute(statement, name, template)

    def drop(self, name):
        """Drop a database and its filestore; whoever works in it is thrown out."""
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        shutil.rmtree(FILESTORE / name, ignore_errors=True)

    def rename(self, name, new_name):
        """Give a database that nobody works in another name."""
        self._execute("ALTER DATABASE {} RENAME TO {}", name, new_name)
        if (FILESTORE / name).is_dir():
            (FILESTORE / name).rename(FILESTORE / new_name)

    def remark(self, name):
        """Return the remark kept with a database, or an empty string."""
        with self.cursor() as cursor:
            cursor.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
                " WHERE datname = %s",
                [name],
            )
            row = cursor.fetchone()
        return row and row[0] or ""

    def set_remark(self, name, text):
        """Keep a remark with a database."""
        with self.cursor() as cursor:
            statement = sql.SQL("COMMENT ON DATABASE {} IS {}")
            cursor.execute(statement.format(sql.Identifier(name), sql.Literal(text)))

    def _execute(self, statement, *identifiers):
        with self.cursor() as cursor:
            names = (sql.Identifier(name) for name in identifiers)
            cursor.execute(sql.SQL(statement).format(*names))
