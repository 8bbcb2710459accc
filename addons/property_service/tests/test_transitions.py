import doctest

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from odoo.addons.property_service.tools import transitions

STATES = st.sampled_from(sorted(transitions.TRANSITIONS))


@tagged("post_install", "-at_install")
class TestTransitions(BaseCase):
    def test_doctests(self):
        self.assertEqual(doctest.testmod(transitions).failed, 0)

    def test_table_is_closed(self):
        """Every step leads to a state that the table knows."""
        for state, following in transitions.TRANSITIONS.items():
            self.assertNotIn(state, following)
            self.assertLessEqual(set(following), set(transitions.TRANSITIONS))

    def test_every_state_is_reached_and_can_end(self):
        for state in transitions.TRANSITIONS:
            self.assertIsNotNone(transitions.route("new", state), state)
            self.assertTrue(
                any(
                    transitions.route(state, end) is not None
                    for end in transitions.ENDED_STATES
                ),
                state,
            )

    @settings(max_examples=200, deadline=None)
    @given(st.lists(STATES, max_size=30))
    def test_any_history_keeps_its_dates_in_order(self, wishes):
        """Whatever is clicked, dates stand for the state that the ticket is in."""
        state, dates, reopened = "new", {}, 0
        for now, wish in enumerate(wishes, start=1):
            if not transitions.is_allowed(state, wish):
                continue
            reopened += transitions.is_reopening(state, wish)
            dates.update(transitions.stamps(state, wish, now, dates.get("accepted_at")))
            state = wish
        accepted, done = dates.get("accepted_at"), dates.get("done_at")
        closed = dates.get("closed_at")
        self.assertEqual(bool(closed), state in transitions.ENDED_STATES)
        if state in transitions.OPEN_STATES:
            self.assertFalse(done)
        if state in ("accepted", "dispatched", "in_progress", "waiting", "done"):
            self.assertTrue(accepted)
        if done:
            self.assertLessEqual(accepted, done)
        if done and closed:
            self.assertLessEqual(done, closed)
        self.assertGreaterEqual(reopened, 0)

    @settings(deadline=None)
    @given(STATES, STATES)
    def test_route_steps_are_allowed(self, old, new):
        path = transitions.route(old, new)
        for step in path or ():
            self.assertTrue(transitions.is_allowed(old, step))
            old = step
        if path is not None:
            self.assertEqual(old, new)
