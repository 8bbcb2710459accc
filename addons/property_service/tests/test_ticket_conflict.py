from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import PropertyServiceCase


@tagged("post_install", "-at_install")
class TestTicketConflict(PropertyServiceCase):
    """Two agents have the same ticket open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._create_ticket(description="Drips")

    def _save(self, user, vals, **seen):
        return self.ticket.with_user(user).web_save(
            {**vals, "property_seen": seen}, {"id": {}}
        )

    def test_what_was_not_touched_is_saved(self):
        self._save(self.frontdesk, {"description": "Drips fast"}, description="Drips")
        self.assertEqual(self.ticket.description, "Drips fast")

    def test_different_fields_both_stay(self):
        self._save(self.frontdesk, {"description": "Drips fast"}, description="Drips")
        self._save(
            self.manager, {"subject": "Tap in the bath"}, subject="Kitchen tap drips"
        )
        self.assertRecordValues(
            self.ticket, [{"description": "Drips fast", "subject": "Tap in the bath"}]
        )

    def test_the_second_does_not_overwrite_the_first(self):
        self._save(self.frontdesk, {"description": "Drips fast"}, description="Drips")
        with self.assertRaisesRegex(UserError, "Description: Drips fast") as caught:
            self._save(self.manager, {"description": "Stopped"}, description="Drips")
        self.assertIn("svc_frontdesk", caught.exception.args[0])
        self.assertIn(self.ticket.name, caught.exception.args[0])
        self.assertEqual(self.ticket.description, "Drips fast")

    def test_fields_of_every_type(self):
        values = {
            "user_id": (False, self.engineer.id, self.security.id),
            "urgency": (self.ticket.urgency, "emergency", "non_urgent"),
            "appointment_at": (False, "2026-11-30 08:00:00", "2026-12-01 08:00:00"),
            "category_id": (
                self.problem.id,
                self.emergency.id,
                self.env.ref("property_service.problem_home_door_lock").id,
            ),
        }
        for name, (old, first, second) in values.items():
            with self.subTest(name):
                self._save(self.frontdesk, {name: first}, **{name: old})
                # Written again by somebody who has seen it.
                self._save(self.frontdesk, {name: first}, **{name: first})
                with self.assertRaisesRegex(UserError, "while you had it open"):
                    self._save(self.manager, {name: second}, **{name: old})

    def test_the_same_change_twice_is_none(self):
        self._save(self.frontdesk, {"description": "Drips fast"}, description="Drips")
        self._save(self.manager, {"description": "Drips fast"}, description="Drips")
        self.assertEqual(self.ticket.description, "Drips fast")

    def test_a_masked_number_is_no_conflict(self):
        self.assertEqual(
            self.ticket.with_user(self.manager).read(["phone"])[0]["phone"],
            "138****0001",
        )
        self._save(self.manager, {"phone": "0571-1"}, phone="138****0001")
        self.assertEqual(self.ticket.phone, "0571-1")

    def test_a_step_that_a_colleague_took(self):
        wizards = [
            self.env["property.ticket.step"]
            .with_user(user)
            .create({"ticket_ids": self.ticket.ids, "state": "done", "note": note})
            for user, note in ((self.frontdesk, "Washer"), (self.manager, "Nothing"))
        ]
        self.ticket.with_user(self.frontdesk).action_accept()
        wizards[0].action_apply()
        with self.assertRaisesRegex(UserError, "has already set"):
            wizards[1].action_apply()
        self.assertEqual(self.ticket.result, "Washer")


@tagged("post_install", "-at_install")
class TestTicketConflictTour(PropertyServiceCase, HttpCase):
    def test_in_the_form(self):
        ticket = self._create_ticket(description="Drips")
        with mute_logger("odoo.http"):
            self.start_tour(
                f"/odoo/property-tickets/{ticket.id}",
                "property_ticket_conflict",
                login="svc_frontdesk",
            )
        self.env.invalidate_all()
        self.assertRecordValues(
            ticket,
            [{"subject": "Tap in the bath", "description": "Stopped by itself"}],
        )
