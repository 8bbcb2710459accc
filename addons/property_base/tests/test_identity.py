import doctest
import re
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import estate, identity
from . import common  # noqa: F401 - registers the profile of the random cases


@tagged("post_install", "-at_install")
class TestIdentity(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(identity)
        self.assertGreater(result.attempted, 0)
        self.assertEqual(result.failed, 0)

    @given(
        st.dates(min_value=date(1900, 1, 1), max_value=date(2060, 12, 31)),
        st.integers(min_value=1, max_value=999),
    )
    def test_a_sound_number_is_never_suspected(self, born, serial):
        number = estate.identity_number(born, serial)
        self.assertIsNone(identity.check_identity(number), number)
        self.assertEqual(identity.birthdate(number), born)

    @given(
        st.dates(min_value=date(1900, 1, 1), max_value=date(2060, 12, 31)),
        st.integers(min_value=1, max_value=999),
        st.integers(min_value=0, max_value=17),
        st.sampled_from("0123456789"),
    )
    def test_one_wrong_digit_is_always_noticed(self, born, serial, place, digit):
        number = estate.identity_number(born, serial)
        wrong = number[:place] + digit + number[place + 1 :]
        if wrong != number:
            self.assertIsNotNone(identity.check_identity(wrong), wrong)

    @given(
        st.dates(min_value=date(1900, 1, 1), max_value=date(2060, 12, 31)),
        st.integers(min_value=1, max_value=999),
        st.integers(min_value=0, max_value=16),
    )
    def test_two_swapped_digits_are_noticed(self, born, serial, place):
        number = estate.identity_number(born, serial)
        chars = list(number)
        chars[place], chars[place + 1] = chars[place + 1], chars[place]
        wrong = "".join(chars)
        if wrong != number:
            self.assertIsNotNone(identity.check_identity(wrong), wrong)

    @given(st.from_regex(r"1[3-9]\d{9}", fullmatch=True))
    def test_the_mask_of_a_mobile_number(self, number):
        masked = identity.mask_phone(number)
        self.assertEqual(masked, f"{number[:3]}****{number[-4:]}")
        self.assertTrue(identity.is_masked(masked))

    @given(st.from_regex(r"[+]?[0-9][0-9 ()-]{0,18}", fullmatch=True))
    def test_a_mask_hides_enough_and_moves_nothing(self, number):
        masked = identity.mask_phone(number)
        self.assertEqual(len(masked), len(number))
        digits = len(re.findall(r"\d", number))
        hidden = masked.count("*")
        if digits >= 7:
            self.assertGreaterEqual(hidden, 4, masked)
        elif digits >= 2:
            self.assertGreaterEqual(hidden, digits - 1, masked)
        for before, after in zip(number, masked, strict=True):
            self.assertIn(after, (before, "*"))

    @given(st.text(max_size=40))
    def test_no_text_breaks_a_check_or_a_mask(self, written):
        self.assertIn(
            identity.check_identity(written), (None, *identity.IDENTITY_PROBLEMS)
        )
        self.assertIn(identity.check_phone(written), (None, *identity.PHONE_PROBLEMS))
        self.assertEqual(len(identity.mask_phone(written)), len(written))
        self.assertEqual(len(identity.mask_identity(written)), len(written))

    def test_the_demo_estate_has_sound_numbers(self):
        for row in estate.roster_rows(20, 4, 8, seed=3, delivered=date(2022, 6, 1))[1:]:
            self.assertIsNone(identity.check_phone(row.get("phone")), row)
            self.assertIsNone(identity.check_identity(row.get("identity_number")), row)
