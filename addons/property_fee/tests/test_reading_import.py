import base64
from datetime import date
from pathlib import Path

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.property_base.tools import workbook

from .meter_common import MeterCase

HEADER = ("房号", "表号", "上期读数", "本期读数", "抄表日期", "抄表员", "备注")
OCT_25 = date(2026, 10, 25)


@tagged("post_install", "-at_install")
class TestReadingImport(MeterCase):
    """A sheet of readings: each row has its result, and twice is once."""

    def _job(self, rows, header=HEADER, **values):
        content = workbook.write_workbook(
            [{"name": "10", "header": list(header), "rows": rows}]
        )
        return self.env["property.reading.import"].create(
            {
                "community_id": self.community.id,
                "period": OCT_25,
                "auto_confirm": False,
                "file": base64.b64encode(content),
                "filename": "water.xlsx",
                **values,
            }
        )

    def _run_cron(self):
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env["property.reading.import"].with_env(
                self.env(cr=cr, su=True)
            )._cron_process()

    def test_in_the_background_and_only_once(self):
        rows = [
            [self.home.code, "W101", 1000, 1012, OCT_25, "", ""],
            [self.neighbour_home.code, "", 1000, 1007, OCT_25, "", "no number"],
        ]
        job = self._job(rows).with_user(self.users["frontdesk"])
        job.action_start()
        self.assertEqual(job.state, "queued")
        with self.assertRaisesRegex(UserError, "already started"):
            job.action_start()
        self._run_cron()
        self.env.invalidate_all()
        self.assertEqual((job.state, job.created_count), ("done", 2))
        self.assertEqual(self.meter.last_value, 1012)
        self.assertEqual(self.neighbour_meter.last_value, 1007)
        again = self._job(rows)
        again._process_all()
        self.assertEqual((again.created_count, again.unchanged_count), (0, 2))
        rows[0][3] = 1013
        third = self._job(rows)
        third._process_all()
        self.assertEqual((third.updated_count, third.unchanged_count), (1, 1))
        self.assertEqual(self.meter.last_value, 1013)

    def test_odd_rows(self):
        """Rolled over, went back, not read, unknown: each says so, with row and cure."""
        dial = self._create_meter(self.homes[2], "W3", digits=3, initial_value=995)
        job = self._job(
            [
                [dial.unit_id.code, "W3", 995, 12, OCT_25, "", ""],
                [self.home.code, "W101", 1000, 980, OCT_25, "", ""],
                [self.neighbour_home.code, "W102", 1000, "", OCT_25, "", "door shut"],
                ["99-9-999", "W999", 1, 2, OCT_25, "", ""],
                [self.home.code, "W102", 1, 2, OCT_25, "", ""],
                [self.homes[3].code, "", 1, 2, OCT_25, "", ""],
                [self.homes[4].code, "W5", 1, "many", "2026-02-30", "", ""],
                ["", "", 1, 2, OCT_25, "", ""],
            ]
        )
        job._process_all()
        lines = job.line_ids
        self.assertEqual(
            lines.mapped("outcome"),
            ["created", "created", "unread", "refused", "refused", "refused"]
            + ["refused", "refused"],
        )
        for line, words in zip(
            lines,
            (
                ("3 figures", "17"),
                ("went back", "1000 > 980", "again"),
                ("not read", "door shut"),
                ("99-9-999", "roster"),
                ("already stands in row 4",),
                ("no meter",),
                ('"many" is not a number', "2026-02-30"),
                ("is empty",),
            ),
            strict=True,
        ):
            for word in words:
                self.assertIn(word, line.message, line.row)
        readings = lines.mapped("reading_id")
        self.assertEqual(readings.mapped("consumption"), [17, -20, 0])
        self.assertEqual(readings.mapped("is_held"), [True, True, False])
        self.assertEqual(readings[2].state, "todo", "it waits to be read or estimated")
        rows = workbook.read_rows(base64.b64decode(job.error_file))
        self.assertEqual(len(rows), 6)
        self.assertEqual(rows[1][:2], ["99-9-999", "W999"])

    def test_elsewhere_and_differing(self):
        job = self._job(
            [
                [self.homes[2].code, "W101", 1000, 1002, OCT_25, "", ""],
                [self.neighbour_home.code, "W102", 990, 1007, OCT_25, "", ""],
            ]
        )
        job._process_all()
        wrong, differing = job.line_ids
        self.assertEqual(wrong.outcome, "refused")
        self.assertIn(self.home.code, wrong.message)
        self.assertEqual(differing.outcome, "created")
        self.assertIn("1000 on file", differing.message)

    def test_billed_is_refused(self):
        self._assign(self.home, self.water)
        self._read(self.meter, OCT_25, 1012)
        self._run()
        job = self._job([[self.home.code, "W101", 1000, 1013, OCT_25, "", ""]])
        job._process_all()
        self.assertEqual(job.line_ids.outcome, "refused")
        self.assertIn("billed", job.line_ids.message)

    def test_bad_value_does_not_stop_the_others(self):
        job = self._job(
            [
                [self.home.code, "W101", 1000, 999999, OCT_25, "", ""],
                [self.neighbour_home.code, "W102", 1000, 1007, OCT_25, "", ""],
            ]
        )
        job._process_all()
        self.assertEqual(job.line_ids.mapped("outcome"), ["refused", "created"])
        self.assertIn("5 figures", job.line_ids[0].message)

    def test_unreadable(self):
        with self.assertRaisesRegex(UserError, "columns Reading, Read On are missing"):
            self._job([[1, 2]], header=("房号", "表号")).action_start()
        job = self._job([[1]])
        job.file = base64.b64encode(b"%PDF-1.4\x00")
        with self.assertRaisesRegex(UserError, "no workbook"):
            job.action_start()

    def test_roles(self):
        for role in ("reader", "engineer", "cashier"):
            with self.subTest(role), self.assertRaises(AccessError):
                self._job([[1]]).with_user(self.users[role]).action_start()

    def test_puts_in_meters_in_chunks(self):
        """The sheet of a whole estate; a killed import goes on after its last chunk."""
        homes = self._create_homes(700, "3", owned=False)
        rows = [
            [home.code, f"N{home.name}", 100, 100 + number % 20, OCT_25, "", ""]
            for number, home in enumerate(homes)
        ]
        job = self._job(rows, create_meters=True, item_id=self.water.id, digits=4)
        sheet = job._read_sheet()
        job.write({"row_count": 700, "state": "queued"})
        job._process_chunk(sheet, sheet.rows[:300], job._prepare_worker())
        job.write({"rows_done": 300, "state": "running"})
        self._run_cron()
        self.env.invalidate_all()
        self.assertEqual((job.state, job.created_count), ("done", 700))
        meters = homes.mapped("meter_ids")
        self.assertEqual(len(meters), 700)
        self.assertRecordValues(
            meters[:1],
            [
                {
                    "initial_value": 100,
                    "initial_date": date(2026, 9, 30),
                    "digits": 4,
                    "item_id": self.water.id,
                }
            ],
        )

    def test_chunk_costs_the_same_for_any_number(self):
        homes = self._create_homes(33, "2", owned=False)
        for home in homes:
            self._create_meter(home, f"Q{home.name}")
        rows = [[home.code, f"Q{home.name}", 1000, 1010, OCT_25] for home in homes]
        job = self._job(rows)
        sheet = job._read_sheet()

        def count(part):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            job._process_chunk(sheet, part, job._prepare_worker())
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(sheet.rows[:1])
        self.assertEqual(count(sheet.rows[1:4]), count(sheet.rows[4:]))

    def test_sample_of_an_estate(self):
        """The sheet of October 2026: 1,280 homes and four odd rows at its end."""
        sample = Path(__file__).parents[3] / "tests/samples/water_2026-10.xlsx"
        if not sample.exists():
            self.skipTest("the sample lies beside the suite, not in the module")
        rows = workbook.read_rows(sample.read_bytes())
        codes = list(dict.fromkeys(row[0] for row in rows[1:-1]))
        self.env["property.unit"].create(
            [
                {"community_id": self.estate.id, "name": code, "code": code}
                for code in codes
            ]
        )
        job = self._job(
            [],
            community_id=self.estate.id,
            create_meters=True,
            item_id=self.water.id,
        )
        job.file = base64.b64encode(sample.read_bytes())
        job._process_all()
        self.assertEqual(job.created_count, 1280)
        self.assertEqual((job.refused_count, job.unread_count), (3, 1))
        last = job.line_ids.sorted("row")[-4:]
        self.assertEqual(last.mapped("row"), [1282, 1283, 1284, 1285])
        for line, words in zip(
            last,
            (
                ("row 2", "995 > 12", "17"),
                ("row 3", "400 > 380"),
                ("not read",),
                ("99-9-999",),
            ),
            strict=True,
        ):
            for word in words:
                self.assertIn(word, line.message)
        first = job.line_ids.filtered(lambda line: line.row == 2).reading_id
        self.assertEqual((first.consumption, first.meter_id.serial), (17, "W0110101"))

    @property
    def estate(self):
        found = self.env["property.community"].search([("code", "=", "SUN")])
        return found or self._create_community("Sunshine", "SUN")
