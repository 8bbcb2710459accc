import doctest
import re
import string

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import caller, pinyin

NUMERALS = "零一二三四五六七八九"
NAMES = st.text("王李张刘陈单曾三丰娜强伟重长乐", min_size=1, max_size=4)


def like(pattern, text):
    """Tell whether a text is LIKE a pattern, as PostgreSQL would."""
    parts = (
        ".*" if char == "%" else "." if char == "_" else re.escape(char)
        for char in pattern
    )
    return bool(re.fullmatch("".join(parts), text, re.DOTALL))


def chinese(number):
    """Write a number from 1 to 99 the Chinese way."""
    tens, ones = divmod(number, 10)
    if not tens:
        return NUMERALS[ones]
    return (
        (NUMERALS[tens] if tens > 1 else "") + "十" + (NUMERALS[ones] if ones else "")
    )


def wide(text):
    """Write ASCII in full-width forms."""
    return "".join(
        chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text
    )


@tagged("post_install", "-at_install")
class TestCallerTools(BaseCase):
    def test_doctests(self):
        for module in (caller, pinyin):
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertGreater(result.attempted, 0)
                self.assertEqual(result.failed, 0)

    @given(
        st.integers(1, 99), st.integers(1, 9), st.integers(1, 50), st.integers(1, 30)
    )
    def test_a_home_is_understood_however_it_is_said(
        self, building, entrance, floor, door
    ):
        room = f"{floor}{door:02d}"
        key = caller.room_key(room, str(building), str(entrance))
        for said in (
            f"{building}-{entrance}-{room}",
            f"{building:02d}-{entrance:02d}-{room}",
            f"{building}栋{entrance}单元{room}室",
            f"{building}号楼{entrance}单元{room}",
            f"{building}#{entrance}-{room}",
            f"{building} {entrance} {room}",
            f"{chinese(building)}栋{chinese(entrance)}单元{room}室",
            f"翠湖花园{building}栋{entrance}单元{room}",
            f"{building}栋{room}",
            f"{building}-{room}",
            f"{building}#{room}",
            f"{entrance}单元{room}",
            f"{room}室",
            wide(f"{building}-{entrance}-{room}"),
        ):
            guesses = caller.understand(said).units
            self.assertTrue(
                any(like(guess.room_pattern, key) for guess in guesses),
                f"{said}: {guesses}",
            )

    @given(
        st.integers(1, 99),
        st.integers(1, 9),
        st.integers(101, 3999),
        st.integers(1, 99),
    )
    def test_another_home_is_not_meant(self, building, entrance, room, other):
        said = caller.understand(f"{building}栋{entrance}单元{room}室").units[0]
        key = caller.room_key(str(room), str(building + other), str(entrance))
        self.assertFalse(like(said.room_pattern, key))

    @given(st.text(max_size=80))
    def test_no_text_breaks_the_search(self, text):
        said = caller.understand(text)
        self.assertFalse(set("%_\\") & set(said.code + said.name + said.plate))
        self.assertTrue(set(said.phone) <= set(string.digits + "*"))
        for guess in said.units:
            self.assertFalse(
                set("%_\\") & set(guess.room + guess.building + guess.entrance)
            )

    @given(st.integers(1, 99))
    def test_numerals(self, number):
        self.assertEqual(caller.numeral(chinese(number)), str(number))

    @given(
        st.integers(13_000_000_000, 19_999_999_999),
        st.integers(0, 8),
        st.integers(3, 11),
    )
    def test_any_three_digits_of_a_phone_are_enough(self, number, start, length):
        piece = str(number)[start : start + length]
        key = caller.person_key("张三", f"+86 {str(number)[:3]}-{str(number)[3:]}")
        if len(piece) >= caller.MIN_PHONE:
            self.assertIn(caller.understand(piece).phone, key)
        else:
            self.assertEqual(caller.understand(piece).phone, "")

    @given(NAMES, st.integers(0, 3))
    def test_a_name_is_found_from_each_of_its_syllables(self, name, start):
        key = caller.person_key(name)
        rest = name[start:]
        if rest:
            syllables = [pinyin.readings(char)[0] for char in rest]
            for typed in (rest, "".join(syllables)):
                self.assertIn(f" {caller.understand(typed).name}", key)
            if len(rest) > 1:
                initials = "".join(syllable[0] for syllable in syllables)
                self.assertIn(f" {caller.understand(initials).name} ", key)

    def test_names_read_as_names(self):
        for name, typed in (
            ("曾国藩", "zengguo"),
            ("单田芳", "shantian"),
            ("解晓东", "xxd"),
            ("欧阳娜娜", "oynn"),
            ("乐嘉", "yuejia"),
            ("John Smith", "smith"),
            ("买买提·艾力", "买买提艾力"),
            ("张三丰", "zhsf"),
        ):
            self.assertIn(f" {caller.understand(typed).name}", caller.person_key(name))
