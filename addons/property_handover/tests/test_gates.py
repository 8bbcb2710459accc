import doctest

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from odoo.addons.property_base.tests import common  # noqa: F401  loads the profile
from odoo.addons.property_handover.tools import gates

MILESTONES = st.lists(
    st.builds(
        gates.Milestone,
        name=st.text(max_size=3),
        stage=st.sampled_from(gates.STAGES),
        done=st.booleans(),
    ),
    max_size=12,
)
DOCUMENTS = st.lists(
    st.builds(
        gates.Document,
        name=st.text(max_size=3),
        missing=st.booleans(),
        claimed=st.booleans(),
    ),
    max_size=8,
)
STATES = st.sampled_from(gates.STATES)


@tagged("post_install", "-at_install")
class TestGates(BaseCase):
    def test_doctests(self):
        self.assertEqual(doctest.testmod(gates).failed, 0)

    @given(STATES, MILESTONES, DOCUMENTS, st.integers(0, 3))
    def test_finished_project_passes_every_gate(self, state, milestones, documents, _n):
        done = [gates.Milestone(m.name, m.stage, True) for m in milestones]
        here = [gates.Document(d.name, False) for d in documents]
        self.assertFalse(gates.obstacles(state, done, here, 0))

    @given(MILESTONES, DOCUMENTS, st.integers(0, 3))
    def test_milestones_of_an_earlier_gate_bind_the_later_ones(
        self, milestones, documents, tickets
    ):
        for earlier, later in zip(gates.STATES, gates.STATES[1:], strict=False):
            before = gates.obstacles(earlier, milestones, documents, tickets)
            after = gates.obstacles(later, milestones, documents, tickets)
            self.assertLessEqual(set(before.milestones), set(after.milestones))

    @given(STATES, MILESTONES, DOCUMENTS, st.integers(0, 3))
    def test_doing_something_never_closes_a_gate(
        self, state, milestones, documents, tickets
    ):
        before = gates.obstacles(state, milestones, documents, tickets)
        for index, milestone in enumerate(milestones):
            done = gates.Milestone(milestone.name, milestone.stage, True)
            changed = [*milestones[:index], done, *milestones[index + 1 :]]
            after = gates.obstacles(state, changed, documents, tickets)
            self.assertLessEqual(len(after.milestones), len(before.milestones))
            self.assertEqual(after.documents, before.documents)

    @given(st.integers(0, 500), st.integers(0, 500))
    def test_progress_is_full_only_at_the_end(self, done, more):
        total = done + more
        share = gates.progress(done, total)
        self.assertTrue(0 <= share <= 100)
        self.assertEqual(share == 100, more == 0 and total > 0)
