import psycopg2
from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestTicketConcurrency(BaseCase):
    """Two agents save the same ticket at the same instant, each in his own session."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = self._env(cr)
            community = env["property.community"].create(
                {"name": "Two Agents", "code": "TWOAGENTS"}
            )
            ticket = env["property.ticket"].create(
                {
                    "community_id": community.id,
                    "subject": "Drips",
                    "description": "Since Monday",
                    "state": "accepted",
                }
            )
            self.community_id, self.ticket_id = community.id, ticket.id
        self.addCleanup(self._clean)

    def _env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    def _clean(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM property_ticket WHERE id = %s", [self.ticket_id])
            env = self._env(cr)
            env["property.community"].browse(self.community_id).unlink()

    def _ticket(self, cr):
        return self._env(cr)["property.ticket"].browse(self.ticket_id)

    def _clash(self, first_act, second_act):
        """Let both act on what they saw; the second, as a request does, tries again."""
        with self.registry.cursor() as one, self.registry.cursor() as two:
            first, second = self._ticket(one), self._ticket(two)
            self.assertEqual(first.state, second.state)
            first_act(first)
            first.env.flush_all()
            one.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.SerializationFailure),
            ):
                second_act(second)
                second.env.flush_all()
            two.rollback()
            second.env.transaction.reset()
            try:
                second_act(second)
                second.env.flush_all()
                two.commit()
                return None
            except UserError as error:
                two.rollback()
                return error.args[0]

    def _read(self, *names):
        with self.registry.cursor() as cr:
            return self._ticket(cr).read(names)[0]

    def test_one_state_wins_and_the_other_agent_is_told(self):
        message = self._clash(
            lambda ticket: ticket.write({"state": "done", "result": "Washer replaced"}),
            lambda ticket: ticket.write(
                {"state": "waiting", "waiting_reason": "parts"}
            ),
        )
        self.assertIn("cannot become", message)
        now = self._read("state", "result", "waiting_reason")
        self.assertEqual((now["state"], now["result"]), ("done", "Washer replaced"))
        self.assertFalse(now["waiting_reason"])

    def _save(self, **vals):
        seen = {"description": "Since Monday", "subject": "Drips"}
        return lambda ticket: ticket.web_save(
            {**vals, "property_seen": {name: seen[name] for name in vals}}, {"id": {}}
        )

    def test_two_descriptions(self):
        message = self._clash(
            self._save(description="Since Monday, in the bath"),
            self._save(description="Since Sunday"),
        )
        self.assertIn("Since Monday, in the bath", message)
        self.assertEqual(
            self._read("description")["description"], "Since Monday, in the bath"
        )

    def test_two_different_fields_both_stay(self):
        message = self._clash(
            self._save(description="Since Monday, in the bath"),
            self._save(subject="Tap drips"),
        )
        self.assertIsNone(message)
        now = self._read("description", "subject")
        self.assertEqual(
            (now["description"], now["subject"]),
            ("Since Monday, in the bath", "Tap drips"),
        )
