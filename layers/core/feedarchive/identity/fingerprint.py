"""Fingerprints: short hashes of words, blind to markup, case and punctuation."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator

from feedarchive.identity.normal_pieces import normal_pieces

# Another version means another recipe: fingerprints of different versions cannot be compared.
FINGERPRINT_VERSION = 1


def letters_and_digits(text: str) -> str:
    """NFKC, case-folded, nothing but letters and digits: what a wording is made of."""
    return "".join(_letters_and_digits(text))


def _letters_and_digits(text: str) -> Iterator[str]:
    """The same in pieces: some characters become eighteen, and a text of them is not to be in memory as a whole."""
    for piece in normal_pieces(text):
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", piece).casefold())
        yield "".join([char for char in folded if char.isalnum()])


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
    folded = "".join(unicodedata.normalize("NFKC", piece).casefold() for piece in normal_pieces(text))
    return frozenset("".join(c if c.isalnum() else " " for c in folded).split())


def share_of_common_words(one: frozenset[str], other: frozenset[str]) -> float:
    """Which part of the smaller set is in the other, 0.0 to 1.0; 0.0 if one is empty."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0
