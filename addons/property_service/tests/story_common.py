from contextlib import nullcontext
from datetime import timedelta

from freezegun import freeze_time
from odoo import Command
from odoo.tests import new_test_user

from .test_sla import SlaCase, local

STEP = timedelta(minutes=30)


class StoryCase(SlaCase):
    """The desk, a manager, three plumbers and a night man; time that only goes on.

    Before anything is done, the scheduled action runs, as it would have run meanwhile.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.crew = {
            name: cls._hire(name) for name in ("first", "second", "third", "night")
        }
        cls._ladder(
            cls.general,
            ("response", 0, 0, "manager", "activity"),
            ("resolution", -20, 0, "responsible", "activity"),
            ("resolution", 0, 0, "manager", "message"),
            ("resolution", 0, 60, "on_duty", "reassign"),
        )
        cls._ladder(
            cls.urgent,
            ("response", 0, 0, "on_duty", "message"),
            ("resolution", -50, 0, "responsible", "activity"),
        )
        cls._roster("night", "10-03 20:00", "10-04 08:00")
        cls._roster("third", "10-10 08:00", "10-10 20:00")
        cls.tickets = {}

    @classmethod
    def _hire(cls, name):
        """Return an engineer with all trades and a login of his own."""
        user = new_test_user(
            cls.env,
            login=f"svc_story_{name}",
            groups="property_base.group_property_engineer",
            lang="en_US",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        return cls.env["property.engineer"].create(
            {
                "user_id": user.id,
                "company_id": cls.company.id,
                "skill_ids": [
                    Command.set(cls.env["property.service.skill"].search([]).ids)
                ],
            }
        )

    @classmethod
    def _roster(cls, name, start, end):
        cls.env["property.duty.shift"].create(
            {
                "user_id": cls.crew[name].user_id.id,
                "company_id": cls.company.id,
                "community_ids": [Command.set(cls.community.ids)],
                "start": local(start),
                "end": local(end),
            }
        )

    # === TIME === #

    def setUp(self):
        super().setUp()
        self.now = local("09-28 08:00")
        freezer = freeze_time(self.now)
        self.clock = freezer.start()
        self.addCleanup(freezer.stop)

    def _at(self, text):
        """Let time pass until a moment of Shanghai, where it stands until the next."""
        until = local(text)
        self.assertGreaterEqual(until, self.now, "time only goes on")
        while self.now < until:
            self.now = min(self.now + STEP, until)
            self.clock.move_to(self.now)
            while self.env["property.escalation.event"]._escalate_chunk():
                pass
        return nullcontext()

    # === WHAT PEOPLE DO === #

    def _report(self, key, moment, user=None, **vals):
        """Report a ticket, as the front desk or a user."""
        with self._at(moment):
            self.tickets[key] = self._create_ticket(user=user, **vals).with_user(
                self.frontdesk
            )

    def _accept(self, key, moment):
        with self._at(moment):
            self.tickets[key].action_accept()

    def _order(self, key):
        """Return the visit at hand."""
        orders = self.tickets[key].order_ids.sorted("id")
        return orders.filtered("is_open")[-1:]

    def _send(self, key, moment, name):
        """The front desk sends somebody whom it finds among the suggestions."""
        with self._at(moment):
            ticket = self.tickets[key]
            order = ticket._ensure_orders()
            dialog = self.env["property.dispatch"].with_user(self.frontdesk)
            dialog = dialog.browse(order.action_dispatch()["res_id"])
            line = dialog.line_ids.filtered(
                lambda line: line.engineer_id == self.crew[name] and line.can_go
            )
            line.action_give()
            self.assertEqual(ticket.state, "dispatched")

    def _do(self, key, moment, name, *steps):
        """An engineer takes steps of his order: accept, arrive, or how it ended."""
        with self._at(moment):
            order = self._order(key).with_user(self.crew[name].user_id)
            for step in steps:
                if step in ("accept", "arrive"):
                    getattr(order, f"action_{step}")()
                else:
                    order.result = step
                    order.action_done()

    def _wait(self, key, moment, name, reason):
        """The engineer puts the ticket off."""
        with self._at(moment):
            self.tickets[key].with_user(self.crew[name].user_id).write(
                {"state": "waiting", "waiting_reason": reason}
            )
