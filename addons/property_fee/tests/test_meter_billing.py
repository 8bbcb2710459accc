from datetime import date

from odoo.tests import tagged

from .common import OCTOBER
from .meter_common import MeterCase

SEP_25, OCT_25 = date(2026, 9, 25), date(2026, 10, 25)
NOVEMBER = date(2026, 11, 1)


@tagged("post_install", "-at_install")
class TestMeterBilling(MeterCase):
    """A cleared reading becomes one charge that explains itself, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._assign(cls.homes[:2], cls.water)

    def test_charge_explains_itself(self):
        reading = self._read(self.meter, SEP_25, 1034)
        run = self._run(date(2026, 9, 1))
        charge = self._charges(self.home)
        self.assertRecordValues(
            charge,
            [
                {
                    "quantity": 34,
                    "amount": 98.6,
                    "date_from": date(2026, 9, 1),
                    "date_to": SEP_25,
                    "state": "billed",
                    "partner_id": self.owner.id,
                }
            ],
        )
        self.assertIn("(1034 - 1000) = 34", charge.explanation_text)
        self.assertIn("98.60", charge.explanation_text)
        self.assertFalse(charge._get_wrong_amounts())
        self.assertRecordValues(reading, [{"state": "billed", "charge_id": charge.id}])
        row = run.line_ids.filtered(lambda line: line.unit_id == self.home)
        self.assertEqual(row.status, "charged")

    def test_billed_once_by_the_first_run_that_comes_after(self):
        self._read(self.meter, SEP_25, 1034)
        self._run(NOVEMBER)
        self._run(NOVEMBER)
        self._run(date(2026, 12, 1))
        self.assertEqual(len(self._charges(self.home)), 1)
        self.assertEqual(self._charges(self.home).period, NOVEMBER)

    def test_not_before_its_month(self):
        self._read(self.meter, OCT_25, 1034)
        self._run(date(2026, 9, 1))
        self.assertFalse(self._charges(self.home))

    def test_held_reading_fails_a_row_with_nothing_else(self):
        self._read(self.meter, OCT_25, 900)
        self._read(self.neighbour_meter, OCT_25, 1010)
        run = self._run()
        rows = {line.unit_id: line for line in run.line_ids}
        self.assertEqual(rows[self.home].status, "failed")
        self.assertIn("odd", rows[self.home].reason)
        self.assertEqual(rows[self.neighbour_home].status, "charged")
        self.assertFalse(rows[self.neighbour_home].is_partial)
        self.meter.reading_ids._clear("Read again")
        run.action_retry_failed()
        run._process_all()
        self.assertEqual(rows[self.home].status, "charged")

    def test_held_reading_waits_while_all_else_is_billed(self):
        self._assign(self.home, self.management)
        self._read(self.meter, SEP_25, 1010)
        self._read(self.meter, OCT_25, 900)
        run = self._create_run()
        run.action_preview()
        self.assertTrue(run.line_ids.is_partial)
        run._process_all()
        row = run.line_ids.filtered(lambda line: line.unit_id == self.home)
        self.assertRecordValues(row, [{"status": "charged", "is_partial": True}])
        self.assertIn("odd", row.reason)
        self.assertEqual(
            self._charges(self.home).mapped("amount"), [29, 223.75], "read before it"
        )
        self._run()
        self.assertEqual(len(self._charges(self.home)), 2, "it still waits")
        odd = self.meter.reading_ids.filtered("is_held")
        odd.write({"value": 1022})
        self.assertFalse(odd.is_held)
        odd.sudo().write({"state": "confirmed"})
        later = self._run(NOVEMBER)
        row = later.line_ids.filtered(lambda line: line.unit_id == self.home)
        self.assertRecordValues(row, [{"status": "charged", "is_partial": False}])
        self.assertEqual(self._metered(self.home, NOVEMBER).quantity, 12)

    def test_unconfirmed_reading_waits(self):
        self._assign(self.home, self.management)
        self._read(self.meter, OCT_25, 1010, confirm=False)
        row = self._run().line_ids.filtered(lambda line: line.unit_id == self.home)
        self.assertIn("not confirmed", row.reason)
        self.assertEqual(self._charges(self.home).item_id, self.management)

    def test_cancelled_charge_frees_the_reading(self):
        reading = self._read(self.meter, OCT_25, 1010)
        self._run()
        move = self._charges(self.home).move_id
        move.button_draft()
        self.assertEqual(reading.state, "billed", "a draft still holds it")
        move.button_cancel()
        self.assertRecordValues(reading, [{"state": "confirmed", "charge_id": False}])
        self._run()
        self.assertEqual(len(self._charges(self.home)), 1)
        self.assertEqual(reading.state, "billed")

    def test_billed_reading_stays(self):
        reading = self._read(self.meter, OCT_25, 1010)
        self._run()
        for change in (
            lambda: reading.write({"value": 1011}),
            reading.unlink,
            lambda: self._read(self.meter, SEP_25, 1005),
            lambda: self.meter.write({"multiplier": 2}),
        ):
            with self.assertRaisesRegex(Exception, "billed"), self.cr.savepoint():
                change()
        later = self._read(self.meter, date(2026, 11, 25), 1012)
        self.assertEqual(later.quantity, 2, "the next reading trues it up")

    def test_closing_reading_divides_the_month(self):
        """The seller pays up to his last day, the buyer from the first of his."""
        buyer = self.env["res.partner"].create({"name": "Buyer"})
        day = date(2026, 10, 11)
        self._read(self.meter, SEP_25, 1010)
        self._run(date(2026, 9, 1))
        self.home._transfer(
            day,
            "sale",
            [{"partner_id": buyer.id, "share": 100, "is_resident": True}],
        )
        closing = self._read(self.meter, day, 1015, kind="closing")
        self.assertEqual(closing.date_to, date(2026, 10, 10))
        self._read(self.meter, OCT_25, 1022)
        self._run()
        self.assertRecordValues(
            self._metered(self.home),
            [
                {
                    "partner_id": self.owner.id,
                    "quantity": 5,
                    "date_from": date(2026, 9, 26),
                    "date_to": date(2026, 10, 10),
                },
                {
                    "partner_id": buyer.id,
                    "quantity": 7,
                    "date_from": day,
                    "date_to": OCT_25,
                },
            ],
        )

    def test_transfer_warns_of_meters_not_read(self):
        day = date(2026, 10, 11)

        def open_meters():
            return [
                item["count"]
                for item in self.home._transfer_open_items(day)
                if item["model"] == "property.meter"
            ]

        self.assertEqual(open_meters(), [1])
        self._read(self.meter, day, 1015, kind="closing")
        self.assertFalse(open_meters())

    def test_estimate_is_trued_up_by_the_bills(self):
        """A too high estimate is billed, and the bills after it ask for that much less."""
        self.meter.initial_date = date(2026, 6, 30)
        self._read(self.meter, date(2026, 7, 25), 1010)
        self._run(date(2026, 7, 1))
        self._read(self.meter, date(2026, 8, 25), 1050, kind="estimated")
        self._run(date(2026, 8, 1))
        self._read(self.meter, SEP_25, 1030)
        self._run(date(2026, 9, 1))
        self._read(self.meter, OCT_25, 1058)
        self._run()
        charges = self._charges(self.home)
        self.assertEqual(charges.mapped("quantity"), [10, 40, 0, 8])
        self.assertEqual(sum(charges.mapped("quantity")), 58, "as the dial says")
        self.assertIn("estimated", charges[1].explanation_text)
        self.assertIn("-20", charges[3].explanation_text)
        self.assertFalse(charges._get_wrong_amounts())

    def test_two_meters_of_a_home_are_one_charge(self):
        self._create_meter(self.home, "W101B", initial_value=0)
        self._read(self.meter, OCT_25, 1010)
        self._read(self.home.meter_ids - self.meter, date(2026, 10, 27), 5)
        self._run()
        charge = self._metered(self.home)
        self.assertEqual((charge.quantity, charge.amount), (15, 43.5))
        self.assertEqual(len(charge.reading_ids), 2)
        self.assertEqual(charge.date_to, date(2026, 10, 27))

    def test_nothing_used(self):
        reading = self._read(self.meter, OCT_25, 1000)
        self._run()
        self.assertEqual(self._metered(self.home).amount, 0)
        self.assertEqual(reading.state, "billed")

    def test_no_rate(self):
        self.water_rate.unlink()
        self._read(self.meter, OCT_25, 1010)
        run = self._run()
        row = run.line_ids.filtered(lambda line: line.unit_id == self.home)
        self.assertEqual(row.status, "failed")
        self.assertIn("No rate of Water", row.reason)

    def test_plan_costs_the_same_for_any_number(self):
        few, many = self._create_homes(3, "7"), self._create_homes(30, "8")
        self._assign(few + many, self.water)
        for home in few + many:
            meter = self._create_meter(home, f"M{home.code}")
            self._read(meter, OCT_25, 1010)
        run = self._create_run(OCTOBER)

        def count(units):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            plans = run._plan_units(units)
            self.assertEqual(sum(len(p.vals_list) for p in plans.values()), len(units))
            return self.cr.sql_log_count - before

        count(few)
        self.assertEqual(count(few), count(many))
