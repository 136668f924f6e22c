"""Hostile dates: parsing never raises and takes no longer than usual."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedarchive.document.dates import parse_date
from tests.harness.linear_time import cpu_seconds, takes_less

HOSTILE = {
    "digits": "1" * 100_000,
    "spaces": " " * 100_000,
    "spaces in a date": "Thu, 25 Dec 2025" + " " * 100_000 + "10:11:12",
    "letters": "a" * 100_000,
    "dashes": "2025-" * 20_000,
    "times": "10:" * 30_000,
    "parentheses": "Thu, 25 Dec 2025 10:11:12 GMT " + "(" * 100_000,
    "comment": "Thu, 25 Dec 2025 10:11:12 GMT (" + "a " * 50_000,
    "fraction": "2025-12-25T10:11:12." + "9" * 100_000 + "Z",
    "zone": "2025-12-25T10:11:12 " + "Z" * 100_000,
    "signs": "2025-12-25T10:11:12" + "+" * 100_000,
    "commas": "Thu" + "," * 100_000,
    "short, many ways to split": "a" * 9 + " " + "1" * 50,
    "short spaces": "2025-12-25 " + " GMT" * 13,
}


@cache
def usual_seconds() -> float:
    """The CPU seconds for 1,000 usual dates."""
    return cpu_seconds(lambda: [parse_date("Thu, 25 Dec 2025 10:11:12 GMT") for _ in range(1_000)])


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_date_is_rejected_quickly(raw: str) -> None:
    assert parse_date(raw) is None
    # 100 hostile dates may take as long as 10,000 usual dates.
    assert takes_less(lambda: [parse_date(raw) for _ in range(100)], 10 * usual_seconds())


@given(st.text(alphabet="0123456789-/.:,+ TZGMTDecEST()", max_size=70))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_parsing_never_raises(raw: str) -> None:
    parsed = parse_date(raw)
    assert parsed is None or 1900 <= parsed.year <= 2200
