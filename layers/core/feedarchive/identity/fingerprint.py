"""Fingerprints: short hashes of words, blind to markup, case and punctuation."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from feedarchive.identity.unicode_normalization import normalization_chunks

# What stands in texts that are ASCII otherwise. None of these is a letter or digit, nor becomes one.
_PUNCTUATION = re.compile("[\u00a0\u2013\u2014\u2018\u2019\u201c\u201d\u2026]")
_NO_LETTER_OR_DIGIT = bytes(byte for byte in range(128) if not chr(byte).isalnum())
# Another version means another recipe: fingerprints of different versions cannot be compared.
FINGERPRINT_VERSION = 1


def letters_and_digits(text: str) -> str:
    """NFKC, case-folded, nothing but letters and digits: what a wording is made of."""
    return "".join(_letters_and_digits(text))


def _letters_and_digits(text: str) -> Iterator[str]:
    """The same in pieces: some characters become eighteen, and a text of them is not to be in memory as a whole."""
    plain = _PUNCTUATION.sub("", text)
    if plain.isascii():  # most texts: NFKC changes nothing in them, and all else of theirs is dropped
        yield plain.lower().encode().translate(None, _NO_LETTER_OR_DIGIT).decode()
        return
    yield from map(_of_piece, normalization_chunks(text))


# A text is asked for twice: to choose the richest one, and for its wording.
@lru_cache(maxsize=4)
def _of_piece(piece: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", piece).casefold())
    return "".join(filter(str.isalnum, folded))


def fingerprint(*texts: str) -> str:
    """``1:`` and 16 hex digits over the letters and digits of the texts."""
    digest = hashlib.sha256()
    for number, text in enumerate(texts):
        digest.update(b"\n" if number else b"")
        for piece in _letters_and_digits(text):
            digest.update(piece.encode("utf-8", "replace"))
    return f"{FINGERPRINT_VERSION}:{digest.hexdigest()[:16]}"


def words_of(text: str) -> frozenset[str]:
    """The distinct words of a text, for comparing two of them loosely."""
    folded = "".join(unicodedata.normalize("NFKC", piece).casefold() for piece in normalization_chunks(text))
    return frozenset("".join(c if c.isalnum() else " " for c in folded).split())


def word_overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Which part of the smaller set is in the other, 0.0 to 1.0; 0.0 if one is empty."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0
