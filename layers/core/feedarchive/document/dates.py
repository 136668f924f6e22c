"""Dates of feeds, read right or not at all.

feedparser answers a wrong date rather than none for zone names it does not know, offsets without
a colon, slashes and epoch seconds; this module knows a few forms well and refuses the rest.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january february march april may june july august september october november december").split(),
        1,
    )
    for name in (names, names[:3], names[:4])
}
# Offsets in minutes. RFC 822's own names, and others with one dominant meaning in feeds:
# IST is India's (Ireland's and Israel's feeds write offsets), BST is Britain's summer.
_ZONES = {
    **dict.fromkeys(("UT", "UTC", "GMT", "Z", "WET"), 0),
    **dict.fromkeys(("BST", "CET", "MEZ", "WEST"), 60),
    **dict.fromkeys(("CEST", "MESZ", "EET", "SAST"), 120),
    **dict.fromkeys(("EEST", "MSK", "TRT"), 180),
    "GST": 240,
    "PKT": 300,
    "IST": 330,
    "NPT": 345,
    "ICT": 420,
    "WIB": 420,
    **dict.fromkeys(("HKT", "SGT", "PHT", "AWST", "MYT"), 480),
    "JST": 540,
    "KST": 540,
    "ACST": 570,
    "AEST": 600,
    "ACDT": 630,
    "AEDT": 660,
    "NZST": 720,
    "NZDT": 780,
    "NST": -210,
    "NDT": -150,
    "AST": -240,
    "ADT": -180,
    "EST": -300,
    "EDT": -240,
    "CST": -360,
    "CDT": -300,
    "MST": -420,
    "MDT": -360,
    "PST": -480,
    "PDT": -420,
    "AKST": -540,
    "AKDT": -480,
    "HST": -600,
    "BRT": -180,
}
_ZONE = r"(?P<zone>Z|[A-Za-z]{1,5}|(?:GMT|UTC?)?\s*[+-]\d{1,2}:?\d{2})"
_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
# RFC 822 and 2822, weekday and seconds optional, two-digit years allowed: "Thu, 25 Dec 2025 10:11:12 CET".
_RFC822 = re.compile(
    rf"(?:[A-Za-z]{{3,9}}(?:,|\.?,?\s)\s*)?(?P<day>\d{{1,2}})[\s-](?P<month>[A-Za-z]{{3,9}})\.?,?[\s-](?P<year>\d{{4}}|\d{{2}})"
    rf"(?:,?\s+{_TIME}(?:\s*{_ZONE})?(?:\s*\([A-Za-z ]{{1,40}}\))?)?"
)
# asctime and the American order: "Thu Dec 25 10:11:12 2025", "December 25, 2025 10:11".
_MONTH_FIRST = re.compile(
    rf"(?:[A-Za-z]{{3,9}}\.?,?\s+)?(?P<month>[A-Za-z]{{3,9}})\.?\s+(?P<day>\d{{1,2}}),?(?:\s+{_TIME}(?:\s*{_ZONE})?)?"
    rf",?\s+(?P<year>\d{{4}})(?:,?\s+(?P<hour2>\d{{1,2}}):(?P<minute2>\d{{2}})(?::(?P<second2>\d{{2}}))?)?"
)
# RFC 3339, W3CDTF and what blogs make of them: "2025-12-25T10:11:12+0530", "2025/12/25", "2025-12-25 10:11 UTC".
_ISO = re.compile(
    rf"(?P<year>\d{{4}})(?P<sep>[-/.])(?P<month>\d{{1,2}})(?P=sep)(?P<day>\d{{1,2}})"
    rf"(?:(?:[Tt]|,?\s+){_TIME}(?:\s*{_ZONE})?)?"
)
_ISO_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:T(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})Z?)?"
)
_ISO_MONTH = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})")
_EPOCH = re.compile(r"\d{9,10}|\d{12,13}")
_EARLIEST = 1970
_LATEST = 2200
_MAX_LENGTH = 64


def parse_date(raw: str) -> datetime | None:
    """The moment a feed's date names, in UTC and whole seconds; None when that is not certain.

    A time without a zone counts as UTC: it is never more than half a day off.
    """
    # Refused, not cut: half a date is another date.
    text = " ".join(raw.split()) if len(raw) <= _MAX_LENGTH * 4 else ""
    if not text or len(text) > _MAX_LENGTH:
        return None
    if _EPOCH.fullmatch(text):
        return _from_epoch(text)
    for form in (_ISO, _RFC822, _MONTH_FIRST, _ISO_COMPACT, _ISO_MONTH):
        if match := form.fullmatch(text):
            return _from_parts(match.groupdict())
    return None


def _from_epoch(text: str) -> datetime | None:
    seconds = int(text) // (1000 if len(text) > 10 else 1)
    moment = datetime.fromtimestamp(seconds, UTC)
    # Ten digits are seconds only near our time; an older "date" may be any number.
    return moment if 1995 <= moment.year <= 2100 else None


def _from_parts(parts: dict[str, str | None]) -> datetime | None:
    month = parts.get("month") or ""
    number = int(month) if month.isdigit() else _MONTHS.get(month.lower())
    offset = _offset(parts.get("zone"))
    if number is None or offset is None:
        return None
    hour, extra_day = int(parts.get("hour") or parts.get("hour2") or 0), timedelta()
    minute, second = (int(parts.get(k) or parts.get(f"{k}2") or 0) for k in ("minute", "second"))
    if (hour, minute, second) == (24, 0, 0):  # the end of the day, ISO 8601
        hour, extra_day = 0, timedelta(days=1)
    if second == 60:  # a leap second, which datetime lacks
        second = 59
    try:
        local = datetime(
            _year(parts), number, int(parts.get("day") or 1), hour, minute, second, tzinfo=timezone(offset)
        )
        moment = (local + extra_day).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if _EARLIEST <= moment.year <= _LATEST else None


def _year(parts: dict[str, str | None]) -> int:
    year = parts.get("year") or "0"
    # RFC 2822 section 4.3: two digits are 2000 to 2049 and 1950 to 1999.
    return int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 50 else 1900)


def _offset(zone: str | None) -> timedelta | None:
    if not zone:
        return timedelta()
    if numeric := re.fullmatch(r"(?:GMT|UTC?)?\s*([+-])(\d{1,2}):?(\d{2})", zone, re.IGNORECASE):
        sign, hours, minutes = numeric.groups()
        if int(hours) > 14 or int(minutes) > 59:
            return None
        return (1 if sign == "+" else -1) * timedelta(hours=int(hours), minutes=int(minutes))
    minutes_east = _ZONES.get(zone.upper())
    return None if minutes_east is None else timedelta(minutes=minutes_east)
