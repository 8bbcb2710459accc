"""Write names the way people type them: in characters, in pinyin, by initials.

Nothing here knows Odoo.
"""

import re
import unicodedata
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

MAX_SYLLABLES = 12
MAX_READINGS = 4
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003134f]")
_TOKENS = re.compile(
    r"[\u3400-\u9fff\U00020000-\U0003134f]|[^\W_]+?(?=[\u3400-\u9fff]|\b|_)"
)
# How names read these characters where a dictionary gives another reading first.
_NAME_READINGS = {
    "曾": "zeng",
    "单": "shan",
    "解": "xie",
    "仇": "qiu",
    "区": "ou",
    "查": "zha",
    "朴": "piao",
    "翟": "zhai",
    "盖": "ge",
    "乐": "yue",
    "茜": "xi",
    "行": "xing",
    "长": "chang",
    "重": "chong",
    "晟": "sheng",
    "种": "chong",
    "缪": "miao",
    "覃": "qin",
    "谌": "shen",
    "召": "shao",
    "员": "yun",
    "洗": "xian",
    "尉": "yu",
    "朝": "zhao",
    "柏": "bo",
    "薄": "bo",
    "藏": "zang",
    "折": "she",
    "隗": "wei",
    "郇": "xun",
    "郗": "chi",
    "佴": "nai",
    "黑": "he",
    "秘": "bi",
    "莘": "xin",
    "牟": "mu",
    "贲": "ben",
    "都": "du",
    "祭": "zhai",
    "句": "gou",
    "繁": "po",
    "娜": "nuo",
    "隽": "jun",
    "嬛": "xuan",
    "万": "mo",
    "卜": "bu",
    "厦": "xia",
    "焯": "zhuo",
    "车": "ju",
}


def fold(text):
    """Return a text in small letters without anything but letters and digits.

    >>> fold('买买提·艾力'), fold(' Zhang San '), fold('Ｓ１２'), fold('Ünal'), fold(None)
    ('买买提艾力', 'zhangsan', 's12', 'unal', '')
    """
    return re.sub(r"[\W_]+", "", _plain(text))


def _plain(text):
    """Return a text in small letters, without accents and full-width forms."""
    parts = unicodedata.normalize("NFKD", text or "")
    return "".join(char for char in parts if not unicodedata.combining(char)).casefold()


@lru_cache(maxsize=8192)
def readings(token):
    """Return how a character, or a run of letters and digits, is read, the usual first.

    >>> readings('张'), readings('单'), readings('john')
    (('zhang',), ('dan', 'shan'), ('john',))
    """
    if not _HAN.fullmatch(token):
        return (token,)
    usual = fold(lazy_pinyin(token, style=Style.NORMAL)[0])
    return tuple(dict.fromkeys([usual, _NAME_READINGS.get(token, usual)]))


def tokens(name):
    """Return the syllables of a name: single characters and whole Latin words.

    >>> tokens('张三丰'), tokens('John Smith'), tokens('58同城')
    (['张', '三', '丰'], ['john', 'smith'], ['58', '同', '城'])
    """
    return _TOKENS.findall(_plain(name))[:MAX_SYLLABLES]


def name_words(name):
    """Return every beginning from which somebody may type a name, without doubles.

    From each syllable on: the name itself, its pinyin, its initials and the initials
    with the two letters of zh, ch and sh.

    >>> name_words('张三')
    ['张三', '三', 'zhangsan', 'san', 'zs', 'zhs']
    >>> name_words('单娜')[:2], 'shanna' in name_words('单娜'), 'sn' in name_words('单娜')
    (['单娜', '娜'], True, True)
    >>> name_words('John Smith')
    ['johnsmith', 'smith', 'js']
    """
    parts = tokens(name)
    starts = range(len(parts))
    words = ["".join(parts[start:]) for start in starts]
    variants = _variants([readings(part) for part in parts])
    for variant in variants:
        words += ["".join(variant[start:]) for start in starts]
    for variant in variants:
        for cut in (_initial, _long_initial):
            letters = [cut(syllable) for syllable in variant]
            words += ["".join(letters[start:]) for start in starts[:-1]]
    return list(dict.fromkeys(words))


def _variants(choices):
    """Return the usual reading and those that differ from it in one syllable."""
    usual = [options[0] for options in choices]
    variants = [usual]
    for index, options in enumerate(choices):
        variants += [
            [*usual[:index], other, *usual[index + 1 :]] for other in options[1:]
        ]
    return variants[:MAX_READINGS]


def _initial(syllable):
    return syllable[:1]


def _long_initial(syllable):
    return syllable[:2] if syllable[:2] in ("zh", "ch", "sh") else syllable[:1]
