"""Guess the encoding of a document that declares no encoding or a wrong one.

Each encoding is tried with each language that is written in it. The pair of an encoding and a language has a high score
if the decoded letters are frequent in the language. The pair with the highest score wins.
"""

from __future__ import annotations

import re
from collections import Counter

from feedarchive.document.letter_likelihood import Place, count_places, multi_byte_likelihood, single_byte_likelihood

DEFAULT = "cp1252"
# Encodings with one byte for each character, and their languages. The most frequent encoding comes first.
_SINGLE_BYTE = {
    "cp1252": "en fr es pt de it ca nl da sv is et",
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
    "iso8859-15": "en fr es pt de it ca nl da sv is et",
    "mac-cyrillic": "ru uk bg",
    "cp866": "ru bg",
    "mac-roman": "en fr es pt de it da sv",
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
# The scores of all encodings except Windows-1252 are reduced by _ADVANTAGE. Otherwise, a few letters could decide for a
# rare encoding. The scores of encodings of DOS and Mac OS are also reduced by _DOS_OR_MAC_HANDICAP.
_ADVANTAGE = 12.0
_DOS_OR_MAC_HANDICAP = 20.0
# The declared encoding counts as wrong if the score of another encoding is higher by more than _MIN_GAIN, and by more
# than _MIN_GAIN_PER_BYTE for each byte that the two encodings decode differently.
_MIN_GAIN, _MIN_GAIN_PER_BYTE = 25.0, 0.3
_MIN_GAIN_OF_DOS_OR_MAC, _MIN_GAIN_PER_BYTE_OF_DOS_OR_MAC = 30.0, 1.0
_MIN_DIFFERENT_BYTES = 5
_TOLERANCE_BYTE = 0.5
_MAX_SAMPLE_BYTES = 48 * 1024
# Matches a word with bytes outside ASCII.
_PART = re.compile(rb"[^\s<>\"'&;=/]*[\x80-\xff][^\s<>\"'&;=/]*")


def detect_encoding(body: bytes) -> str:
    """Return the most probable encoding of a document that is neither ASCII nor UTF-8."""
    scores = _scores(_sample(body))
    return max(scores, key=lambda name: scores[name])


def refuted_by(body: bytes, declared: str) -> str:
    """Return the encoding that is much more probable than the declared encoding; "" if there is none."""
    sample = _sample(body)
    scores = _scores(sample)
    known = scores.get(declared)
    if known is None:
        return ""
    if _is_dos_or_mac(declared):
        known += _DOS_OR_MAC_HANDICAP
    best = max(scores, key=lambda name: scores[name])
    gain, different = scores[best] - known, _different_bytes(best, declared)
    count = sum(byte in different for byte in sample)
    min_gain, per_byte = _MIN_GAIN, _MIN_GAIN_PER_BYTE
    if _is_dos_or_mac(best):
        min_gain, per_byte = _MIN_GAIN_OF_DOS_OR_MAC, _MIN_GAIN_PER_BYTE_OF_DOS_OR_MAC
    is_clear = count >= _MIN_DIFFERENT_BYTES and gain > max(min_gain, per_byte * count)
    return best if is_clear and _is_as_good_for(different, sample, best, declared) else ""


def _different_bytes(one: str, other: str) -> frozenset[int]:
    high = range(0x80, 0x100)
    if _MULTI_BYTE.keys() & {one, other}:
        return frozenset(high)
    decoded = ((byte, bytes([byte])) for byte in high)
    return frozenset(number for number, byte in decoded if byte.decode(one, "replace") != byte.decode(other, "replace"))


def _is_as_good_for(different: frozenset[int], sample: bytes, best: str, declared: str) -> bool:
    """Check whether ``best`` fits the bytes in ``different`` better than ``declared``, or nearly as well.

    ``different``: the bytes that the two encodings decode differently.
    """
    if _MULTI_BYTE.keys() & {best, declared}:
        return True
    places = Counter({place: count for place, count in count_places(sample).items() if place.byte in different})
    return _likelihood(places, best) > _likelihood(places, declared) - _TOLERANCE_BYTE * places.total()


def _is_dos_or_mac(encoding: str) -> bool:
    return encoding.startswith(("cp8", "mac-", "cp1125")) and encoding != "cp874"


def _sample(body: bytes) -> bytes:
    """Return the words that have bytes outside ASCII. If there are too many, return a part of them."""
    parts = _PART.findall(body)
    length = sum(map(len, parts))
    if length > _MAX_SAMPLE_BYTES:
        parts = parts[:: length // _MAX_SAMPLE_BYTES + 1]
    return b" ".join(parts)[: 2 * _MAX_SAMPLE_BYTES]


def _scores(sample: bytes) -> dict[str, float]:
    places = count_places(sample)
    scores = {}
    for rank, encoding in enumerate(_SINGLE_BYTE):
        handicap = 0.0 if encoding == DEFAULT else _ADVANTAGE + (0 if encoding.startswith("cp125") else 2) + 0.1 * rank
        if _is_dos_or_mac(encoding):
            handicap += _DOS_OR_MAC_HANDICAP
        scores[encoding] = _likelihood(places, encoding) - handicap
    for encoding, language in _MULTI_BYTE.items():
        scores[encoding] = multi_byte_likelihood(sample, encoding, language) - _ADVANTAGE
    return scores


def _likelihood(places: Counter[Place], encoding: str) -> float:
    """Score an encoding with each of its languages, and return the highest score."""
    return max(single_byte_likelihood(places, encoding, language) for language in _SINGLE_BYTE[encoding].split())
