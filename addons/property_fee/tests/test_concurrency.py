import threading
import time
from contextlib import contextmanager
from datetime import date

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestConcurrency(BaseCase):
    """Two real database sessions bill the same assignment at the same time."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.made = []
        with self._session() as env:
            community = env["property.community"].create(
                {"name": "Two Sessions", "code": "TWOSESSIONS"}
            )
            building = env["property.building"].create(
                {"community_id": community.id, "code": "1", "name": "1"}
            )
            unit = env["property.unit"].create(
                {
                    "community_id": community.id,
                    "building_id": building.id,
                    "name": "101",
                    "gross_area": 100,
                }
            )
            partner = env["res.partner"].create({"name": "Two Sessions"})
            occupancy = env["property.occupancy"].create(
                {
                    "unit_id": unit.id,
                    "partner_id": partner.id,
                    "date_start": date(2026, 1, 1),
                }
            )
            item = env["property.fee.item"].create(
                {"code": "TWOSESSIONS", "name": "Two Sessions"}
            )
            rate = env["property.fee.rate"].create(
                {"item_id": item.id, "price": 1, "date_start": date(2026, 1, 1)}
            )
            assignment = env["property.fee.assignment"].create(
                {
                    "unit_id": unit.id,
                    "item_id": item.id,
                    "date_start": date(2026, 1, 1),
                }
            )
            run = env["property.fee.run"].create(
                {
                    "community_ids": community.ids,
                    "period": date(2026, 10, 1),
                    "invoice_date": date(2026, 10, 1),
                }
            )
            run._prepare_rows()
            run.state = "queued"
            product = item.product_id
            self.run_id, self.assignment_id = run.id, assignment.id
            self.made = [
                run,
                assignment,
                rate,
                item,
                product.product_tmpl_id,
                occupancy,
                unit,
                building,
                community,
                partner,
            ]
        self.addCleanup(self._clean)

    @contextmanager
    def _session(self):
        """Give the environment of a database session of its own, committed at the end."""
        with db_connect(get_db_name()).cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _clean(self):
        with self._session() as env:
            env["property.charge"].search(
                [("assignment_id", "=", self.assignment_id)]
            ).unlink()
            env["property.fee.run"].browse(self.run_id).state = "draft"
            for records in self.made:
                env[records._name].browse(records.ids).unlink()

    def test_second_session_skips_what_the_first_bills(self):
        first_has_charged = threading.Event()
        errors = []

        def first(env):
            try:
                with env.cr:  # commits at the end
                    assignment = env["property.fee.assignment"].browse(
                        self.assignment_id
                    )
                    plan = assignment._plan_charges(date(2026, 10, 1))
                    env["property.charge"].create(plan.vals_list)
                    env.flush_all()
                    first_has_charged.set()
                    # Long enough for the other to run into our uncommitted charge.
                    time.sleep(1.0)
            except Exception as error:  # handed to the test's own thread
                errors.append(error)
                first_has_charged.set()

        database = db_connect(get_db_name())
        one = database.cursor()
        with database.cursor() as two:
            # Environments are made here: the thread may not load the registry.
            thread = threading.Thread(
                target=first, args=(api.Environment(one, SUPERUSER_ID, {}),)
            )
            run = api.Environment(two, SUPERUSER_ID, {})["property.fee.run"].browse(
                self.run_id
            )
            # Our look at the database is from before the other session's commit.
            self.assertEqual(run.todo_count, 1)
            thread.start()
            first_has_charged.wait(20)
            with mute_logger("odoo.sql_db"):
                run._process_chunk()
            thread.join()
            self.assertFalse(errors)
            self.assertEqual(run.line_ids.status, "skipped")
            self.assertEqual(run.state, "done")
            self.assertFalse(run.move_ids)
            two.rollback()
        with self._session() as env:
            charges = env["property.charge"].search(
                [("assignment_id", "=", self.assignment_id)]
            )
            self.assertEqual(len(charges), 1)

    def test_two_workers_share_the_rows(self):
        """Rows that one session works on are left alone by another."""
        database = db_connect(get_db_name())
        with database.cursor() as one, database.cursor() as two:
            rows = [
                api.Environment(cr, SUPERUSER_ID, {})["property.fee.run"]
                .browse(self.run_id)
                .line_ids.try_lock_for_update(limit=5)
                for cr in (one, two)
            ]
            self.assertEqual([len(row) for row in rows], [1, 0])
            one.rollback()
            two.rollback()
