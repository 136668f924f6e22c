"""Dates of feeds: parsed correctly, or rejected."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedarchive.document.dates import parse_date
from feedarchive.rfc3339 import format_rfc3339
from tests.harness.linear_time import cpu_seconds, takes_less

ACCEPTED = {
    # Month first, with a time after the year, and JavaScript's form.
    "Mon, May 25 2020 04:45:26 +0000": "2020-05-25T04:45:26Z",
    "Fri, Jun 26 2026 10:04:03 AM": "2026-06-26T10:04:03Z",
    "Dec 25, 2025 10:11:12 GMT": "2025-12-25T10:11:12Z",
    "December 25, 2025 3:04 PM": "2025-12-25T15:04:00Z",
    "March 1, 2025 at 12:30 am": "2025-03-01T00:30:00Z",
    "Sunday, June 30, 2013 - 00:00": "2013-06-30T00:00:00Z",
    "Thu Dec 25 2025 10:11:12 GMT+0100 (Central European Standard Time)": "2025-12-25T09:11:12Z",
    "Saturday, 1st March 2025": "2025-03-01T00:00:00Z",
    # Offsets of hours, and offsets with a name.
    "Thu, 25 Dec 2025 10:11:12 -05": "2025-12-25T15:11:12Z",
    "Thu, 25 Dec 2025 10:11:12 GMT+2": "2025-12-25T08:11:12Z",
    "2025-12-25T10:11:12+01": "2025-12-25T09:11:12Z",
    "Thu, 25 Dec 2025 10:11:12 +0100 CET": "2025-12-25T09:11:12Z",
    "2025-12-25T10:11:12\N{MINUS SIGN}05:00": "2025-12-25T15:11:12Z",
    # Months in other languages.
    "Qui, 25 Dez 2025 10:11:12 -0300": "2025-12-25T13:11:12Z",
    "quinta-feira, 25 de dezembro de 2025": "2025-12-25T00:00:00Z",
    "jeu., 25 déc. 2025 10:11:12 +0100": "2025-12-25T09:11:12Z",
    "25 août 2025": "2025-08-25T00:00:00Z",
    "Do, 25 Mrz 2025 10:11:12 +0100": "2025-03-25T09:11:12Z",
    "25. Oktober 2025": "2025-10-25T00:00:00Z",
    "dom, 02 ott 2022 18:55:00 GMT": "2022-10-02T18:55:00Z",
    "25 ene 2025": "2025-01-25T00:00:00Z",
    "Thu, 25 Dec 2025 10:11:12 PM": "2025-12-25T22:11:12Z",
    # feedparser parses these wrongly, without an error.
    "Thu, 25 Dec 2025 10:11:12 CET": "2025-12-25T09:11:12Z",
    "Fri, 25 Jul 2025 10:11:12 CEST": "2025-07-25T08:11:12Z",
    "Thu, 25 Dec 2025 10:11:12 IST": "2025-12-25T04:41:12Z",
    "Thu, 25 Dec 2025 10:11:12 JST": "2025-12-25T01:11:12Z",
    "Fri, 25 Jul 2025 10:11:12 BST": "2025-07-25T09:11:12Z",
    "Thu, 25 Dec 2025 10:11:12 AEDT": "2025-12-24T23:11:12Z",
    "Thu, 25 Dec 2025 10:11:12 MSK": "2025-12-25T07:11:12Z",
    "2025-12-25T10:11:12+0530": "2025-12-25T04:41:12Z",
    "2025-12-25T10:11:12-0330": "2025-12-25T13:41:12Z",
    "2025-12-25 10:11:12 UTC": "2025-12-25T10:11:12Z",
    "2025/12/25": "2025-12-25T00:00:00Z",
    "1766657472": "2025-12-25T10:11:12Z",
    "1766657472000": "2025-12-25T10:11:12Z",
    "1766657472999": "2025-12-25T10:11:12Z",
    # feedparser does not parse these.
    "Thu, 25 Dec 2025 10:11:12": "2025-12-25T10:11:12Z",
    "Thu, 25 Dec 2025 10:11": "2025-12-25T10:11:00Z",
    "Thu, 25 Dec 2025 24:00:00 GMT": "2025-12-26T00:00:00Z",
    "Wed, 31 Dec 2025 24:00:00 GMT": "2026-01-01T00:00:00Z",
    "2025-12-25T24:00:00Z": "2025-12-26T00:00:00Z",
    # RFC 822 and RFC 2822
    "Thu, 25 Dec 2025 10:11:12 GMT": "2025-12-25T10:11:12Z",
    "Thu, 25 Dec 2025 10:11:12 UT": "2025-12-25T10:11:12Z",
    "Thu, 25 Dec 2025 10:11:12 Z": "2025-12-25T10:11:12Z",
    "Thu, 25 Dec 2025 10:11:12 +0000": "2025-12-25T10:11:12Z",
    "Thu, 25 Dec 2025 10:11:12 -0000": "2025-12-25T10:11:12Z",
    "Thu, 25 Dec 2025 10:11:12 +0100": "2025-12-25T09:11:12Z",
    "Thu, 25 Dec 2025 10:11:12 -0800": "2025-12-25T18:11:12Z",
    "Thu, 25 Dec 2025 10:11:12 +05:45": "2025-12-25T04:26:12Z",
    "Thu, 25 Dec 2025 10:11:12 GMT+0100": "2025-12-25T09:11:12Z",
    "Thu, 25 Dec 2025 10:11:12 UTC-02:00": "2025-12-25T12:11:12Z",
    "Thu, 25 Dec 2025 10:11:12 EST": "2025-12-25T15:11:12Z",
    "Fri, 25 Jul 2025 10:11:12 EDT": "2025-07-25T14:11:12Z",
    "Thu, 25 Dec 2025 10:11:12 CST": "2025-12-25T16:11:12Z",
    "Fri, 25 Jul 2025 10:11:12 CDT": "2025-07-25T15:11:12Z",
    "Thu, 25 Dec 2025 10:11:12 MST": "2025-12-25T17:11:12Z",
    "Fri, 25 Jul 2025 10:11:12 MDT": "2025-07-25T16:11:12Z",
    "Thu, 25 Dec 2025 10:11:12 PST": "2025-12-25T18:11:12Z",
    "Fri, 25 Jul 2025 10:11:12 PDT": "2025-07-25T17:11:12Z",
    "Thu, 25 Dec 2025 10:11:12 pst": "2025-12-25T18:11:12Z",
    "Thu, 25 Dec 2025 10:11:12 NST": "2025-12-25T13:41:12Z",
    "Thu, 25 Dec 2025 10:11:12 NPT": "2025-12-25T04:26:12Z",
    "Thu, 25 Dec 2025 10:11:12 NZDT": "2025-12-24T21:11:12Z",
    "Thu, 25 Dec 2025 10:11:12 ACST": "2025-12-25T00:41:12Z",
    "Thu, 25 Dec 2025 10:11:12 +0100 (CET)": "2025-12-25T09:11:12Z",
    "Thu, 25 Dec 2025 10:11:12 -0800 (Pacific Standard Time)": "2025-12-25T18:11:12Z",
    "Thu, 25 Dec 2025": "2025-12-25T00:00:00Z",
    "25 Dec 2025 10:11:12 GMT": "2025-12-25T10:11:12Z",
    "25 December 2025": "2025-12-25T00:00:00Z",
    "Thursday, 25 December 2025 10:11:12 GMT": "2025-12-25T10:11:12Z",
    "Thursday, 25-Dec-25 10:11:12 GMT": "2025-12-25T10:11:12Z",
    "THU, 25 DEC 2025 10:11:12 GMT": "2025-12-25T10:11:12Z",
    "thu, 25 dec 2025 10:11:12 gmt": "2025-12-25T10:11:12Z",
    "Thu,25 Dec 2025 10:11:12 GMT": "2025-12-25T10:11:12Z",
    "Thu 25 Dec 2025 10:11:12 GMT": "2025-12-25T10:11:12Z",
    "Thu., 25 Dec. 2025 10:11:12 GMT": "2025-12-25T10:11:12Z",
    "Mon, 1 Sept 2025 1:02:03 GMT": "2025-09-01T01:02:03Z",
    "Mon, 01 Sep 2025 01:02:03 GMT": "2025-09-01T01:02:03Z",
    "Tue, 7 Jan 2025 07:08:09 GMT": "2025-01-07T07:08:09Z",
    "25 Dec 25 10:11:12 GMT": "2025-12-25T10:11:12Z",
    "25 Dec 49 10:11 GMT": "2049-12-25T10:11:00Z",
    "25 Dec 99 10:11 GMT": "1999-12-25T10:11:00Z",
    "Sat, 31 Dec 2016 23:59:60 GMT": "2016-12-31T23:59:59Z",
    "Thu, 29 Feb 2024 10:11:12 GMT": "2024-02-29T10:11:12Z",
    "  \n Thu,\t25 Dec 2025\r\n 10:11:12   GMT \n": "2025-12-25T10:11:12Z",
    # RFC 3339, W3CDTF and variants
    "2025-12-25T10:11:12Z": "2025-12-25T10:11:12Z",
    "2025-12-25t10:11:12z": "2025-12-25T10:11:12Z",
    "2025-12-25T10:11:12+05:30": "2025-12-25T04:41:12Z",
    "2025-12-25T10:11:12-08:00": "2025-12-25T18:11:12Z",
    "2025-12-25T10:11:12 -08:00": "2025-12-25T18:11:12Z",
    "2025-12-25T10:11:12.5Z": "2025-12-25T10:11:12Z",
    "2025-12-25T10:11:12.999999999+01:00": "2025-12-25T09:11:12Z",
    "2025-12-25T10:11:12,345Z": "2025-12-25T10:11:12Z",
    "2025-12-25T10:11:12": "2025-12-25T10:11:12Z",
    "2025-12-25T10:11Z": "2025-12-25T10:11:00Z",
    "2025-12-25T10:11+01:00": "2025-12-25T09:11:00Z",
    "2016-12-31T23:59:60Z": "2016-12-31T23:59:59Z",
    "2025-12-25 10:11:12": "2025-12-25T10:11:12Z",
    "2025-12-25 10:11:12 +0100": "2025-12-25T09:11:12Z",
    "2025-12-25 10:11:12 EST": "2025-12-25T15:11:12Z",
    "2025-12-25 10:11": "2025-12-25T10:11:00Z",
    "2025/12/25 10:11:12": "2025-12-25T10:11:12Z",
    "2025.12.25": "2025-12-25T00:00:00Z",
    "2025-12-25": "2025-12-25T00:00:00Z",
    "2025-1-5": "2025-01-05T00:00:00Z",
    "2025-12": "2025-12-01T00:00:00Z",
    "20251225": "2025-12-25T00:00:00Z",
    "20251225T101112Z": "2025-12-25T10:11:12Z",
    "2025-01-01T00:30:00+01:00": "2024-12-31T23:30:00Z",
    "2025-12-31T23:30:00-01:00": "2026-01-01T00:30:00Z",
    "2025-12-25T10:11:12.1234567890123Z": "2025-12-25T10:11:12Z",
    "2025-12-25T10:11:12+01:00[Europe/Berlin]": "2025-12-25T09:11:12Z",
    "20251225T101112+0100": "2025-12-25T09:11:12Z",
    # before 1970
    "Sun, 20 Jul 1969 20:17:40 GMT": "1969-07-20T20:17:40Z",
    "1900-01-02": "1900-01-02T00:00:00Z",
    # asctime, and the American order
    "Thu Dec 25 10:11:12 2025": "2025-12-25T10:11:12Z",
    "Thu Dec  5 10:11:12 2024": "2024-12-05T10:11:12Z",
    "Thu Dec 25 10:11:12 CET 2025": "2025-12-25T09:11:12Z",
    "Thu Dec 25 10:11:12 +0100 2025": "2025-12-25T09:11:12Z",
    "December 25, 2025": "2025-12-25T00:00:00Z",
    "Dec 25, 2025 10:11": "2025-12-25T10:11:00Z",
    "Dec. 25, 2025, 10:11:12": "2025-12-25T10:11:12Z",
    # seconds since 1970
    "999999999": "2001-09-09T01:46:39Z",
    "999999999999": "2001-09-09T01:46:39Z",
}

REJECTED = [
    "Thu, 25 Dec 2025 10:11:12 EST EDT",
    "Thu, 25 Dec 2025 14:11:12 AM",
    "01.03.2025 10:00",
    "12/25/2025",
    "25/12/2025",
    "01/02/2025",
    "25.12.2025",
    "12-25-2025",
    "Чт, 25 дек 2025 10:11:12 +0300",
    "2025年12月25日",
    "Thu, 25 Dec 2025 10:11:12 XYZ",
    "Thu, 25 Dec 2025 10:11:12 +1500",
    "Thu, 25 Dec 2025 10:11:12 +0160",
    "Thu, 25 Dec 2025 25:00:00 GMT",
    "Thu, 25 Dec 2025 24:00:01 GMT",
    "Thu, 25 Dec 2025 10:60:00 GMT",
    "Thu, 25 Dec 2025 10:11:61 GMT",
    "2025-12-25T10:11:99Z",
    "Thu, 31 Nov 2025 10:11:12 GMT",
    "Thu, 29 Feb 2025 10:11:12 GMT",
    "Thu, 0 Dec 2025 10:11:12 GMT",
    "2025-13-01",
    "2025-00-10",
    "2025-12/25",
    "2025-12-25T",
    "2025-12-25T10:11:12Z junk",
    "junk 2025-12-25",
    "20251325",
    "2025",
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "Mon, 01 Jan 0001 00:00:00 +0000",
    "0000-00-00 00:00:00",
    "9999-12-31T23:59:59-14:00",
    "9999-12-31T24:00:00Z",
    "2025-12-25T10:11:12[Europe/Berlin]",
    # zeros, also in local time
    "1970-01-01T00:00:00Z",
    "Thu, 01 Jan 1970 01:00:00 +0100",
    "Wed, 31 Dec 1969 19:00:00",
    "1904-01-01T00:00:00Z",
    "1900-01-01",
    "1899-12-30",
    "2201-01-01",
    "25 Dec 50 10:11 GMT",
    "-1",
    "0",
    "12345",
    "100000000",
    "4200000000",
    "17666574721",
    "99999999999999",
    "-1766657472",
    "1766657472.5",
    "",
    " \n\t ",
    "yesterday",
    "Thu,",
    "None",
    "null",
    "{}",
    "\x00",
    "2025-12-25\x00",
    "😀",
]

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


@pytest.mark.parametrize(("raw", "expected"), ACCEPTED.items())
def test_a_date_is_parsed(raw: str, expected: str) -> None:
    parsed = parse_date(raw)
    assert parsed is not None
    assert parsed.utcoffset() == timedelta()
    assert format_rfc3339(parsed) == expected


@pytest.mark.parametrize("raw", REJECTED)
def test_a_text_that_is_not_a_date_or_an_ambiguous_one_is_rejected(raw: str) -> None:
    assert parse_date(raw) is None


@cache
def usual_seconds() -> float:
    """The CPU seconds for 1,000 usual dates."""
    return cpu_seconds(lambda: [parse_date("Thu, 25 Dec 2025 10:11:12 GMT") for _ in range(1_000)])


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_date_is_rejected_quickly(raw: str) -> None:
    assert parse_date(raw) is None
    # Each hostile date may take 100 times as long as a usual date.
    assert takes_less(lambda: [parse_date(raw) for _ in range(100)], 10 * usual_seconds())


@given(
    st.integers(86_400, 7_289_500_000),
    st.integers(-12 * 60, 14 * 60),
)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_a_formatted_date_is_parsed_to_the_same_date(seconds: int, offset: int) -> None:
    local = datetime.fromtimestamp(seconds, UTC).astimezone(timezone(timedelta(minutes=offset)))
    assert parse_date(local.isoformat()) == local
    assert parse_date(local.strftime("%a, %d %b %Y %H:%M:%S %z")) == local


@given(st.text(alphabet="0123456789-/.:,+ TZGMTDecEST()", max_size=70))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_parsing_never_raises(raw: str) -> None:
    parsed = parse_date(raw)
    assert parsed is None or 1900 <= parsed.year <= 2200


def test_dates_are_formatted_in_utc_and_whole_seconds() -> None:
    moment = datetime(2025, 12, 25, 10, 11, 12, 999999, tzinfo=timezone(timedelta(hours=1)))
    assert format_rfc3339(moment) == "2025-12-25T09:11:12Z"
