"""Divide a text into words and signs, so that two texts can be compared word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

BREAK = "\n"
"""The item in a list of words that separates two paragraphs."""

# A letter or digit (\w), or a mark that \w does not match, such as a vowel sign. No punctuation is in these ranges.
_LETTER = (
    r"(?:\w|[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    r"\u06d6-\u06ed\u0711-\u07f3\u0816-\u0963\u0966-\u0e3a\u0e40-\u0fff\u1000-\u1049\u1056-\u10fa\u135d-\u135f"
    r"\u1712-\u1734\u1780-\u17d3\u17dd\u180b-\u180d\u1885-\u1cff\u1dc0-\u1dff\u200c\u200d\ua66f-\ua6f1\ua802-\uabec])"
)
# Chinese, Japanese and Thai have no spaces between words, so each of their characters counts as a word. Marks that
# follow a character belong to it.
_CHARACTER = (
    r"[\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
    r"[\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u3099\u309a]*"
)
_SIGN = r"(?:[\U0001f1e6-\U0001f1ff]{2}|\S)(?:[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]|\u200d\S)*"
_LETTERS = f"(?:(?!{_CHARACTER}){_LETTER})+"
# These are one word each: "don't", "well-known", "3.14", "1,000", "12:30".
_WORD = re.compile(rf"(?P<word>{_CHARACTER}|{_LETTERS}(?:['’\-]{_LETTERS}|(?<=\d)[.,:](?=\d){_LETTERS})*)|{_SIGN}")


class Word(NamedTuple):
    """A word, a sign such as a comma, or BREAK.

    - ``spaced``: whether white space is before it.
    - ``is_word``: False for a sign and for BREAK.
    """

    text: str
    spaced: bool
    is_word: bool


_PARAGRAPH_END = Word(BREAK, spaced=False, is_word=False)


def words_of(paragraphs: Iterable[str]) -> list[Word]:
    """Return the words and signs of paragraphs, with BREAK between two paragraphs."""
    found: list[Word] = []
    for paragraph in paragraphs:
        if found:
            found.append(_PARAGRAPH_END)
        end = 0
        for match in _WORD.finditer(paragraph):
            found.append(Word(match.group(), match.start() > end, match.lastgroup == "word"))
            end = match.end()
    return found
