"""Parse the dates of feeds.

feedparser returns wrong dates for some texts, such as times with an unknown time zone or an offset without a colon.
This module returns None for a date that is ambiguous or in an unknown format.

The day of the week is ignored. Names of months may be English, French, German, Italian, Portuguese or Spanish. Each
name means the same month in all of these languages.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january february march april may june july august september october november december").split(),
        1,
    )
    for name in (names, names[:3], names[:4])
}
# The names of each month in other languages, without their accents.
_FOREIGN_MONTHS = (
    "janeiro janvier januar janner gennaio enero janv gen ene",
    "fevereiro fevrier februar febbraio febrero fev fevr",
    "marco mars marz marzo mrz",
    "abril avril april aprile abr avr",
    "maio mai maggio mayo mag",
    "junho juin juni giugno junio giu",
    "julho juillet juli luglio julio juil lug",
    "agosto aout ago",
    "setembro septembre september settembre septiembre setiembre set sett",
    "outubro octobre oktober ottobre octubre out okt ott",
    "novembro novembre november noviembre",
    "dezembro decembre dezember dicembre diciembre dez dic",
)
_MONTHS |= {name: number for number, names in enumerate(_FOREIGN_MONTHS, 1) for name in names.split()}
# Minutes east of UTC for names of time zones. A name is left out if feeds use it for several zones. In feeds, IST is
# nearly always India Standard Time, and BST is British Summer Time.
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
_OFFSET = r"(?:GMT|UTC?)?\s*[+-]\d{1,2}(?::?\d{2})?"
_ZONE = (
    rf"(?:\s*(?P<zone>{_OFFSET}|[A-Za-z]{{1,5}})(?:(?<=\d)\s+[A-Z]{{3,4}})?"
    r"(?:\s*\([^()]{1,60}\)|\[[\w/+-]{1,40}\])?)?"
)
_TIME = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,20})?)?"
    rf"(?:\s?(?P<half>[AaPp])\.?[Mm]\b\.?)?{_ZONE}"
)
_WORD = r"[^\W\d_]"
_WEEKDAY = rf"(?:{_WORD}{{2,12}}(?:-{_WORD}{{2,6}})?(?:\.?,|\.?,?\s)\s*)?"
_MONTH = rf"(?P<month>{_WORD}{{3,10}})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.|º)?"
_THEN = r"(?:,?\s+(?:-\s|at\s)?)"
# RFC 822 and RFC 2822: "Thu, 25 Dec 2025 10:11:12 CET". Weekday and seconds are optional; a year may have two digits.
_RFC822 = re.compile(
    rf"{_WEEKDAY}{_DAY}(?:[\s-]|\sde\s){_MONTH},?(?:[\s-]|\sde\s)(?P<year>\d{{4}}|\d{{2}})(?:{_THEN}{_TIME})?"
)
# The American order: "December 25, 2025 10:11 PM". JavaScript writes "Thu Dec 25 2025 10:11:12 GMT+0100 (…)".
_MONTH_FIRST = re.compile(rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+(?P<year>\d{{4}})(?:{_THEN}{_TIME})?")
# The format of C's asctime(): "Thu Dec 25 10:11:12 2025".
_YEAR_LAST = re.compile(rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+{_TIME},?\s+(?P<year>\d{{4}})")
# RFC 3339, W3CDTF, and variants that blogs use: "2025-12-25T10:11:12+0530", "2025/12/25", "2025-12-25 10:11 UTC".
_ISO = re.compile(
    r"(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})"
    rf"(?:(?:[Tt]|,?\s+){_TIME})?"
)
_ISO_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:T(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})(?P<zone>Z|[+-]\d{4})?)?"
)
_ISO_MONTH = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})")
_EPOCH = re.compile(r"\d{9,10}|\d{12,13}")
_EARLIEST = 1900
_EARLIEST_WITH_TWO_DIGITS = 1970
# Programs write these days for a missing date: they are day zero of Unix, SQL Server and old Macintosh computers. In
# American time zones, day zero of Unix is December 31, 1969.
_ZERO_DAYS = frozenset((date(1970, 1, 1), date(1969, 12, 31), date(1900, 1, 1), date(1904, 1, 1)))
_LATEST = 2200
_MAX_LENGTH = 90


def parse_date(raw: str) -> datetime | None:
    """Return the date in UTC, in whole seconds; None if the text is ambiguous or not a date.

    A time without a time zone is read as UTC.
    """
    text = " ".join(raw.split()) if len(raw) <= _MAX_LENGTH * 4 else ""
    if not text or len(text) > _MAX_LENGTH:
        return None
    if _EPOCH.fullmatch(text):
        return _from_epoch(text)
    text = text.replace("\N{MINUS SIGN}", "-")
    for pattern in (_ISO, _RFC822, _MONTH_FIRST, _YEAR_LAST, _ISO_COMPACT, _ISO_MONTH):
        if match := pattern.fullmatch(text):
            return _from_parts(match.groupdict())
    return None


def _from_epoch(text: str) -> datetime | None:
    seconds = int(text) // (1000 if len(text) > 10 else 1)
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment if 1995 <= moment.year <= 2100 else None


def _from_parts(parts: dict[str, str | None]) -> datetime | None:
    month = parts.get("month") or ""
    number = (
        int(month) if month.isdigit() else _MONTHS.get(month.lower() if month.isascii() else _without_accents(month))
    )
    offset = _utc_offset(parts.get("zone"))
    if number is None or offset is None:
        return None
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    extra_day = timedelta()
    if half := parts.get("half"):
        hour = _hour_of_day(hour, half.lower())
    if (hour, minute, second) == (24, 0, 0):
        hour, extra_day = 0, timedelta(days=1)
    if second == 60:  # a leap second, which datetime does not support
        second = 59
    try:
        local = datetime(
            _year(parts), number, int(parts.get("day") or 1), hour, minute, second, tzinfo=timezone(offset)
        )
        moment = (local + extra_day).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    is_date = _EARLIEST <= moment.year <= _LATEST and moment.date() not in _ZERO_DAYS
    return moment if is_date and (len(parts["year"] or "") == 4 or moment.year >= _EARLIEST_WITH_TWO_DIGITS) else None


def _hour_of_day(hour: int, half: str) -> int:
    """Convert "10 AM" to 10 and "10 PM" to 22. "14 PM" is read as 14. For "14 AM", return 99, an invalid hour."""
    if hour > 12:
        return hour if half == "p" else 99
    return hour % 12 + (12 if half == "p" else 0)


def _without_accents(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(char))


def _year(parts: dict[str, str | None]) -> int:
    year = parts.get("year") or "0"
    # RFC 2822, section 4.3: 00 to 49 mean 2000 to 2049; 50 to 99 mean 1950 to 1999.
    return int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 50 else 1900)


def _utc_offset(zone: str | None) -> timedelta | None:
    if not zone:
        return timedelta()
    if numeric := re.fullmatch(r"(?:GMT|UTC?)?\s*([+-])(\d{1,2})(?::?(\d{2}))?", zone, re.IGNORECASE):
        sign, hours, minutes = numeric[1], numeric[2], numeric[3] or "0"
        if int(hours) > 14 or int(minutes) > 59:
            return None
        return (1 if sign == "+" else -1) * timedelta(hours=int(hours), minutes=int(minutes))
    minutes_east = _ZONES.get(zone.upper())
    return None if minutes_east is None else timedelta(minutes=minutes_east)
