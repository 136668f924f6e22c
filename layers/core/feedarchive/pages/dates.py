"""Format dates and times for pages.

The functions do not convert times to another time zone, except ``machine_time``: it converts to UTC.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def long_date(day: date) -> str:
    """Format a date: ``25 December 2025``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def long_time(moment: datetime) -> str:
    """Format a date and time: ``25 December 2025, 10:15``."""
    return f"{long_date(moment.date())}, {moment:%H:%M}"


def short_time(moment: datetime, day: date) -> str:
    """Format a time on the page of the day ``day``: ``10:15``, ``24 Dec, 10:15`` or ``24 Dec 2024, 10:15``.

    The date is left out for a time on ``day``, and the year is left out for a time in the same year.
    """
    year = "" if moment.year == day.year else f" {moment.year}"
    other_day = "" if moment.date() == day else f"{moment.day} {MONTHS[moment.month - 1][:3]}{year}, "
    return f"{other_day}{moment:%H:%M}"


def machine_time(moment: datetime) -> str:
    """Format a time in UTC as the value of a ``datetime`` attribute."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
