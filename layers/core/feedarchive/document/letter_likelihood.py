"""Compute how probable the bytes outside ASCII of a text are in an encoding and a language.

All probabilities are given as their logarithms.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from feedarchive.document.language_letters import (
    APOSTROPHES,
    ENGLISH_SIGNS,
    LATIN,
    OTHER_SCRIPTS,
    QUOTES,
    RAISED_DIGITS,
    SIGNS,
    WORDS_OF_ONE_LETTER,
)

_UNDEFINED = -25.0
_UNUSUAL = -9.0
_IN_THE_WRONG_PLACE = -12.0
_CAPITAL = math.log(0.06)
# A no-break space is probable, because some texts have one between all words.
_NO_BREAK_SPACE = math.log(0.4)
_ALONE = math.log(0.1)
_NOT_A_WORD = math.log(0.08)
_AT_THE_START = -4.0
_SIGN = math.log(0.15)
_ENGLISH_SIGN = math.log(0.5)
# The share of letters among the characters outside ASCII in English texts; not a logarithm.
_ENGLISH_LETTERS = 0.15
# In Italian, nearly all letters with accents are the last letter of a word.
_ITALIAN_AT_THE_END = math.log(1.6)
_ITALIAN_ELSEWHERE = math.log(0.05)
_RUN = re.compile(rb"[A-Za-z]?[\x80-\xff]+(?=([A-Za-z]?))")


class Place(NamedTuple):
    """A byte outside ASCII, and its position in a word.

    - ``ascii``: the byte is next to an ASCII letter.
    - ``high``: the byte is next to another byte outside ASCII.
    - ``first``, ``last``: the byte is the first or the last byte of the word.
    """

    byte: int
    ascii: bool
    high: bool
    first: bool
    last: bool


def count_places(sample: bytes) -> Counter[Place]:
    """Count how often each byte outside ASCII occurs at each position in a word (``Place``)."""
    places: Counter[Place] = Counter()
    for run in _RUN.finditer(sample):
        found, after = run.group(), bool(run.group(1))
        before = found[0] < 0x80
        high = found[1:] if before else found
        last = len(high) - 1
        for index, byte in enumerate(high):
            is_first, is_last = index == 0 and not before, index == last and not after
            next_to_ascii = (index == 0 and before) or (index == last and after)
            places[Place(byte, next_to_ascii, last > 0, is_first, is_last)] += 1
    return places


def single_byte_likelihood(places: Counter[Place], encoding: str, language: str) -> float:
    """Return the logarithm of the probability of bytes in an encoding with one byte for each character."""
    table = _table(encoding, language)
    return sum(count * _in_place(*table[place.byte - 0x80], place, language) for place, count in places.items())


def _in_place(logarithm: float, kind: str, place: Place, language: str) -> float:
    """Adjust the probability of a character (its logarithm) to its position in a word."""
    is_in_a_word = place.ascii or place.high
    match kind:
        case "sign" if is_in_a_word:
            return _UNUSUAL
        case "quote":
            return _UNUSUAL if place.ascii and place.high else logarithm
        case "inner" if place.first and is_in_a_word:
            return logarithm + _AT_THE_START
        case "letter" if language == "it":
            return logarithm + (_ITALIAN_AT_THE_END if place.last else _ITALIAN_ELSEWHERE)
        case "letter" if language not in LATIN:
            return _IN_THE_WRONG_PLACE if place.ascii else logarithm + (0.0 if place.high else _ALONE)
        case "letter never alone" if not is_in_a_word:
            return logarithm + _NOT_A_WORD
    return logarithm


@lru_cache(maxsize=128)
def _table(encoding: str, language: str) -> tuple[tuple[float, str], ...]:
    """Return the logarithm of the probability and the kind of character for each byte from 0x80 to 0xFF.

    The kind "letter never alone" is for letters that are not words of the language by themselves.
    """
    letters = LATIN.get(language) or OTHER_SCRIPTS[language]
    weights = {letter: 1 / (number + 2) for number, letter in enumerate(letters)}
    total = sum(weights.values())
    share = _ENGLISH_LETTERS if language == "en" else 1.0
    # In the encodings of DOS, the byte 0x85 is "à", which is a word in some languages. But between spaces, this byte is
    # more likely the "…" of Windows-1252. So in the encodings of DOS, no single letter counts as a word.
    words = "" if encoding.startswith("cp8") else WORDS_OF_ONE_LETTER.get(language, "")
    signs = {sign: _SIGN - math.log(rank + 2) for rank, sign in enumerate(SIGNS)}
    if language == "en":
        signs |= {sign: _ENGLISH_SIGN - math.log(rank + 1) for rank, sign in enumerate(ENGLISH_SIGNS)}
    table = []
    for byte in range(0x80, 0x100):
        try:
            char = bytes([byte]).decode(encoding)
        except UnicodeDecodeError:
            table.append((_UNDEFINED, "undefined"))
            continue
        lower = char.lower() if len(char.lower()) == 1 else char
        if char in weights or lower in weights:
            capital = 0.0 if char in weights else _CAPITAL
            kind = "letter" if language in OTHER_SCRIPTS or lower in words else "letter never alone"
            weight = weights[char if char in weights else lower] / total
            table.append((math.log(weight * share) + capital, kind))
        elif char in signs:
            table.append((_NO_BREAK_SPACE if char == "\xa0" else signs[char], _kind_of_sign(char)))
        elif char < "\xa0":
            table.append((_UNDEFINED, "undefined"))
        else:
            table.append((_UNUSUAL if char.isalpha() else _IN_THE_WRONG_PLACE, "other"))
    return tuple(table)


def _kind_of_sign(sign: str) -> str:
    if sign in RAISED_DIGITS:
        return "digit"
    return "inner" if sign in APOSTROPHES else "quote" if sign in QUOTES else "sign"


def multi_byte_likelihood(sample: bytes, encoding: str, language: str) -> float:
    """Return the logarithm of the probability of bytes in an encoding with several bytes for each character."""
    text = sample.decode(encoding, "replace")
    counts = Counter(char for char in text if char >= "\x80")
    return sum(count * _logarithm(char, language) for char, count in counts.items())


_PUNCTUATION = "，。、：「」（）！？；《》〈〉『』【】・ー“”‘’　…—～·％０１２３４５６７８９"
# Some encodings have the common characters of a language in one block. For each language: the encoding, the first and
# the last lead byte of the block, and the number of characters in the block.
_COMMON = {
    "zh": ("gb2312", 0xB0, 0xD7, 3755),
    "zh-hant": ("big5", 0xA4, 0xC6, 5401),
    "ja": ("euc_jp", 0xB0, 0xCF, 2965),
    "ko": ("euc_kr", 0xB0, 0xC8, 2350),
}


@lru_cache(maxsize=4096)
def _logarithm(char: str, language: str) -> float:
    if char == "\ufffd":
        return 2 * _UNDEFINED
    if char in _PUNCTUATION:
        return math.log(0.1 / len(_PUNCTUATION))
    if language == "ja" and "\u3041" <= char <= "\u30fe":
        return math.log(0.55 / 170)
    # Half-width katakana are rare in texts, but cp932 decodes most single bytes outside ASCII as such characters.
    if "\uff61" <= char <= "\uff9f":
        return _UNUSUAL
    standard, first, last, number = _COMMON[language]
    try:
        code = char.encode(standard)
    except UnicodeEncodeError:
        code = b""
    if len(code) == 2 and first <= code[0] <= last:
        return math.log((0.3 if language == "ja" else 0.85) / number)
    return 2 * _UNUSUAL + (4.0 if len(code) == 2 else 0.0)
