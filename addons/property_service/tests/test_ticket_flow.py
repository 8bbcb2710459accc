from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.fields import Datetime
from odoo.tests import Form, tagged

from .common import PropertyServiceCase


@tagged("post_install", "-at_install")
class TestTicketFlow(PropertyServiceCase):
    def _take_step(self, action, **values):
        """Fill in the dialog that an action opened, and apply it."""
        wizard = self.env["property.ticket.step"].with_user(self.frontdesk)
        with Form(wizard.with_context(**action["context"])) as form:
            for name, value in values.items():
                form[name] = value
        form.record.action_apply()

    def test_story_of_a_repair(self):
        """Called in, sent out, waits for a part, done, not solved, done, agreed."""
        with freeze_time("2026-11-02 01:00:00"):
            ticket = self._create_ticket()
        with freeze_time("2026-11-02 01:05:00"):
            ticket.action_accept()
        self._take_step(ticket.action_dispatch(), user_id=self.engineer)
        self.assertRecordValues(
            ticket, [{"state": "dispatched", "user_id": self.engineer.id}]
        )
        mine = ticket.with_user(self.engineer)
        mine.action_start()
        self._take_step(ticket.action_wait(), waiting_reason="parts", note="Valve")
        self.assertEqual(ticket.waiting_reason, "parts")
        self.assertIn("Valve", ticket.message_ids[0].body)
        self.assertTrue(
            ticket._is_chat(ticket.message_ids[0]), "the household reads it"
        )
        mine.action_start()
        self.assertFalse(ticket.waiting_reason)
        with self.assertRaisesRegex(UserError, "Fill in Result"):
            self._take_step(ticket.action_done(), note=" ")
        with freeze_time("2026-11-03 03:00:00"):
            self._take_step(ticket.action_done(), note="Valve replaced")
        self.assertEqual(ticket.result, "Valve replaced")
        self.assertEqual(ticket.done_at, Datetime.to_datetime("2026-11-03 03:00:00"))
        self._take_step(ticket.action_reopen(), note="Drips again")
        said = ticket.message_ids.filtered(lambda one: "Drips again" in one.body)
        self.assertFalse(ticket._is_chat(said), "for the colleagues")
        self.assertRecordValues(
            ticket,
            [
                {
                    "state": "accepted",
                    "reopened_count": 1,
                    "done_at": False,
                    "accepted_at": Datetime.to_datetime("2026-11-02 01:05:00"),
                }
            ],
        )
        self._take_step(ticket.action_done(), note="Seat ground")
        ticket.action_confirm()
        ticket.action_close()
        self.assertTrue(ticket.closed_at)
        self.assertFalse(ticket.is_open)

    def test_forbidden_steps_are_named(self):
        ticket = self._create_ticket()
        with self.assertRaisesRegex(UserError, "is New and cannot become Done"):
            ticket.write({"state": "done", "result": "Nothing"})
        self._walk(ticket, "cancelled")
        with self.assertRaisesRegex(UserError, "cannot become Accepted"):
            ticket.action_accept()

    def test_steps_ask_for_what_they_need(self):
        ticket = self._create_ticket()
        ticket.action_accept()
        for state, label in (
            ("done", "Result"),
            ("waiting", "Waiting Reason"),
            ("dispatched", "Responsible"),
            ("rejected", "Reason of Refusal"),
            ("cancelled", "Reason of Refusal"),
        ):
            with self.assertRaisesRegex(UserError, f"Fill in {label}"):
                ticket.write({"state": state})
        self.assertEqual(ticket.state, "accepted")

    def test_refusal_and_second_thought(self):
        ticket = self._create_ticket()
        self._take_step(ticket.action_reject(), note="Belongs to the water company")
        self.assertEqual(ticket.close_reason, "Belongs to the water company")
        self._take_step(ticket.action_reopen(), note="The pipe is ours after all")
        self.assertRecordValues(
            ticket, [{"state": "accepted", "close_reason": False, "closed_at": False}]
        )
        self.assertTrue(ticket.accepted_at)

    def test_many_at_once_all_or_nothing(self):
        tickets = self._create_ticket() | self._create_ticket()
        self._walk(tickets[0], "accepted", "done")
        with self.assertRaises(UserError), self.cr.savepoint():
            tickets.action_close()
        self.assertEqual(tickets.mapped("state"), ["done", "new"])
        more = self._create_ticket() | tickets[1]
        more.action_accept()
        self.assertEqual(set(more.mapped("state")), {"accepted"})

    def test_same_state_again_changes_nothing(self):
        ticket = self._create_ticket()
        ticket.action_accept()
        accepted_at = ticket.accepted_at
        ticket.action_accept()
        self.assertEqual(ticket.accepted_at, accepted_at)
        self.assertEqual(ticket.reopened_count, 0)

    def test_later_states_only_from_an_archive(self):
        with self.assertRaisesRegex(UserError, "begins as new or accepted"):
            self._create_ticket(state="closed")
        self.assertEqual(self._create_ticket(state="accepted").state, "accepted")
        old = self._create_ticket(self.admin, state="closed", result="Old paper file")
        self.assertEqual(old.state, "closed")

    def test_dispatch_without_question_when_responsible_is_known(self):
        ticket = self._create_ticket(user_id=self.engineer.id)
        ticket.action_accept()
        ticket.action_dispatch()
        self.assertEqual(ticket.state, "dispatched")
