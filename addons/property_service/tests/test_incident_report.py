from datetime import date, datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .test_incident import IncidentCase


@tagged("post_install", "-at_install")
class TestIncidentReport(IncidentCase):
    """How long incidents lasted, whom they concerned, and how many called about them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # 103 stands in no building; 104 is a parking space, 105 not handed over yet.
        cls.units.handover_date = "2022-01-01"
        cls.env["property.unit"].create(
            [
                {
                    "name": name,
                    "code": name,
                    "community_id": cls.community.id,
                    "building_id": cls.first.id,
                    "unit_type": unit_type,
                    "handover_date": handover,
                }
                for name, unit_type, handover in (
                    ("104", "parking", "2022-01-01"),
                    ("105", "home", False),
                    ("106", "shop", "2026-10-05"),
                )
            ]
        )

    def _rows(self, *incidents, user=None):
        self.env.flush_all()
        report = self.env["property.incident.report"].with_user(user or self.manager)
        return report.browse(incident.id for incident in incidents)

    def _past(self, hours, expected, **vals):
        start = datetime(2026, 10, 3, 2)
        return self._incident(
            date_from=start,
            date_expected=start + timedelta(hours=expected),
            date_end=start + timedelta(hours=hours),
            state="ended",
            **vals,
        )

    def test_how_long_it_lasted(self):
        longer, shorter = self._past(5.5, 4), self._past(1, 4)
        running = self._incident(date_expected=self.now + timedelta(hours=1))
        self.assertRecordValues(
            self._rows(longer, shorter, running),
            [
                {"state": "ended", "hours": 5.5, "hours_over": 1.5, "counted": 1},
                {"state": "ended", "hours": 1, "hours_over": 0, "counted": 1},
                {"state": "running", "hours": 0, "hours_over": 0, "counted": 1},
            ],
        )
        # What goes on is no zero in the average.
        [(hours, over)] = self._rows()._read_group(
            [("incident_id", "in", (longer | shorter | running).ids)],
            [],
            ["hours:avg", "hours_over:avg"],
        )
        self.assertEqual((hours, over), (3.25, 0.75))

    def test_only_what_has_happened(self):
        coming = self._incident(date_from=self.now + timedelta(days=1))
        called_off = self._incident()
        called_off.action_cancel()
        found = self._rows().search([("community_id", "=", self.community.id)])
        self.assertFalse(found.incident_id & (coming | called_off))

    def test_who_called(self):
        incident = self._incident()
        vals = {"incident_id": incident.id, "category_id": self.no_water.id}
        first, again = self._create_ticket(**vals), self._create_ticket(**vals)
        other = self._create_ticket(unit_id=self.neighbour_unit.id, **vals)
        self._create_ticket(unit_id=False, community_id=self.community.id, **vals)
        self._create_ticket(category_id=self.no_water.id)
        first._add_reporter({"unit_id": self.neighbour_unit.id})
        other._add_reporter({"unit_id": self.empty_unit.id})
        again.write({"state": "cancelled", "close_reason": "Same matter"})
        self.assertRecordValues(
            self._rows(incident), [{"tickets": 3, "calls": 6, "callers": 3}]
        )
        self.assertRecordValues(
            self._rows(self._incident()), [{"tickets": 0, "calls": 0, "callers": 0}]
        )

    def test_whom_it_concerned(self):
        cases = (
            ({}, 1),
            (
                {
                    "date_from": datetime(2026, 10, 6),
                    "date_expected": False,
                    "date_end": self.now,
                },
                2,
            ),
            ({"unit_ids": [Command.set((self.unit | self.empty_unit).ids)]}, 2),
            ({"building_ids": False, "unit_ids": self.empty_unit.ids}, 1),
            ({"building_ids": False}, 3),
        )
        for vals, count in cases:
            with self.subTest(vals=vals):
                incident = self._past(1, 1)
                incident.write(vals)
                self.assertEqual(self._rows(incident).households, count)

    def test_under_each_of_its_categories(self):
        incident = self._past(2, 2)
        incident.category_ids = self.no_water.parent_id | self.lift
        rows = dict(
            self._rows()._read_group(
                [("incident_id", "=", incident.id)], ["category_ids"], ["hours:avg"]
            )
        )
        self.assertEqual(rows, {self.no_water.parent_id: 2, self.lift: 2})

    def test_who_reads_it(self):
        mine = self._past(1, 1)
        foreign = self.env["property.incident"].create(
            {
                "name": "Elsewhere",
                "community_id": self.foreign.id,
                "message": "x",
                "date_from": fields.Datetime.now() - timedelta(hours=1),
            }
        )
        self.env.flush_all()
        found = self._rows(user=self.cashier).search([])
        self.assertIn(mine.id, found.ids)
        self.assertNotIn(foreign.id, found.ids)
        self.manager.property_community_ids = self.second
        self.assertNotIn(mine.id, self._rows().search([]).ids)
        with self.assertRaises(AccessError):
            self._rows(user=self.zhang).search([])
        action = found.browse(mine.id).action_view_incident()
        self.assertEqual((action["res_model"], action["res_id"]), (mine._name, mine.id))

    def test_queries_do_not_depend_on_their_number(self):
        def look():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._rows().search([]).read(["incident_id", "calls", "households"])
            return self.env.cr.sql_log_count - before

        self._past(1, 1)
        look()
        few = look()
        for _number in range(5):
            self._past(1, 1)
        self.assertEqual(look(), few)

    def test_in_the_monthly_report(self):
        before = self._past(1, 1)
        before.date_from = datetime(2026, 9, 30, 15, 59)  # a minute before October
        october = self._past(30, 4)
        wizard = (
            self.env["property.service.monthly"]
            .with_user(self.manager)
            .create({"month": date(2026, 10, 1)})
        )
        self.env.flush_all()
        self.assertEqual(wizard._get_incidents().incident_id, october)
        tables, _charts = wizard._get_workbook()
        [table] = [table for table in tables if table.name == "Incidents"]
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "property_service.report_service_monthly", wizard.ids
        )
        self.assertIn(b"10-03 10:00", html)
        [row] = table.rows
        self.assertEqual(
            row[2:],
            ["B1", datetime(2026, 10, 3, 10), 30, 0, 0, 0, 1],
        )
