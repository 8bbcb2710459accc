import io
from datetime import date
from unittest.mock import patch

import psycopg2
from freezegun import freeze_time
from lxml import html
from odoo import Command, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileWriter

from ..models import ir_actions_report
from .common import PropertyCase


class PinnedTester(models.Model):
    """A record that follows the complaint procedure; exists in tests only."""

    # Of no module: it must not get into the registry by being imported.
    _module = None
    _name = "test.procedure.pinned"
    _description = "Test Record That Follows a Procedure"
    _inherit = ["property.procedure.pinned.mixin"]
    _procedure_code = "TEST-1"

    name = fields.Char()
    community_id = fields.Many2one("property.community")


class ProcedureCase(PropertyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk, cls.manager = cls.users["frontdesk"], cls.users["manager"]
        cls.procedure = cls.env["property.procedure"].create(
            {"code": "TEST-1", "name": "Fire drill"}
        )

    @classmethod
    def _draft(cls, procedure=None, **values):
        return (
            cls.env["property.procedure.version"]
            .with_user(cls.desk)
            .create(
                {
                    "procedure_id": (procedure or cls.procedure).id,
                    "change_note": "As drilled last year",
                    "step_ids": [
                        Command.create({"name": "Sound the alarm", "sequence": 10}),
                        Command.create({"name": "Count heads", "sequence": 20}),
                    ],
                    **values,
                }
            )
        )

    def _approved(self, **values):
        version = self._draft(**values)
        version.action_approval_submit()
        version.with_user(self.manager).action_approval_approve()
        return version


@tagged("post_install", "-at_install")
class TestProcedure(ProcedureCase):
    def test_approval_puts_in_force_and_supersedes(self):
        with freeze_time("2026-10-15"):
            first = self._approved()
        self.assertRecordValues(
            first,
            [
                {
                    "number": 1,
                    "status": "in_force",
                    "date_in_force": date(2026, 10, 15),
                }
            ],
        )
        self.assertEqual(self.procedure.version_id, first)
        action = self.procedure.with_user(self.desk).action_new_version()
        second = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(second.number, 2)
        self.assertEqual(second.status, "draft")
        self.assertEqual(
            second.step_ids.mapped("name"), ["Sound the alarm", "Count heads"]
        )
        self.assertEqual(self.procedure.draft_count, 1)
        again = self.procedure.with_user(self.desk).action_new_version()
        self.assertEqual(again["res_id"], second.id, "one draft, not two")
        second = second.with_user(self.desk)
        with self.assertRaisesRegex(UserError, "change note"):
            second.action_approval_submit()
        second.change_note = "Roll call by floor"
        with freeze_time("2026-11-20"):
            second.action_approval_submit()
            second.with_user(self.manager).action_approval_approve()
        self.assertEqual(self.procedure.version_id, second)
        self.assertRecordValues(
            first,
            [{"status": "superseded", "date_superseded": date(2026, 11, 20)}],
        )

    def test_effective_later(self):
        with freeze_time("2026-10-15"):
            first = self._approved()
            second = self._approved(date_effective="2027-01-01")
        self.assertEqual(second.status, "scheduled")
        self.assertEqual(self.procedure.version_id, first)
        cron = self.env.ref("property_base.ir_cron_procedure_in_force")
        for day, expected in (("2026-12-31", first), ("2027-01-01", second)):
            with freeze_time(day), self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.assertEqual(self.procedure.version_id, expected, day)
        self.assertEqual(first.status, "superseded")
        self.assertEqual(second.date_in_force, date(2027, 1, 1))

    def test_two_versions_due_on_the_same_day(self):
        second = self._draft(date_effective="2027-01-01")
        third = self._draft(date_effective="2027-01-01")
        for version in (second, third):
            version.action_approval_submit()
            version.with_user(self.manager).action_approval_approve()
        (second | third)._put_in_force(date(2027, 1, 1))
        self.assertEqual(third.status, "in_force")
        self.assertEqual(second.status, "superseded")

    def test_one_in_force_is_a_fact_of_the_database(self):
        self._approved()
        other = self._draft()
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            other.sudo().in_force = True
            self.env.flush_all()

    def test_code_is_unique_in_its_company(self):
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.env["property.procedure"].create({"code": "TEST-1", "name": "x"})
        self.env["property.procedure"].create(
            {"code": "TEST-1", "name": "x", "company_id": self.env.company.id}
        )

    def test_approved_version_never_changes(self):
        version = self._approved()
        for user in (self.desk, self.users["hq"]):
            mine = version.with_user(user)
            for values in (
                {"scope": "x"},
                {"number": 9},
                {"change_note": "x"},
                {"date_effective": "2030-01-01"},
                {"step_ids": [Command.create({"name": "x"})]},
            ):
                with self.assertRaises(UserError):
                    mine.write(values)
            with self.assertRaises(UserError):
                mine.update_field_translations("scope", {"en_US": "x"})
            step = mine.step_ids[0]
            for change in (
                lambda step=step: step.write({"name": "x"}),
                lambda step=step: step.unlink(),
                lambda step=step: step.update_field_translations(
                    "name", {"en_US": "x"}
                ),
                lambda mine=mine: mine.step_ids.create(
                    {"version_id": mine.id, "name": "x"}
                ),
                lambda mine=mine: mine.unlink(),
            ):
                with self.assertRaises(UserError):
                    change()
            for values in (
                {"in_force": False},
                {"date_superseded": "2026-01-01"},
                {"approval_state": "draft"},
            ):
                with self.assertRaises(AccessError):
                    mine.write(values)
        self.assertEqual(version.step_ids[0].name, "Sound the alarm")

    def test_nothing_is_put_in_force_by_creating_it(self):
        version = self._draft(in_force=True, date_in_force="2026-01-01")
        self.assertFalse(version.in_force)
        self.assertFalse(self.procedure.version_id)
        with self.assertRaises(AccessError):
            self._draft(approval_state="approved")

    def test_submission_needs_steps(self):
        empty = self._draft(step_ids=[])
        with self.assertRaisesRegex(UserError, "no steps"):
            empty.action_approval_submit()

    def test_readers_read_only(self):
        version = self._approved()
        engineer = self.users["engineer"]
        self.assertEqual(
            self.procedure.with_user(engineer).step_ids.mapped("name"),
            version.step_ids.mapped("name"),
        )
        with self.assertRaises(AccessError):
            self.procedure.with_user(engineer).name = "x"
        with self.assertRaises(AccessError):
            self.procedure.with_user(engineer).action_new_version()
        with self.assertRaises(AccessError):
            version.with_user(self.portal_user).read()

    def test_form_as_the_front_desk(self):
        with Form(self.env["property.procedure.version"].with_user(self.desk)) as form:
            form.procedure_id = self.procedure
            with form.step_ids.new() as step:
                step.name = "Assemble at the gate"
                step.time_limit = 5
                step.time_unit = "minute"
        version = form.record
        self.assertEqual(version.step_ids.time_text, "5 minute(s)")
        self.assertTrue(version.can_submit)

    def test_seed(self):
        seeded = self.env["property.procedure"].search([("code", "=like", "SOP-%")])
        self.assertEqual(len(seeded), 28)
        worked_out = seeded.filtered("version_id")
        self.assertGreaterEqual(len(worked_out), 12)
        for procedure in seeded:
            self.assertTrue(procedure.purpose)
            self.assertTrue(procedure.role_id)
        for procedure in worked_out:
            self.assertIn(len(procedure.step_ids), range(4, 9), procedure.code)
            for step in procedure.step_ids:
                self.assertTrue(step.record and step.role_id, step.name)


@tagged("post_install", "-at_install")
class TestProcedurePinned(ProcedureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        from odoo.orm.model_classes import add_to_registry  # noqa: PLC0415

        name = PinnedTester._name
        add_to_registry(cls.registry, PinnedTester)
        cls.registry._setup_models__(cls.env.cr, [name])
        cls.registry.init_models(cls.env.cr, [name], {"module": "property_base"})
        cls.addClassCleanup(cls._remove_tester, name)
        cls.env["ir.model.access"].create(
            {
                "name": "test pinned",
                "model_id": cls.env["ir.model"]._get_id(name),
                "group_id": cls.env.ref("property_base.group_property_user").id,
                "perm_read": True,
                "perm_write": True,
                "perm_create": True,
                "perm_unlink": True,
            }
        )

    @classmethod
    def _remove_tester(cls, name):
        del cls.registry[name]
        cls.registry._setup_models__(cls.env.cr)

    def _records(self, number=1, **values):
        return (
            self.env["test.procedure.pinned"]
            .with_user(self.desk)
            .create([{"name": str(n), **values} for n in range(number)])
        )

    def test_records_keep_their_version(self):
        before = self._records()
        self.assertFalse(before.procedure_version_id)
        first = self._approved()
        record = self._records()
        self.assertEqual(record.procedure_version_id, first)
        second = self._approved()
        self.assertEqual(record.procedure_version_id, first)
        self.assertEqual(self._records().procedure_version_id, second)
        self.assertEqual(record.copy().procedure_version_id, second)
        with self.assertRaises(UserError):
            record.procedure_version_id = second
        chosen = self._records(procedure_version_id=first.id)
        self.assertEqual(chosen.procedure_version_id, second, "not the caller's choice")

    def test_own_procedure_of_the_company_goes_first(self):
        general = self._approved()
        own = self.env["property.procedure"].create(
            {
                "code": "TEST-1",
                "name": "Fire drill of ours",
                "company_id": self.community.company_id.id,
            }
        )
        self.assertEqual(self._records().procedure_version_id, general)
        version = self._approved(procedure=own)
        self.assertEqual(
            self._records(community_id=self.community.id).procedure_version_id, version
        )

    def test_many_records_ask_once(self):
        self._approved()
        self._records()
        with self.assertQueryCount(30):
            self._records(1)
        with self.assertQueryCount(30):
            self._records(200)


@tagged("post_install", "-at_install")
class TestProcedurePrint(ProcedureCase):
    def test_handbook_html(self):
        self.procedure.purpose = "Everybody gets out"
        self._approved()
        procedures = self.env["property.procedure"].with_user(self.users["engineer"])
        report = self.env["ir.actions.report"].with_user(self.users["engineer"])
        content = report._render_qweb_html(
            ir_actions_report.HANDBOOK, procedures.search([]).ids
        )[0].decode()
        for text in ("Sound the alarm", "Everybody gets out", "Contents"):
            self.assertIn(text, content)
        self.assertIn("Procedures in Preparation", content)
        one = procedures.search([("version_id", "=", False)], limit=1)
        content = report._render_qweb_html(ir_actions_report.HANDBOOK, one.ids)[0]
        self.assertIn("not laid down yet", content.decode())

    def test_contents_name_the_page(self):
        """What the first rendering tells of the pages stands in the contents of the second."""
        Procedure = self.env["property.procedure"]
        procedures = Procedure.search([("version_id", "!=", False)], limit=2)
        procedures |= self.procedure
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        blank, rendered = io.BytesIO(), []
        writer = PdfFileWriter()
        writer.addBlankPage(595, 842)
        writer.write(blank)

        def run(_report, bodies, **_options):
            rendered.append("".join(bodies))
            return blank.getvalue()

        with (
            patch.object(type(report), "_run_wkhtmltopdf", run),
            patch.object(
                type(report),
                "_property_heading_pages",
                lambda _report, _pdf: [3, 4, 61],
            ),
        ):
            report._render_qweb_pdf(ir_actions_report.HANDBOOK, procedures.ids)
        self.assertEqual(len(rendered), 2)
        self.assertNotIn("61", self._last_cells(rendered[0]))
        self.assertEqual(self._last_cells(rendered[1]), ["3", "4", "61"])

    @staticmethod
    def _last_cells(body):
        """Return the last cell of each row of the contents."""
        rows = html.fromstring(body).xpath("//table[.//a]/tbody/tr")
        return [row.xpath("string(td[last()])").strip() for row in rows]

    def test_page_of_each_heading(self):
        report = self.env["ir.actions.report"]
        if report.get_wkhtmltopdf_state() == "install":
            self.skipTest("wkhtmltopdf is not there")
        heading = "<h2 style='page-break-before: always'>%s</h2><h3>detail</h3>"
        body = "<html><body><p>cover</p>%s</body></html>" % "".join(
            heading % name for name in ("one", "two", "three")
        )
        pdf = io.BytesIO(report._run_wkhtmltopdf([body]))
        self.assertEqual(report._property_heading_pages(pdf), [2, 3, 4])
