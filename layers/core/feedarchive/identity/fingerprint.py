"""Fingerprints: short hashes of words, blind to markup, case and punctuation."""

from __future__ import annotations

import hashlib
import unicodedata

# Another version means another recipe: fingerprints of different versions cannot be compared.
FINGERPRINT_VERSION = 1


def letters_and_digits(text: str) -> str:
    """NFKC, case-folded, nothing but letters and digits: what a wording is made of."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(char for char in folded if char.isalnum())


def fingerprint(*texts: str) -> str:
    """``1:`` and 16 hex digits over the letters and digits of the texts."""
    digest = hashlib.sha256("\n".join(letters_and_digits(t) for t in texts).encode("utf-8", "replace"))
    return f"{FINGERPRINT_VERSION}:{digest.hexdigest()[:16]}"


def words_of(text: str) -> frozenset[str]:
    """The distinct words of a text, for comparing two of them loosely."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return frozenset("".join(c if c.isalnum() else " " for c in folded).split())


def share_of_common_words(one: frozenset[str], other: frozenset[str]) -> float:
    """Which part of the smaller set is in the other, 0.0 to 1.0; 0.0 if one is empty."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0
