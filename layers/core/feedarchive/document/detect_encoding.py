"""Guess the encoding of a document that declares none or a wrong one, from its bytes outside ASCII.

Each encoding is tried with each language that it can write, and the most probable pair wins: the logarithms of the
letters' probabilities are added. Windows-1252 has an advantage over all others, since a few letters prove nothing.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from feedarchive.document.language_letters import APOSTROPHES, LATIN, OTHER_SCRIPTS, QUOTES, SIGNS

DEFAULT = "cp1252"
# Single-byte encodings and their languages, the most frequent encoding first.
_SINGLE_BYTE = {
    "cp1252": "fr es pt de it ca nl da sv is et",
    "cp1250": "pl cs sk hu hr ro",
    "cp1251": "ru uk bg sr",
    "cp1253": "el",
    "cp1254": "tr",
    "cp1255": "he",
    "cp1256": "ar",
    "cp1257": "lt lv et",
    "cp1258": "vi",
    "cp874": "th",
    "koi8-u": "ru uk bg",
    "iso8859-2": "pl cs sk hu hr ro",
    "iso8859-5": "ru bg sr",
    "iso8859-6": "ar",
    "iso8859-7": "el",
    "iso8859-15": "fr",
    "mac-cyrillic": "ru uk bg",
    "cp866": "ru bg",
    "mac-roman": "fr es pt de it da sv",
    "cp850": "fr es pt de it da sv",
    "mac-latin2": "pl cs sk hu",
    "cp852": "pl cs sk hu",
    "iso8859-16": "pl hu ro",
    "iso8859-13": "lt lv",
    "mac-greek": "el",
    "mac-turkish": "tr",
    "cp857": "tr",
    "cp1125": "ru uk",
    "cp862": "he",
}
_MULTI_BYTE = {"gb18030": "zh", "big5hkscs": "zh-hant", "cp932": "ja", "euc_jp": "ja", "cp949": "ko"}
# Logarithms of probabilities.
_UNDEFINED = -25.0
_UNUSUAL = -9.0
_IN_THE_WRONG_PLACE = -12.0
_CAPITAL = math.log(0.06)
# As much as this, because some texts have a no-break space between all words.
_NO_BREAK_SPACE = math.log(0.4)
_ALONE = math.log(0.1)
_AT_THE_START = -4.0
_SIGN = math.log(0.15)
# By how much the logarithm for an encoding must exceed that for Windows-1252. For DOS and Mac OS, both numbers count.
_ADVANTAGE = 12.0
_DOS_OR_MAC_HANDICAP = 20.0
# By how much it must exceed the logarithm for the declared encoding: in total, and per byte decoded differently.
_REFUTES = 25.0
_REFUTES_BYTE = 0.3
# The same for encodings of DOS and Mac OS.
_REFUTES_BY_OLD_SYSTEMS = 60.0
_REFUTES_BYTE_BY_OLD_SYSTEMS = 1.0
_MIN_DIFFERENT = 5  # bytes
# This many bytes are enough to distinguish encodings.
_MAX_BYTES = 48 * 1024
_RUN = re.compile(rb"[A-Za-z]?[\x80-\xff]+(?=([A-Za-z]?))")
# Two bytes of one character may contain ASCII letters, but none of these.
_PART = re.compile(rb"[^\s<>\"'&;=/]*[\x80-\xff][^\s<>\"'&;=/]*")


class _Place(NamedTuple):
    """A byte outside ASCII. ``ascii``: next to an ASCII letter. ``high``: next to a byte outside ASCII. ``first``: at
    the start of its word.
    """

    byte: int
    ascii: bool
    high: bool
    first: bool


def detect_encoding(body: bytes) -> str:
    """Return the most probable encoding of a document with bytes outside ASCII that is not UTF-8."""
    scores = _scores(_sample(body))
    return max(scores, key=lambda name: scores[name])


def refuted_by(body: bytes, declared: str) -> str:
    """Return the encoding that is so much more probable than the declared one that the declaration is wrong, or ""."""
    sample = _sample(body)
    scores = _scores(sample)
    known = scores.get(declared)
    if known is None:
        return ""
    best = max(scores, key=lambda name: scores[name])
    gain, different = scores[best] - known, _different_bytes(sample, best, declared)
    in_all, each = _REFUTES, _REFUTES_BYTE
    if _is_dos_or_mac(best):
        in_all, each = _REFUTES_BY_OLD_SYSTEMS, _REFUTES_BYTE_BY_OLD_SYSTEMS
    is_clear = different >= _MIN_DIFFERENT and gain > max(in_all, each * different)
    return best if is_clear else ""


def _different_bytes(sample: bytes, one: str, other: str) -> int:
    """Return how many bytes outside ASCII mean different characters."""
    counts = Counter(byte for byte in sample if byte >= 0x80)
    if _MULTI_BYTE.keys() & {one, other}:
        return counts.total()
    return sum(
        count
        for byte, count in counts.items()
        if bytes([byte]).decode(one, "replace") != bytes([byte]).decode(other, "replace")
    )


def _is_dos_or_mac(encoding: str) -> bool:
    """Is it an encoding of DOS or Mac OS? Many of its letters are signs in other encodings, and the reverse."""
    return encoding.startswith(("cp8", "mac-", "cp1125")) and encoding != "cp874"


def _sample(body: bytes) -> bytes:
    """Return the words that have bytes outside ASCII, from the whole document if it is long."""
    parts = _PART.findall(body)
    length = sum(map(len, parts))
    if length > _MAX_BYTES:
        parts = parts[:: length // _MAX_BYTES + 1]
    return b" ".join(parts)[: 2 * _MAX_BYTES]


def _scores(sample: bytes) -> dict[str, float]:
    places = _places(sample)
    scores = {}
    for rank, (encoding, languages) in enumerate(_SINGLE_BYTE.items()):
        found = [_score(places, encoding, language) for language in languages.split()]
        handicap = 0.0 if encoding == DEFAULT else _ADVANTAGE + (0 if encoding.startswith("cp125") else 2) + 0.1 * rank
        if _is_dos_or_mac(encoding):
            handicap += _DOS_OR_MAC_HANDICAP
        scores[encoding] = max(found) - handicap
    for encoding, language in _MULTI_BYTE.items():
        scores[encoding] = _score_multi_byte(sample, encoding, language) - _ADVANTAGE
    return scores


def _places(sample: bytes) -> Counter[_Place]:
    places: Counter[_Place] = Counter()
    for run in _RUN.finditer(sample):
        found, after = run.group(), bool(run.group(1))
        before = found[0] < 0x80
        high = found[1:] if before else found
        last = len(high) - 1
        for index, byte in enumerate(high):
            next_to_ascii = (index == 0 and before) or (index == last and after)
            places[_Place(byte, next_to_ascii, last > 0, index == 0 and not before)] += 1
    return places


def _score(places: Counter[_Place], encoding: str, language: str) -> float:
    table = _table(encoding, language)
    is_latin = language in LATIN
    return sum(count * _in_place(*table[place.byte - 0x80], place, is_latin) for place, count in places.items())


def _in_place(logarithm: float, kind: str, place: _Place, is_latin: bool) -> float:
    """Adjust the logarithm of a byte's probability to the bytes beside it."""
    is_in_a_word = place.ascii or place.high
    if kind == "sign" and is_in_a_word:
        return _UNUSUAL
    if kind == "quote":
        return _UNUSUAL if place.ascii and place.high else logarithm
    if kind == "inner" and place.first and is_in_a_word:
        return logarithm + _AT_THE_START
    if kind == "letter" and not is_latin:
        return _IN_THE_WRONG_PLACE if place.ascii else logarithm + (0.0 if place.high else _ALONE)
    return logarithm


@lru_cache(maxsize=128)
def _table(encoding: str, language: str) -> tuple[tuple[float, str], ...]:
    """Return the probability of each byte from 0x80 on as a logarithm, and its kind: a letter, a sign …"""
    letters = LATIN.get(language) or OTHER_SCRIPTS[language]
    weights = {letter: 1 / (number + 2) for number, letter in enumerate(letters)}
    total = sum(weights.values())
    table = []
    for byte in range(0x80, 0x100):
        try:
            char = bytes([byte]).decode(encoding)
        except UnicodeDecodeError:
            table.append((_UNDEFINED, "undefined"))
            continue
        lower = char.lower() if len(char.lower()) == 1 else char
        if char in weights:
            table.append((math.log(weights[char] / total), "letter"))
        elif lower in weights:
            table.append((math.log(weights[lower] / total) + _CAPITAL, "letter"))
        elif char in SIGNS:
            rank = SIGNS.index(char)
            kind = "inner" if char in APOSTROPHES else "quote" if char in QUOTES else "sign"
            table.append((_NO_BREAK_SPACE if char == "\xa0" else _SIGN - math.log(rank + 2), kind))
        elif char < "\xa0":
            table.append((_UNDEFINED, "undefined"))
        else:
            table.append((_UNUSUAL if char.isalpha() else _IN_THE_WRONG_PLACE, "other"))
    return tuple(table)


def _score_multi_byte(sample: bytes, encoding: str, language: str) -> float:
    text = sample.decode(encoding, "replace")
    counts = Counter(char for char in text if char >= "\x80")
    return sum(count * _logarithm(char, language) for char, count in counts.items())


_PUNCTUATION = "，。、：「」（）！？；《》〈〉『』【】・ー“”‘’　…—～·％０１２３４５６７８９"
# The common characters of each language by the first byte of their code in a national standard, and how many these are.
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
    if "\uff61" <= char <= "\uff9f":  # half-width katakana are single bytes, so that most bytes are such letters
        return _UNUSUAL
    standard, first, last, number = _COMMON[language]
    try:
        code = char.encode(standard)
    except UnicodeEncodeError:
        code = b""
    if len(code) == 2 and first <= code[0] <= last:
        return math.log((0.3 if language == "ja" else 0.85) / number)
    return 2 * _UNUSUAL + (4.0 if len(code) == 2 else 0.0)
