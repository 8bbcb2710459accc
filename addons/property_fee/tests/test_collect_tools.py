import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import bank, match_score, matching, settle

FEN = st.integers(1, 100_000)
WAYS = (
    "{b}-{e}-{r}",
    "{b}-{e}-{r}物业费",
    "{b}#{e}-{r} 10月",
    "{b}栋{e}单元{r}",
    "{b}栋{e}单元{r}室物业费",
    "{b}幢{e}单元{r}房 张三",
    "{b}座{e}门{r}号",
    "{b}号楼{e}单元{r}",
    "阳光花园{b}栋{e}单元{r} 张三 物业费",
    "代交{b}/{e}/{r}",
    "{b} {e} {r}",
    "2026年10月{b}-{e}-{r}物业费223.75元",
    "2026-10 {b}-{e}-{r}",
    "电话13912345678 {b}-{e}-{r}",
)
UNITS = [
    (building, entrance, floor * 100 + door)
    for building in range(1, 13)
    for entrance in (1, 2, 3)
    for floor in (1, 2, 5, 11, 20)
    for door in (1, 2, 3)
]


def wide(text):
    """Return a text with full-width digits and letters, as phones type them."""
    return "".join(
        chr(ord(char) + 0xFEE0) if "!" <= char <= "~" and char != "#" else char
        for char in text
    )


@tagged("post_install", "-at_install")
class TestCollectTools(BaseCase):
    """How money is spread, and how memos name units, for random amounts and units."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.index = matching.HouseholdIndex(
            [
                matching.Household(
                    number, str(b), str(e), str(r), "home", "阳光花园", ("李四",)
                )
                for number, (b, e, r) in enumerate(UNITS)
            ]
            + [
                matching.Household(9001, "商铺", "", "S12", "shop"),
                matching.Household(9002, "地库", "", "P045", "parking"),
            ]
        )

    # === MONEY === #

    @given(st.lists(FEN, max_size=12), st.integers(0, 500_000))
    def test_nothing_is_lost(self, debts, money):
        shares, rest = settle.allocate(debts, money)
        self.assertEqual(sum(shares) + rest, money)
        for share, debt in zip(shares, debts, strict=True):
            self.assertTrue(0 <= share <= debt)
        if rest:
            self.assertEqual(shares, debts)

    @given(st.lists(FEN, min_size=1, max_size=8), st.lists(FEN, max_size=5))
    def test_parts_fill_the_lines(self, parts, payments):
        """Payments one after another fill each line of a bill exactly once."""
        paid, got = 0, [0] * len(parts)
        for payment in payments:
            payment = min(payment, sum(parts) - paid)
            shares = settle.spread(parts, paid, payment)
            self.assertEqual(sum(shares), payment)
            got = [one + share for one, share in zip(got, shares, strict=True)]
            paid += payment
        self.assertEqual(sum(got), paid)
        self.assertTrue(
            all(0 <= one <= part for one, part in zip(got, parts, strict=True))
        )

    @given(st.lists(FEN, min_size=1, max_size=8, unique=True), st.data())
    def test_combination(self, amounts, data):
        chosen = data.draw(st.sets(st.sampled_from(range(len(amounts))), min_size=1))
        target = sum(amounts[index] for index in chosen)
        found = settle.combination(amounts, target)
        self.assertEqual(sum(amounts[index] for index in found), target)
        self.assertEqual(len(found), len(set(found)))
        self.assertIsNone(settle.combination(amounts, sum(amounts) + 1))

    def test_combination_is_bounded(self):
        """A household with years of bills costs no more than its oldest ones."""
        amounts = [2 * 3**power for power in range(40)]
        self.assertIsNone(settle.combination(amounts, sum(amounts) - 1))
        self.assertEqual(settle.combination([100] * 60, 3000), list(range(30)))

    # === MEMOS === #

    @given(st.integers(0, len(UNITS) - 1), st.sampled_from(WAYS), st.booleans())
    def test_every_way_names_the_unit(self, number, way, is_wide):
        building, entrance, room = UNITS[number]
        memo = way.format(b=building, e=entrance, r=room)
        found = self.index.find(wide(memo) if is_wide else memo)
        self.assertEqual(set(found.named), {number}, memo)
        [best] = match_score.score(found, 100, {number: [100]})
        self.assertTrue(match_score.is_sure([best]))

    @given(st.integers(0, len(UNITS) - 1))
    def test_zeros_and_numerals(self, number):
        building, entrance, room = UNITS[number]
        digits = "零一二三四五六七八九"
        numerals = "".join(digits[int(digit)] for digit in str(room))
        for memo in (
            f"{building:02d}-{entrance:02d}-{room:04d}",
            f"{building}栋{entrance}单元{numerals}室",
        ):
            self.assertEqual(set(self.index.find(memo).named), {number}, memo)

    def test_shops_and_parking(self):
        for memo in ("S12租金", "商铺S12", "商铺12号", "s12"):
            self.assertEqual(set(self.index.find(memo).named), {9001}, memo)
        for memo in ("P045", "车位p45", "车位45号管理费", "P-045车位"):
            self.assertEqual(set(self.index.find(memo).named), {9002}, memo)

    @given(st.text("0123456789-年月日元 物业费", max_size=24))
    def test_only_what_is_written(self, memo):
        """A unit is named only where its numbers stand in the memo, one after another."""
        for number in self.index.find(memo).named:
            text = unicodedata.normalize("NFKC", memo)
            place = 0
            for part in UNITS[number]:
                place = text.find(str(part), place)
                self.assertGreaterEqual(place, 0, memo)

    def test_dates_amounts_and_phones_name_nothing(self):
        for memo in (
            "2026-10-101",
            "物业费1101.00元",
            "10-12月",
            "2026年1月1日",
            "订单20261101101",
            "1-1-9999",
            "电话0571-88886666",
        ):
            self.assertFalse(self.index.find(memo).named, memo)

    def test_two_units_are_not_sure(self):
        found = self.index.find("1-1-101和2-1-101物业费")
        self.assertEqual(len(found.named), 2)
        self.assertFalse(match_score.is_sure(match_score.score(found, 100, {})))

    def test_another_estate_is_not_sure(self):
        found = self.index.find("绿城小区1-1-101")
        self.assertTrue(found.elsewhere)
        self.assertFalse(match_score.is_sure(match_score.score(found, 100, {})))

    def test_companies_with_another_spelling(self):
        index = matching.HouseholdIndex(
            [
                matching.Household(
                    1, "1", "1", "101", people=("杭州翠湖餐饮管理有限公司",)
                ),
                matching.Household(
                    2, "1", "1", "102", people=("宁波东海物流有限公司",)
                ),
            ]
        )
        found = index.find("", "杭州翠湖餐饮管理有限责任公司")
        self.assertEqual(set(found.like_person), {1})
        self.assertFalse(index.find("", "温州某某贸易有限公司").households)

    # === EXPORTS === #

    @given(st.lists(st.integers(1, 3), min_size=1, max_size=8))
    def test_fingerprints(self, moves):
        """With balances, a line is known by its balance; without, equal lines count."""
        balance, with_balance, without = 100, [], []
        for amount in moves:
            balance += amount
            cells = {"date": "20261001", "income": amount, "memo": "a"}
            with_balance.append({**cells, "balance": balance})
            without.append(cells)
        for rows in (with_balance, without):
            twice = [bank.read_row(1, cells) for cells in rows]
            bank._add_fingerprints(twice)
            prints = [row.fingerprint for row in twice]
            self.assertEqual(len(set(prints)), len(rows))
            again = [bank.read_row(1, cells) for cells in rows]
            bank._add_fingerprints(again)
            self.assertEqual([row.fingerprint for row in again], prints)
