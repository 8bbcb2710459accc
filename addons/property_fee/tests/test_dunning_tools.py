import doctest
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import dunning, limitation

LEVELS = st.lists(
    st.builds(
        dunning.Level,
        days=st.integers(0, 300),
        months=st.integers(0, 6),
        amount=st.integers(0, 500),
    ),
    max_size=6,
).map(lambda levels: sorted(levels, key=lambda level: level.days))
FACTS = st.builds(
    dunning.Facts,
    days=st.integers(-5, 400),
    months=st.integers(0, 12),
    amount=st.integers(0, 1000),
)
DAYS = st.dates(date(2019, 1, 1), date(2032, 12, 31))
# Cutting supplies or the way home, as people write it.
THREATS = [
    "逾期将停水停电",
    "我司将停止向您户供水",
    "断电处理",
    "限制用电",
    "停气",
    "停暖",
    "切断水源供水",
    "停用您的门禁卡",
    "限制门禁通行",
    "禁止进入小区",
    "电梯卡将被停用，停梯",
    "We will shut off the electricity",
    "Your water supply will be cut.",
    "your access card is blocked: access blocked",
    "<p>We will <b>cut off</b> power</p>",
]
LAWFUL = [
    "请于七日内缴纳物业费，逾期将依法提起诉讼",
    "水电公摊费 23.50 元尚未缴纳",
    "您的费用用于电梯、供水设备、门禁系统的正常运行",
    "停车费请一并缴纳",
    "请不要断绝联系",
    "Your fees keep lifts, gas heating and access control running.",
    "Stop by the office to pay; water is billed separately.",
]


@tagged("post_install", "-at_install")
class TestDunningTools(BaseCase):
    def test_examples(self):
        for module in (dunning, limitation):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted, module.__name__)
            self.assertFalse(result.failed, module.__name__)

    def test_threats_are_found(self):
        for text in THREATS:
            self.assertTrue(dunning.find_threat(text), text)

    def test_lawful_words_are_not(self):
        for text in LAWFUL:
            self.assertFalse(dunning.find_threat(text), text)

    @given(LEVELS, FACTS, st.integers(0, 6), st.none() | st.integers(0, 5))
    def test_step_by_step_never_skips(self, levels, facts, floor, last):
        place = dunning.choose(levels, facts, floor, last, step_by_step=True)
        if place is not None:
            self.assertLess(place, len(levels))
            self.assertLessEqual(place, -1 + 1 if last is None else last + 1)

    @given(LEVELS, FACTS, st.integers(0, 60), st.integers(0, 3))
    def test_more_debt_is_no_milder(self, levels, facts, days, months):
        worse = facts._replace(days=facts.days + days, months=facts.months + months)
        before = dunning.choose(levels, facts)
        after = dunning.choose(levels, worse)
        if before is not None:
            self.assertGreaterEqual(after, before)

    @given(LEVELS, FACTS)
    def test_chosen_is_reached_and_highest(self, levels, facts):
        place = dunning.choose(levels, facts)
        reached = [
            number
            for number, level in enumerate(levels)
            if dunning.is_reached(level, facts)
        ]
        self.assertEqual(place, max(reached, default=None))
        if facts.amount <= 0:
            self.assertIsNone(place)

    @given(DAYS, st.lists(DAYS, max_size=6), st.lists(DAYS, max_size=3))
    def test_limitation(self, due, restarts, more):
        last = limitation.lapse_date(due, restarts)
        self.assertGreaterEqual(last, limitation.add_years(due, 3))
        # More reminders never shorten it; those after the end never help.
        self.assertGreaterEqual(limitation.lapse_date(due, restarts + more), last)
        late = [last + timedelta(days=1)]
        self.assertEqual(limitation.lapse_date(due, restarts + late), last)
        if restarts and max(restarts) > due and last > limitation.add_years(due, 3):
            self.assertIn(
                last, {limitation.add_years(day, 3) for day in restarts if day > due}
            )
