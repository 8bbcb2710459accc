"""One :class:`Environment` holds all that running Odoo takes."""

import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field

from . import odoo_source, postgres, rendering
from .paths import ADDONS


@dataclass(frozen=True)
class Environment:
    """A provisioned machine: an Odoo, a database server, printing."""

    source: odoo_source.OdooSource
    variables: dict = field(repr=False)  # of child processes

    @property
    def python(self):
        return sys.executable

    def addons_path(self, *more):
        """Return the value of ``--addons-path``.

        :param more: further folders of add-ons
        """
        return ",".join(str(path) for path in (ADDONS, *more, *self.source.addons))


@contextmanager
def provisioned():
    """Provision what is missing; yield the :class:`Environment`.

    The database server runs at least as long as the block.

    :raises Stop: when something cannot be had
    """
    source = odoo_source.find()
    programs = rendering.ensure_wkhtmltopdf()
    fonts = rendering.ensure_fonts()
    with postgres.available() as server:
        variables = {
            **{
                key: value
                for key, value in os.environ.items()
                if not key.startswith("PG")
            },
            **server,
            **fonts,
            "PATH": os.pathsep.join(
                [str(programs), os.path.dirname(sys.executable), os.environ["PATH"]]
            ),
            "PYTHONPATH": str(source.path),
            "PYTHONUNBUFFERED": "1",
        }
        yield Environment(source, variables)
