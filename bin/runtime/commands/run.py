"""``bin/run``: a live Odoo with the suite on a believable estate."""

import argparse
import json

from .. import modules
from ..console import Stop, note, say, step
from ..databases import Databases
from ..environment import provisioned
from ..odoo import Odoo, is_free
from ..templates import Templates

DATABASE = "property"
PORT = 8069

# One process with threads instead of the workers of odoo.conf: with workers the
# websocket has a port of its own, which needs the reverse proxy of a real installation.
DEVELOPMENT_OPTIONS = ("--workers=0", "--max-cron-threads=1")

# Adds what is lacking; an estate that somebody has removed or renamed does not come back.
COMPLETE_ESTATE = """
if env["property.community"].search_count([("code", "=", "CH")]):
    env["property.demo.estate"]._build_demo()
    env.cr.commit()
"""

LOGINS = """
    login        password     who
    admin        admin        administrator of Odoo
    hq           hq           HQ administrator of the suite
    manager      manager      community manager
    frontdesk    frontdesk    front desk
    engineer     engineer     engineer
    security     security     security guard
    cashier      cashier      cashier
    accountant   accountant   fee accountant
    owner        owner        portal user: an owner of the demo estate
"""


def main(argv=None):
    arguments = _parse(argv)
    if not is_free(arguments.port):
        raise Stop(
            f"Port {arguments.port} is taken. Choose another: bin/run --port 8070"
        )
    with provisioned() as environment:
        say(f"  ok  Odoo {environment.source.version} in {environment.source.path}")
        databases = Databases(environment.variables)
        _prepare(environment, databases, reset=arguments.reset)
        server = Odoo(environment).server(
            DATABASE, "run", arguments.port, options=DEVELOPMENT_OPTIONS
        )
        server.log.unlink(missing_ok=True)
        with step("Starting Odoo"):
            server.start()
        try:
            _tell(server)
            return server.wait()
        except KeyboardInterrupt:
            say("\n  ->  Stopping (the database stays)")
            return 0
        finally:
            server.stop()


def _parse(argv):
    parser = argparse.ArgumentParser(prog="bin/run", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help=f"default {PORT}")
    parser.add_argument(
        "--reset", action="store_true", help="drop the database and build it anew"
    )
    return parser.parse_args(argv)


def _prepare(environment, databases, *, reset):
    """Make the database, or bring it up to the modules as they are on disk."""
    hashes = {name: modules.content_hash(name) for name in modules.suite()}
    if reset or not databases.exists(DATABASE):
        template = Templates(environment).demo()
        with step(f"Creating the database {DATABASE!r} with the demo estate"):
            databases.copy(template, DATABASE)
    else:
        _update(environment, databases, hashes)
    databases.set_remark(DATABASE, json.dumps(hashes))


def _update(environment, databases, hashes):
    """Install new modules and upgrade changed ones."""
    known = json.loads(databases.remark(DATABASE) or "{}")
    new = [name for name in hashes if name not in known]
    changed = [name for name in hashes if name in known and known[name] != hashes[name]]
    odoo = Odoo(environment)
    if new:
        with step(f"Installing {' '.join(new)}"):
            odoo.install(DATABASE, new, "run-install")
    if changed:
        with step(f"Upgrading {' '.join(changed)}: changed since the last start"):
            odoo.upgrade(DATABASE, changed, "run-upgrade")
    if new or changed:
        with step("Adding to the demo estate what is new in it"):
            odoo.script(DATABASE, COMPLETE_ESTATE, "run-demo")


def _tell(server):
    say(f"\n      {server.url}\n{LOGINS}")
    note(f"log: {server.log}")
    note("Ctrl-C stops everything that this command started.")
