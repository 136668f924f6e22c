"""How long a server asks to wait: every form of the headers that say so, and what is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clock import CHRISTMAS
from feedarchive.polling.cache_headers import fresh_for, http_date, retry_after

NOW = "Thu, 25 Dec 2025 10:00:00 GMT"
IN_AN_HOUR = "Thu, 25 Dec 2025 11:00:00 GMT"
ELSEWHEN = datetime(2031, 1, 1, tzinfo=UTC)  # our own clock is wrong: it must not count


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
def test_how_long_an_answer_is_fresh(headers: dict[str, str], seconds: int | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert fresh_for(headers, ELSEWHEN) == expected


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "120"}, 120),
        ({"retry-after": " 120 "}, 120),
        ({"retry-after": "0"}, 0),
        ({"retry-after": "1.5"}, 1),
        ({"retry-after": "120, 60"}, 120),
        ({"retry-after": "-5"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "a while"}, None),
        ({"retry-after": "99999999999"}, 2**31),
        ({"retry-after": IN_AN_HOUR, "date": NOW}, 3600),
        ({"retry-after": "Thursday, 25-Dec-25 11:00:00 GMT", "date": NOW}, 3600),
        ({"retry-after": NOW, "date": IN_AN_HOUR}, 0),
        ({"retry-after": "Fri, 31 Dec 9999 23:59:59 -2300", "date": NOW}, None),
    ],
)
def test_how_long_a_server_wants_to_be_left_alone(headers: dict[str, str], seconds: int | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert retry_after(headers, ELSEWHEN) == expected


@pytest.mark.parametrize("date", ["", "yesterday", "Thu, 25 Dec"])
def test_without_a_date_of_the_server_ours_counts(date: str) -> None:
    assert retry_after({"retry-after": IN_AN_HOUR, "date": date}, CHRISTMAS) == timedelta(hours=1)
    assert fresh_for({"expires": IN_AN_HOUR, "date": date}, CHRISTMAS) == timedelta(hours=1)


@given(st.text(max_size=80), st.text(max_size=80))
def test_whatever_is_sent_ends_in_a_wait_or_none(one: str, other: str) -> None:
    headers = {"cache-control": one, "expires": other, "retry-after": one, "date": other, "age": other}
    for wait in (fresh_for(headers, CHRISTMAS), retry_after(headers, CHRISTMAS)):
        assert wait is None or wait >= timedelta(0)


@given(st.from_regex(r"[A-Z][a-z]{2}, \d{1,3} [A-Z][a-z]{2} \d{1,5} \d\d:\d\d:\d\d ([+-]\d{4,6}|[A-Z]{1,4})"))
def test_what_looks_like_a_date_ends_in_a_date_or_none(written: str) -> None:
    found = http_date(written)
    assert found is None or found.tzinfo is UTC
