"""Texts in pieces have the fingerprints they have as a whole: identity 1 is frozen."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedarchive.identity import unicode_normalization as pieces
from feedarchive.identity.fingerprint import letters_and_digits
from feedarchive.identity.site import site_of_host

_MARKS = st.characters(categories=["Mn", "Mc", "Me"])


def as_a_whole(text: str) -> str:
    """The recipe of docs/archive-format.md, all at once."""
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
def test_pieces_have_the_letters_of_the_whole(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "_LONG", 50)
        assert letters_and_digits(text) == as_a_whole(text)


def test_a_hundred_thousand_marks_take_no_time() -> None:
    assert letters_and_digits("e" + "\u0323\u0301" * 100_000 + "x").endswith("x")


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("a." * 3000 + "example.co.uk", "example.co.uk"),
        ("a." * 3000 + "me.wordpress.com", "me.wordpress.com"),
        ("a." * 3000 + ".example.org", ""),
        ("a.." + "a." * 3000 + "example.org", ""),
        ("wordpress.com", "wordpress.com"),
    ],
)
def test_the_last_labels_of_a_host_tell_its_site(host: str, site: str) -> None:
    assert site_of_host(host) == site
