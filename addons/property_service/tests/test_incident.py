from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import PropertyServiceCase


class IncidentCase(PropertyServiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.other = cls.env["property.building"].create(
            [
                {"community_id": cls.community.id, "name": f"B{code}", "code": code}
                for code in ("1", "2")
            ]
        )
        cls.unit.building_id = cls.first
        cls.neighbour_unit.building_id = cls.other
        cls.no_water = cls.env.ref("property_service.problem_facility_pump_no_water")
        cls.lift = cls.env.ref("property_service.problem_facility_lift_noise")
        cls.now = fields.Datetime.now()

    @classmethod
    def _incident(cls, **vals):
        return (
            cls.env["property.incident"]
            .with_user(cls.frontdesk)
            .create(
                {
                    "name": "Water cut",
                    "community_id": cls.community.id,
                    "building_ids": [Command.set(cls.first.ids)],
                    "category_ids": [Command.set(cls.no_water.parent_id.ids)],
                    "message": "The main has burst; water is back at six.",
                    "date_from": cls.now - timedelta(hours=1),
                    **vals,
                }
            )
        )


@tagged("post_install", "-at_install")
class TestIncident(IncidentCase):
    def test_its_time_decides_the_state(self):
        self.assertEqual(self._incident().state, "running")
        coming = self._incident(date_from=self.now + timedelta(hours=2))
        self.assertEqual(coming.state, "planned")
        coming.date_from = self.now - timedelta(minutes=1)
        self.assertEqual(coming.state, "planned")
        self.env["property.incident"]._cron_follow()
        self.assertEqual(coming.state, "running")

    def test_the_calendar_shows_it_whatever_is_known_of_its_end(self):
        hour = timedelta(hours=1)
        incident = self._incident()
        self.assertEqual(incident.date_until, incident.date_from + hour)
        incident.date_expected = self.now + 5 * hour
        self.assertEqual(incident.date_until, self.now + 5 * hour)
        over = self._incident(
            date_expected=self.now, date_end=self.now - hour / 2, state="ended"
        )
        self.assertEqual(over.date_until, over.date_end)

    def test_an_archive_is_taken_over(self):
        over = self._incident(state="ended", date_end=self.now)
        self.assertEqual((over.state, over.hours), ("ended", 1))
        with self.assertRaisesRegex(UserError, "Say since when"):
            self._incident(state="ended")

    def test_the_community_counts_what_is_current(self):
        self._incident()
        self._incident(date_from=self.now + timedelta(days=1))
        self._incident(date_from=self.now + timedelta(days=30))
        community = self.community.with_user(self.frontdesk)
        self.assertEqual(community.incident_count, 2)
        action = community.action_view_incidents()
        self.assertEqual(action["domain"], [("community_id", "=", community.id)])

    def test_steps(self):
        incident = self._incident()
        incident.action_cancel()
        with self.assertRaisesRegex(UserError, "cannot become"):
            incident.action_start()
        with self.assertRaises(ValidationError):
            self._incident(
                building_ids=[
                    Command.set(
                        self.env["property.building"]
                        .create(
                            {
                                "community_id": self.second.id,
                                "name": "X",
                                "code": "X",
                            }
                        )
                        .ids
                    )
                ]
            )

    def test_what_lasts_too_long_is_asked_about_once(self):
        incident = self._incident(date_expected=self.now - timedelta(minutes=5))
        self.assertTrue(incident.is_overdue)
        for _run in range(2):
            self.env["property.incident"]._cron_follow()
        self.assertEqual(len(incident.activity_ids), 1)
        self.assertEqual(incident.activity_ids.user_id, self.frontdesk)

    def test_tickets_in_its_scope_are_proposed(self):
        incident = self._incident()
        inside = self._create_ticket(category_id=self.no_water.id)
        elsewhere = self._create_ticket(
            category_id=self.no_water.id, unit_id=self.neighbour_unit.id
        )
        another = self._create_ticket(category_id=self.lift.id)
        self.assertEqual(inside.incident_proposal_ids, incident)
        self.assertFalse((elsewhere | another).incident_proposal_ids)
        self.assertEqual(incident.proposed_count, 1)
        incident.action_link_tickets()
        self.assertEqual(incident.ticket_ids, inside)
        self.assertEqual((incident.ticket_count, incident.open_ticket_count), (1, 1))
        self.assertFalse(inside.incident_proposal_ids)

    def test_a_ticket_is_linked_from_its_own_form(self):
        incident = self._incident(building_ids=False)
        ticket = self._create_ticket(
            category_id=self.no_water.id, unit_id=self.neighbour_unit.id
        )
        ticket.action_link_incident()
        self.assertEqual(ticket.incident_id, incident)
        with self.assertRaisesRegex(ValidationError, "another community"):
            self._create_ticket(
                incident_id=self._incident(
                    community_id=self.second.id, building_ids=False
                ).id
            )

    def test_the_end_finishes_the_tickets_and_informs(self):
        incident = self._incident()
        fresh = self._create_ticket(category_id=self.no_water.id)
        begun = self._create_ticket(category_id=self.no_water.id)
        self._walk(begun, "accepted", "waiting")
        kept = self._create_ticket(category_id=self.no_water.id)
        (fresh | begun | kept).incident_id = incident
        fresh._add_reporter({"partner_id": self.wang.partner_id.id})
        wizard = (
            self.env["property.incident.end"]
            .with_user(self.frontdesk)
            .create({"incident_id": incident.id, "work_done": "Pipe replaced."})
        )
        self.assertEqual(wizard.ticket_ids, fresh | begun | kept)
        wizard.ticket_ids -= kept
        wizard.action_apply()
        self.assertEqual(incident.state, "ended")
        self.assertTrue(incident.date_end)
        self.assertEqual((fresh | begun).mapped("state"), ["done", "done"])
        self.assertEqual(kept.state, "new")
        self.assertEqual(fresh.result, "Pipe replaced.")
        told = self.env["property.ticket.notice"].search(
            [("ticket_id", "in", (fresh | begun | kept).ids), ("event", "=", "done")]
        )
        self.assertEqual(told.ticket_id, fresh | begun)
        said = fresh.message_ids.filtered(lambda one: "Pipe replaced." in one.body)
        self.assertEqual(said.partner_ids, self.wang.partner_id)
        with self.assertRaisesRegex(UserError, "not running"):
            wizard.action_apply()

    def test_it_does_not_end_before_it_began(self):
        wizard = self.env["property.incident.end"].create(
            {
                "incident_id": self._incident().id,
                "work_done": "x",
                "date_end": self.now - timedelta(days=1),
            }
        )
        with self.assertRaisesRegex(UserError, "after its beginning"):
            wizard.action_apply()
        wizard.work_done = " "
        with self.assertRaisesRegex(UserError, "Say what was found"):
            wizard.action_apply()

    def test_what_has_happened_stays(self):
        incident = self._incident()
        with self.assertRaisesRegex(UserError, "stays on record"):
            incident.with_user(self.admin).unlink()


@tagged("post_install", "-at_install")
class TestIncidentPortal(IncidentCase, HttpCase):
    """Owners read what concerns their homes, and nothing else."""

    def test_only_the_scope_reads_it(self):
        here = self._incident(name="Cut of building one")
        there = self._incident(
            name="Cut of building two", building_ids=[Command.set(self.other.ids)]
        )
        everywhere = self._incident(name="Cut of all", building_ids=False)
        called_off = self._incident(name="Called off")
        called_off.action_cancel()
        seen = self.env["property.incident"].with_user(self.zhang).search([])
        self.assertEqual(seen, here | everywhere)
        seen = self.env["property.incident"].with_user(self.wang).search([])
        self.assertEqual(seen, there | everywhere)
        coming = self._incident(
            name="Power off tomorrow", date_from=self.now + timedelta(days=1)
        )
        Incident = self.env["property.incident"].with_user(self.zhang)
        self.assertEqual(Incident._get_portal_notices(), here | everywhere | coming)
        self.assertEqual(Incident._get_portal_notices()[-1], coming)
        self.authenticate("svc_zhang", "svc_zhang")
        for url in ("/my/tickets", "/my/tickets/new", "/my/incidents"):
            page = self.url_open(url).text
            self.assertIn("Cut of building one", page, url)
            self.assertIn("water is back at six", page, url)
            self.assertIn("Cut of all", page, url)
            self.assertNotIn("Cut of building two", page, url)
            self.assertNotIn("Called off", page, url)

    def test_what_is_for_the_staff_stays_there(self):
        incident = self._incident(facility="Pump 2", message="<b>dry</b>")
        mine = incident.with_user(self.zhang)
        self.assertEqual(mine.message, "<b>dry</b>")
        for name in ("facility", "user_id", "ticket_ids"):
            with self.subTest(name), self.assertRaises(AccessError):
                mine.read([name])
        self.authenticate("svc_zhang", "svc_zhang")
        page = self.url_open("/my/incidents").text
        self.assertIn("&lt;b&gt;dry", page)
        self.assertNotIn("Pump 2", page)

    def test_nobody_without_a_session(self):
        self._incident()
        page = self.url_open("/my/incidents")
        self.assertIn("/web/login", page.url)
