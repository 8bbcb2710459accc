import base64
import io

import openpyxl
from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged, users
from odoo.tools import mute_logger

from ..tools import roster, workbook
from .common import PropertyCase
from .roster_common import RosterImportCase


class RosterOptionsCase(RosterImportCase):
    HEADER = ["楼号", "单元", "门牌", "房屋类型", "建筑面积", "业主姓名", "联系电话"]

    def _homes(self, count):
        return [
            [5, 1, f"{index + 1}01", "住宅", 89.5, f"业主{index}", 13900000000 + index]
            for index in range(count)
        ]

    def _mapped_job(self, rows):
        job = self._job(rows)
        job.column_ids.filtered(lambda column: column.header == "门牌").column = "room"
        return job


@tagged("post_install", "-at_install")
class TestRosterColumns(RosterOptionsCase):
    @users("property_frontdesk")
    def test_a_strange_header_is_explained_once(self):
        job = self._job(self._homes(2))
        self.assertRecordValues(
            job.column_ids[:4],
            [
                {"header": "楼号", "column": "building", "sample": "5"},
                {"header": "单元", "column": "entrance", "sample": "1"},
                {"header": "门牌", "column": False, "sample": "101"},
                {"header": "房屋类型", "column": "unit_type", "sample": "住宅"},
            ],
        )
        with self.assertRaises(UserError) as caught:
            job.action_start()
        self.assertIn("Room", str(caught.exception))
        job.column_ids[2].column = "room"
        job.action_start()
        self._run_cron()
        self.assertEqual((job.state, job.created_count), ("done", 2))
        self.assertEqual(self._job(self._homes(2)).column_ids[2].column, "room")
        remembered = self.env["property.roster.header"].search([])
        self.assertEqual(remembered.mapped("name"), ["门牌"])

    @users("property_frontdesk")
    def test_a_column_can_be_ignored(self):
        job = self._mapped_job(self._homes(1))
        job.column_ids.filtered(
            lambda column: column.header == "建筑面积"
        ).column = "ignore"
        job.action_start()
        self._run_cron()
        unit = job.line_ids.unit_id
        self.assertEqual((unit.code, unit.gross_area), ("5-1-101", 0))

    @users("property_frontdesk")
    def test_phones_are_not_shown_as_samples(self):
        job = self._job(self._homes(1))
        self.assertEqual(job.column_ids[6].sample, "***")


@tagged("post_install", "-at_install")
class TestRosterTrial(RosterOptionsCase):
    @users("property_frontdesk")
    def test_a_trial_keeps_nothing(self):
        rows = self._homes(3)
        rows[2][4] = "八十九"
        job = self._mapped_job(rows)
        people = self.env["res.partner"].search_count([])
        buildings = self.env["property.building"].search_count([])
        job.action_check()
        self._run_cron()
        self.assertEqual(
            (job.state, job.created_count, job.refused_count), ("checked", 2, 1)
        )
        self.assertTrue(job.error_file)
        self.assertFalse(job.line_ids.unit_id)
        self.assertEqual(self.env["res.partner"].search_count([]), people)
        self.assertEqual(self.env["property.building"].search_count([]), buildings)

        job.action_start()
        self._run_cron()
        self.assertEqual(
            (job.state, job.created_count, len(job.line_ids)), ("done", 2, 3)
        )
        self.assertEqual(len(job.line_ids.unit_id), 2)


@tagged("post_install", "-at_install")
class TestRosterUndo(RosterOptionsCase):
    def _done(self, rows):
        job = self._mapped_job(rows)
        job.action_start()
        self._run_cron()
        return job

    @users("property_frontdesk")
    def test_undo_leaves_nothing(self):
        people = self.env["res.partner"].search_count([])
        job = self._done(self._homes(4))
        self.assertEqual(self.env["res.partner"].search_count([]), people + 4)
        job.action_undo()
        self.assertEqual(job.state, "undone")
        self.assertEqual(self.env["res.partner"].search_count([]), people)
        self.assertFalse(self.env["property.unit"].search([("code", "=like", "5-1-%")]))
        self.assertFalse(
            self.env["property.building"].search(
                [("community_id", "=", self.community.id), ("code", "=", "5")]
            )
        )

    @users("property_frontdesk")
    def test_undo_keeps_who_has_another_home(self):
        job = self._done(self._homes(2))
        owner = job.line_ids[0].unit_id.owner_ids
        self._occupy(self.homes[5], owner)
        job.action_undo()
        self.assertTrue(owner.exists())
        self.assertFalse(job.line_ids.unit_id)

    @users("property_frontdesk")
    def test_undo_is_refused_once_something_depends(self):
        job = self._done(self._homes(2))
        self.env["property.vehicle"].sudo().create(
            {"unit_id": job.line_ids[0].unit_id.id, "plate": "浙A12345"}
        )
        with self.assertRaises(UserError) as caught:
            job.action_undo()
        self.assertIn("1 records", str(caught.exception))
        self.assertEqual(job.state, "done")

    @users("property_frontdesk")
    def test_only_a_finished_import_is_undone(self):
        with self.assertRaises(UserError):
            self._mapped_job(self._homes(1)).action_undo()


@tagged("post_install", "-at_install")
class TestUnitExport(PropertyCase):
    @users("property_reader")
    @freeze_time("2026-10-15")
    def test_workbook(self):
        self.home.note = "=1+1"
        self.owner.name = "=cmd"
        wizard = (
            self.env["property.unit.export"]
            .with_context(
                active_model="property.unit",
                active_ids=(self.home + self.neighbour_home).ids,
            )
            .create({})
        )
        wizard.action_export()
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(wizard.file)))
        units, people = book.worksheets
        self.assertEqual(units.freeze_panes, "A2")
        self.assertEqual(
            [cell.value for cell in units["B"]][1:], ["1-1-101", "1-1-102"]
        )
        self.assertEqual([cell.value for cell in units["F"]][1:], [89.5, 89.5])
        self.assertEqual(people["B2"].value, "=cmd")
        self.assertEqual(people["B2"].data_type, "s")
        self.assertEqual(people["E2"].value, "139****5678")

    @users("property_manager")
    def test_full_phones_are_for_the_confidential_group_and_logged(self):
        self.users["manager"].group_ids += self.env.ref(
            "property_base.group_property_confidential"
        )
        wizard = self.env["property.unit.export"].create({"unit_ids": self.home.ids})
        wizard.action_export()
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(wizard.file)))
        self.assertEqual(book.worksheets[1]["E2"].value, "13912345678")
        logged = self.env["property.disclosure.log"].search(
            [("partner_id", "=", self.owner.id), ("kind", "=", "export")]
        )
        self.assertEqual(logged.user_id, self.users["manager"])

    @users("property_reader")
    def test_the_household_as_of_a_day(self):
        self.home.occupancy_ids.date_end = "2026-03-31"
        self._occupy(self.home, self.neighbour, start="2026-04-01")
        wizard = self.env["property.unit.export"].create(
            {"unit_ids": self.home.ids, "date": "2026-03-31"}
        )
        wizard.action_export()
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(wizard.file)))
        self.assertEqual(book.worksheets[1]["B2"].value, "张三")


@tagged("post_install", "-at_install")
class TestRosterTemplate(HttpCase, PropertyCase):
    def test_the_template_can_be_imported(self):
        self.authenticate("property_frontdesk", "property_frontdesk")
        answer = self.url_open("/property/roster/template")
        self.assertEqual(answer.status_code, 200)
        sheet = roster.read_roster(workbook.read_rows(answer.content))
        self.assertEqual(len(sheet.rows), 1)
        self.assertFalse(sheet.rows[0].problems)
        self.assertEqual(set(sheet.columns), set(roster.HEADERS))

    def test_not_for_everybody(self):
        self.authenticate("property_cashier", "property_cashier")
        with mute_logger("odoo.http"):
            answer = self.url_open("/property/roster/template")
        self.assertNotEqual(answer.status_code, 200)

    def test_access_error_is_no_half_file(self):
        with self.assertRaises(AccessError):
            self.env["property.roster.import"].with_user(self.users["cashier"]).create(
                {"community_id": self.community.id, "file": "eA=="}
            )
