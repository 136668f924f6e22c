"""Dates and times as pages write them, in the archive's time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def long_date(day: date) -> str:
    """``25 December 2025``"""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def long_time(moment: datetime) -> str:
    """``25 December 2025, 10:15``"""
    return f"{long_date(moment.date())}, {moment:%H:%M}"


def short_time(moment: datetime, day: date) -> str:
    """A time, with its date if that is not the page's day, and with the year if that differs."""
    year = "" if moment.year == day.year else f" {moment.year}"
    other_day = "" if moment.date() == day else f"{moment.day} {MONTHS[moment.month - 1][:3]}{year}, "
    return f"{other_day}{moment:%H:%M}"


def machine_time(moment: datetime) -> str:
    """The value of a ``datetime`` attribute, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
