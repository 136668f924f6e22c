"""Fingerprints of texts: short hashes that ignore case, punctuation and white space."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from feedarchive.identity.unicode_normalization import normalization_chunks

# Frequent characters of texts that are ASCII otherwise. None is a letter or digit, neither before nor after NFKC.
_PUNCTUATION = re.compile("[\u00a0\u2013\u2014\u2018\u2019\u201c\u201d\u2026]")
_NOT_LETTER_OR_DIGIT = bytes(byte for byte in range(128) if not chr(byte).isalnum())
# The version of a fingerprint says by which rules the text was chosen. Fingerprints of different versions cannot be
# compared. Version 2 is for an article whose text is not the one that the first releases would choose
# (article/choose_text.py).
FINGERPRINT_VERSION = 1


def letters_and_digits(text: str) -> str:
    """Only the letters and digits of a text, in NFKC and case-folded: the input of a fingerprint."""
    return "".join(_letters_and_digits(text))


def _letters_and_digits(text: str) -> Iterator[str]:
    """The result of ``letters_and_digits`` in chunks, to save memory: one character may become eighteen."""
    plain = text if text.isascii() else _PUNCTUATION.sub("", text)
    if plain.isascii():  # fast path for most texts: NFKC does not change ASCII
        yield plain.lower().encode().translate(None, _NOT_LETTER_OR_DIGIT).decode()
        return
    yield from map(_of_chunk, normalization_chunks(text))


# Cached because each text is needed twice: to choose the longest text of an entry, and for its wording.
@lru_cache(maxsize=4)
def _of_chunk(chunk: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", chunk).casefold())
    return "".join(filter(str.isalnum, folded))


def fingerprint(*texts: str, version: int = FINGERPRINT_VERSION) -> str:
    """Hash the letters and digits of some texts. Returns the version, a colon and 16 hex digits: ``1:3f9a2c1b0d…``."""
    digest = hashlib.sha256()
    for number, text in enumerate(texts):
        digest.update(b"\n" if number else b"")
        for chunk in _letters_and_digits(text):
            digest.update(chunk.encode("utf-8", "replace"))
    return f"{version}:{digest.hexdigest()[:16]}"


def words_of(text: str) -> frozenset[str]:
    """The set of a text's words, case-folded. It serves to compare texts that may have been edited."""
    folded = "".join(unicodedata.normalize("NFKC", chunk).casefold() for chunk in normalization_chunks(text))
    return frozenset("".join(c if c.isalnum() else " " for c in folded).split())


def word_overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the smaller set that is also in the other one, 0.0 to 1.0; 0.0 if one is empty."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0
