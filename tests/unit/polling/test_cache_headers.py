"""Cache-Control and Expires: every form of them, and invalid ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedarchive.polling.cache_headers import fresh_for, http_date
from tests.harness.clock import CHRISTMAS

NOW = "Thu, 25 Dec 2025 10:00:00 GMT"
IN_AN_HOUR = "Thu, 25 Dec 2025 11:00:00 GMT"
WRONG_CLOCK = datetime(2031, 1, 1, tzinfo=UTC)  # our clock is wrong, which must have no effect


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"cache-control": "max-age=600"}, 600),
        ({"cache-control": "public, max-age=600, must-revalidate"}, 600),
        ({"cache-control": "MAX-AGE=600"}, 600),
        ({"cache-control": 'max-age="600"'}, 600),
        ({"cache-control": "max-age = 600"}, 600),
        ({"cache-control": "max-age=600, max-age=5"}, 600),
        ({"cache-control": "max-age=600; stale-if-error=5"}, 600),
        ({"cache-control": "max-age=0"}, 0),
        ({"cache-control": "max-age=-1"}, None),
        ({"cache-control": "max-age=soon"}, None),
        ({"cache-control": "max-age"}, None),
        ({"cache-control": "max-age=99999999999999999999"}, 2**31),
        ({"cache-control": "max-age=" + "9" * 5000}, None),
        ({"cache-control": "s-maxage=600"}, None),
        ({"cache-control": "s-maxage=600, max-age=60"}, 60),
        ({"cache-control": "x-max-age=600"}, None),
        ({"cache-control": 'ext="max-age=7", max-age=600'}, 600),
        ({"cache-control": "no-cache, max-age=600"}, None),
        ({"cache-control": "max-age=600, no-store"}, None),
        ({"cache-control": 'no-cache="Set-Cookie", max-age=600'}, None),
        ({"cache-control": "no-cache", "expires": IN_AN_HOUR, "date": NOW}, None),
        ({"cache-control": "private", "expires": IN_AN_HOUR, "date": NOW}, 3600),
        ({"cache-control": "max-age=600", "expires": IN_AN_HOUR, "date": NOW}, 600),
        ({"cache-control": "max-age=x", "expires": IN_AN_HOUR, "date": NOW}, None),
        ({"cache-control": "max-age=600", "age": "100"}, 500),
        ({"cache-control": "max-age=600", "age": "700"}, 0),
        ({"cache-control": "max-age=600", "age": "old"}, 600),
        ({"cache-control": "max-age=600", "age": "100, 200"}, 500),
        ({"expires": IN_AN_HOUR, "date": NOW}, 3600),
        ({"expires": IN_AN_HOUR, "date": NOW, "age": "600"}, 3000),
        ({"expires": NOW, "date": IN_AN_HOUR}, 0),
        ({"expires": "0", "date": NOW}, 0),
        ({"expires": "-1", "date": NOW}, 0),
        ({"expires": "Thursday, 25-Dec-25 11:00:00 GMT", "date": NOW}, 3600),
        ({"expires": "Thu Dec 25 11:00:00 2025", "date": NOW}, 3600),
        ({"expires": "Fri, 31 Dec 9999 23:59:59 GMT", "date": NOW}, 251635643999),
    ],
)
def test_how_long_a_response_is_fresh(headers: dict[str, str], seconds: int | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert fresh_for(headers, WRONG_CLOCK) == expected


@pytest.mark.parametrize("date", ["", "yesterday", "Thu, 25 Dec"])
def test_our_clock_is_used_without_a_date_of_the_server(date: str) -> None:
    assert fresh_for({"expires": IN_AN_HOUR, "date": date}, CHRISTMAS) == timedelta(hours=1)


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_header_gives_a_time_or_none(one: str, other: str) -> None:
    headers = {"cache-control": one, "expires": other, "date": other, "age": other}
    fresh = fresh_for(headers, CHRISTMAS)
    assert fresh is None or fresh >= timedelta(0)


@given(st.from_regex(r"[A-Z][a-z]{2}, \d{1,3} [A-Z][a-z]{2} \d{1,5} \d\d:\d\d:\d\d ([+-]\d{4,6}|[A-Z]{1,4})"))
def test_any_text_like_a_date_gives_a_date_or_none(text: str) -> None:
    date = http_date(text)
    assert date is None or date.tzinfo is UTC
