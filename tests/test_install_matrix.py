"""Each module alone, and all together: installs, upgrades and uninstalls cleanly."""

import pytest
from runtime import modules, peers
from runtime.odoo import Odoo
from runtime.paths import CHECKOUT_ID

from tests.conftest import TEST_LOGS, assert_clean

pytestmark = pytest.mark.matrix

MODULES = modules.suite()
DATABASE = f"pst_{CHECKOUT_ID}_test_matrix"


@pytest.fixture
def fresh(databases, templates):
    """A function that makes a database with what some modules need of Odoo's."""

    def make(ours, **options):
        databases.copy(templates.dependencies(ours, **options), DATABASE)
        return DATABASE

    yield make
    databases.drop(DATABASE)


@pytest.mark.parametrize("module", MODULES)
def test_module_alone(module, fresh, odoo, databases):
    """A module with nothing but what its manifest declares."""
    database = fresh([module])
    assert_clean(odoo.install(database, [module], f"matrix-{module}-install"))
    assert _states(databases, database) == dict.fromkeys(
        modules.closure([module]), "installed"
    )
    assert_clean(odoo.upgrade(database, [module], f"matrix-{module}-upgrade"))
    assert_clean(odoo.uninstall(database, [module], f"matrix-{module}-uninstall"))
    assert module not in _states(databases, database)


def test_all_together(fresh, odoo, databases):
    """All modules at once; when the last is gone, no table of ours is left."""
    database = fresh(MODULES)
    assert_clean(odoo.install(database, MODULES, "matrix-all-install"))
    assert _states(databases, database) == dict.fromkeys(MODULES, "installed")
    assert_clean(odoo.upgrade(database, MODULES, "matrix-all-upgrade"))
    assert_clean(odoo.uninstall(database, MODULES, "matrix-all-uninstall"))
    assert _states(databases, database) == {}
    assert _tables(databases, database) == []


def test_all_together_with_demo_data(fresh, odoo, databases):
    """As a trial installation does: Odoo's demo data, then ours."""
    database = fresh(MODULES, with_demo=True)
    log = odoo.install(database, MODULES, "matrix-demo-install", "--with-demo")
    assert_clean(log)
    with databases.cursor(database) as cursor:
        cursor.execute(
            "SELECT name FROM ir_module_module WHERE name = ANY(%s) AND NOT demo",
            [MODULES],
        )
        assert not cursor.fetchall(), "installed without their demo data"
        cursor.execute("SELECT count(*) FROM property_unit")
        assert cursor.fetchone()[0] > 100
    assert_clean(odoo.upgrade(database, MODULES, "matrix-demo-upgrade"))


@pytest.mark.parametrize("module", modules.bridges())
def test_bridge(module, fresh, environment, databases):
    """A module that goes with an add-on of others comes and goes with it."""
    odoo = Odoo(environment, TEST_LOGS, extra_addons=[peers.queue_addons()])
    ours = [name for name in modules.closure([module]) if name != module]
    database = fresh(ours)
    log = odoo.install(database, [*ours, *modules.OPTIONAL], f"matrix-{module}")
    assert_clean(log)
    assert _states(databases, database)[module] == "installed"
    assert_clean(odoo.upgrade(database, [module], f"matrix-{module}-upgrade"))
    tags = (f"--test-tags=/{module}", "--workers=0", "--max-cron-threads=0")
    assert_clean(odoo.upgrade(database, [module], f"matrix-{module}-tests", *tags))
    assert_clean(odoo.uninstall(database, [module], f"matrix-{module}-uninstall"))
    assert module not in _states(databases, database)


def _states(databases, database):
    """Return the states of those of our modules that are not uninstalled."""
    with databases.cursor(database) as cursor:
        cursor.execute(
            "SELECT name, state FROM ir_module_module"
            " WHERE name = ANY(%s) AND state != 'uninstalled'",
            [modules.everything()],
        )
        return dict(cursor.fetchall())


def _tables(databases, database):
    """Return the tables that our modules made."""
    with databases.cursor(database) as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename LIKE 'property\\_%'"
        )
        return [name for (name,) in cursor.fetchall()]
