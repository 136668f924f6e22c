"""Text that is normalized in chunks has the same fingerprint as the whole text, and takes linear time."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedarchive.identity import unicode_normalization
from feedarchive.identity.fingerprint import letters_and_digits

_MARKS = st.characters(categories=["Mn", "Mc", "Me"])


def unsplit(text: str) -> str:
    """Normalize the whole text at once, as docs/archive-format.md defines it."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(char for char in folded if char.isalnum())


@given(
    st.lists(st.one_of(st.text(max_size=20), st.text(_MARKS, min_size=60, max_size=90), st.just("x " * 40))).map(
        "".join
    )
)
@example("e" + "\u0323\u0301" * 100 + "\u0f73\u0344" * 100)
@example("\u1100\u1161\u11a8" * 100 + "カ\uff9e" * 60)
@example("\ufdfa中" * 90 + "\u0301" * 70)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_chunks_give_the_letters_of_the_unsplit_text(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unicode_normalization, "_MIN_CHUNK_CHARS", 50)
        assert letters_and_digits(text) == unsplit(text)


def test_a_hundred_thousand_marks_are_sorted_in_linear_time() -> None:
    assert letters_and_digits("e" + "\u0323\u0301" * 100_000 + "x").endswith("x")
