import doctest
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import dispatch
from . import test_sla_clock  # noqa: F401  (loads the profile of hypothesis)

KEYS = st.sets(st.integers(1, 4), max_size=3)


@st.composite
def crews(draw):
    size = draw(st.integers(1, 6))
    return [
        dispatch.Candidate(
            key=key,
            skills=draw(KEYS),
            on_duty=draw(st.booleans()),
            communities=draw(KEYS),
            buildings=draw(KEYS),
            load=draw(st.integers(0, 9)),
            limit=draw(st.sampled_from([0, 0, 6, 10])),
            last_sent=draw(st.integers(0, 9)),
        )
        for key in range(1, size + 1)
    ]


@st.composite
def jobs(draw):
    return dispatch.Job(
        skill=draw(st.none() | st.integers(1, 4)),
        community=draw(st.integers(1, 4)),
        building=draw(st.none() | st.integers(1, 4)),
        urgency=draw(st.sampled_from(sorted(dispatch.WEIGHTS))),
    )


@tagged("post_install", "-at_install")
class TestDispatchTool(BaseCase):
    def test_examples(self):
        result = doctest.testmod(dispatch)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    @given(crews(), jobs(), st.randoms())
    def test_same_state_same_suggestion(self, crew, job, rng):
        """In whatever order people come out of the database."""
        expected = dispatch.suggest(crew, job)
        shuffled = crew[:]
        rng.shuffle(shuffled)
        self.assertEqual(dispatch.suggest(shuffled, job), expected)

    @given(crews(), jobs())
    def test_everybody_is_proposed_or_has_a_reason(self, crew, job):
        proposed = {one.candidate.key for one in dispatch.suggest(crew, job)}
        for candidate in crew:
            why = dispatch.why_not(candidate, job)
            self.assertEqual(candidate.key in proposed, not why)
            if not why:
                self.assertTrue(candidate.on_duty)
                self.assertTrue(not job.skill or job.skill in candidate.skills)
                self.assertIn(job.community, candidate.communities or {job.community})

    @given(crews(), st.lists(jobs(), max_size=12))
    def test_no_limit_is_passed(self, crew, work):
        sent = dispatch.spread(crew, work)
        loads = {candidate.key: candidate.load for candidate in crew}
        for job, key in zip(work, sent, strict=True):
            if key:
                loads[key] += dispatch.WEIGHTS[job.urgency]
        for candidate in crew:
            if candidate.limit and loads[candidate.key] > candidate.load:
                self.assertLessEqual(loads[candidate.key], candidate.limit)

    @given(st.integers(1, 9), st.sampled_from(sorted(dispatch.WEIGHTS)))
    def test_two_hundred_equal_jobs_spread_evenly(self, size, urgency):
        crew = [
            dispatch.Candidate(
                key, {1}, True, set(), {70} if key % 2 else set(), 0, 0, 0
            )
            for key in range(1, size + 1)
        ]
        job = dispatch.Job(1, 7, 70, urgency)
        counts = Counter(dispatch.spread(crew, [job] * 200))
        self.assertEqual(len(counts), size)
        self.assertLessEqual(max(counts.values()) - min(counts.values()), 1)
