from datetime import date

import psycopg2
from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .meter_common import COUNTS_FROM, SEPTEMBER, MeterCase

SEP_25, OCT_25 = date(2026, 9, 25), date(2026, 10, 25)


@tagged("post_install", "-at_install")
class TestMeter(MeterCase):
    """What a meter counts, what is odd about it, and who may say so."""

    def test_reading_counts_from_the_one_before(self):
        first = self._read(self.meter, SEP_25, 1012)
        second = self._read(self.meter, OCT_25, 1030)
        self.assertRecordValues(
            first + second,
            [
                {
                    "previous_value": 1000,
                    "consumption": 12,
                    "quantity": 12,
                    "date_from": date(2026, 9, 1),
                    "date_to": SEP_25,
                    "period": SEPTEMBER,
                    "is_held": False,
                },
                {
                    "previous_value": 1012,
                    "consumption": 18,
                    "quantity": 18,
                    "date_from": date(2026, 9, 26),
                    "date_to": OCT_25,
                    "period": date(2026, 10, 1),
                    "is_held": False,
                },
            ],
        )
        self.assertEqual(self.meter.last_value, 1030)
        self.assertEqual(self.meter.average, 15)

    def test_correction_flows_on(self):
        first = self._read(self.meter, SEP_25, 1012)
        second = self._read(self.meter, OCT_25, 1030)
        first.value = 1020
        self.assertEqual((first.consumption, second.consumption), (20, 10))
        self.assertEqual(first.state, "draft", "a corrected value is confirmed anew")
        first.unlink()
        self.assertEqual(second.consumption, 30)

    def test_multiplier(self):
        self.meter.multiplier = 20
        self.assertEqual(self._read(self.meter, SEP_25, 1002.5).consumption, 50)

    def test_rollover_is_held(self):
        meter = self._create_meter(self.homes[2], "W3", digits=3, initial_value=995)
        reading = self._read(meter, SEP_25, 12)
        self.assertEqual(reading.consumption, 17)
        self.assertTrue(reading.is_rollover and reading.is_held)
        self.assertTrue(reading.anomaly_text)

    def test_backwards_is_held(self):
        reading = self._read(self.meter, SEP_25, 980)
        self.assertEqual((reading.consumption, reading.quantity), (-20, 0))
        self.assertTrue(reading.is_negative and reading.is_held)

    def test_jump_and_zero(self):
        self.meter.initial_date = date(2025, 12, 31)
        *_rest, jump, first, second, third = self._history(
            self.meter, 10, 12, 34, 0, 0, 0
        )
        self.assertTrue(jump.is_jump and jump.is_held)
        self.assertEqual((first + second + third).mapped("is_zero"), [0, 0, 1])

    def test_clearing_needs_a_reason_and_ends_with_the_value(self):
        reading = self._read(self.meter, SEP_25, 980, confirm=False)
        user = self.users["frontdesk"]
        wizard = (
            self.env["property.reading.clear"]
            .with_user(user)
            .create({"reading_ids": reading.ids, "reason": "Seen, misread last month"})
        )
        wizard.action_clear()
        self.assertFalse(reading.is_held)
        self.assertEqual(reading.cleared_by_id, user)
        reading.value = 970
        self.assertTrue(reading.is_held, "another value has not been looked at")
        with self.assertRaises(AccessError):
            self.env["property.reading.clear"].with_user(self.users["engineer"]).create(
                {"reading_ids": reading.ids, "reason": "Mine"}
            )

    def test_estimate_and_true_up(self):
        """What was estimated too high is taken off until it is used up."""
        self.meter.initial_date = date(2025, 12, 31)
        self._history(self.meter, 30, 30, 30)  # reads 1090 on March 25
        row = self.env["property.meter.reading"].create(
            {"meter_id": self.meter.id, "date": date(2026, 4, 25)}
        )
        self.assertEqual(row.state, "todo")
        self.assertFalse(row._estimate(), "nothing is left without an estimate")
        self.assertEqual((row.kind, row.state), ("estimated", "draft"))
        self.assertEqual(row.consumption, 33, "31 days at 90 in 84")
        real = self._read(self.meter, date(2026, 5, 25), 1112)
        self.assertEqual((real.consumption, real.quantity), (-11, 0))
        self.assertFalse(real.is_held, "a true-up is nothing odd")
        later = self._read(self.meter, date(2026, 6, 25), 1130)
        self.assertRecordValues(
            later, [{"consumption": 18, "carried": -11, "quantity": 7}]
        )
        below = self._read(self.meter, date(2026, 7, 25), 1080)
        self.assertTrue(below.is_held, "below what was really read")

    def test_nothing_to_estimate_from(self):
        row = self.env["property.meter.reading"].create(
            {"meter_id": self.meter.id, "date": SEP_25}
        )
        self.assertEqual(row._estimate(), row)
        self.assertEqual(row.state, "todo")

    def test_one_reading_a_day(self):
        self._read(self.meter, SEP_25, 1012)
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self._read(self.meter, SEP_25, 1013)

    def test_bad_values(self):
        for day, value, text in (
            (COUNTS_FROM, 1001, "later day"),
            (SEP_25, 123456, "figures"),
        ):
            with self.subTest(text), self.assertRaisesRegex(ValidationError, text):
                self._read(self.meter, day, value)
        self.meter.date_removed = SEP_25
        with self.assertRaisesRegex(ValidationError, "taken out"):
            self._read(self.meter, OCT_25, 1001)

    def test_tree_of_meters(self):
        main = self._create_meter(
            self.env["property.unit"], "MAIN", item_id=False, building_id=False
        )
        self.assertTrue(main.is_common)
        (self.meter + self.neighbour_meter).parent_id = main
        self.assertEqual(main.child_count, 2)
        for text, record, name, value in (
            ("sub-meter of itself", main, "parent_id", self.meter.id),
            ("same kind", self.meter, "kind", "gas"),
            ("not billed by meter", self.meter, "item_id", self.management.id),
        ):
            with self.subTest(text):
                # Unlike its sister, this undoes what was written.
                with self.assertRaises(ValidationError) as failure:
                    record[name] = value
                self.assertIn(text, str(failure.exception))

    def test_replacement(self):
        self._read(self.meter, SEP_25, 1012)
        wizard = (
            self.env["property.meter.replace"]
            .with_user(self.users["engineer"])
            .create(
                {
                    "meter_id": self.meter.id,
                    "date": date(2026, 10, 10),
                    "final_value": 1017,
                    "serial": "W101-2",
                    "first_value": 3,
                }
            )
        )
        with freeze_time("2026-10-12"):
            wizard.action_replace()
        new = self.meter.replaced_by_id
        self.assertRecordValues(
            self.meter + new,
            [
                {"state": "replaced", "date_removed": date(2026, 10, 10)},
                {"state": "active", "date_removed": False},
            ],
        )
        self.assertEqual(new.unit_id, self.home)
        self.assertEqual(new.item_id, self.water, "though an engineer does not see it")
        reading = self._read(new, OCT_25, 11)
        self.assertEqual(self.meter.last_value, 1017)
        self.assertEqual(
            sum((self.meter + new).reading_ids.mapped("quantity")), 12 + 5 + 8
        )
        self.assertEqual(reading.date_from, date(2026, 10, 11))
        with self.assertRaisesRegex(UserError, "not in use"):
            wizard.action_replace()

    def test_roles(self):
        reading = self._read(self.meter, SEP_25, 1012, confirm=False)
        engineer = reading.with_user(self.users["engineer"])
        engineer.value = 1013
        engineer.action_confirm()
        self.assertEqual(reading.state, "confirmed")
        for vals in ({"quantity": 1}, {"state": "billed"}, {"cleared_reason": "x"}):
            with self.subTest(vals), self.assertRaises(AccessError):
                engineer.write(vals)
        with self.assertRaises(AccessError):
            _ = self.meter.with_user(self.users["engineer"]).item_id
        for role in ("reader", "security", "cashier"):
            records = reading.with_user(self.users[role])
            self.assertTrue(records.has_access("read"), role)
            self.assertFalse(records.has_access("write"), role)

    def test_search_by_number_or_door(self):
        Meter = self.env["property.meter"]
        for text in ("W101", self.home.code):
            self.assertIn(self.meter.id, [row[0] for row in Meter.name_search(text)])
        found = self.env["property.unit"].search([("meter_ids.serial", "=", "W102")])
        self.assertEqual(found, self.neighbour_home)
        self.assertEqual(self.home.meter_count, 1)
        action = self.home.action_view_meters()
        self.assertEqual(Meter.search(action["domain"]), self.meter)
