"""``pages/index.html``: a list of all days of the archive, the newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from feedarchive.digest.digest import pages_folder
from feedarchive.pages.dates import MONTHS, WEEKDAYS
from feedarchive.pages.html_templates import render

DAYS_PAGE = "pages/index.html"
# The number of newest months whose days are visible at once. Older months are collapsed.
_MAX_OPEN_MONTHS = 2


@dataclass(frozen=True)
class _Day:
    iso: str
    name: str
    page: str
    counted: str


@dataclass(frozen=True)
class _Month:
    name: str
    days: list[_Day]
    is_open: bool


def days_page(rows: Iterable[tuple[date, str]]) -> bytes:
    """Render the page. A row has a day and a text that says what was archived. The newest day must come first."""
    by_month = groupby(rows, key=lambda row: (row[0].year, row[0].month))
    months = [
        _Month(
            name=f"{MONTHS[month - 1]} {year}",
            days=[_day(day, counted) for day, counted in of_month],
            is_open=number < _MAX_OPEN_MONTHS,
        )
        for number, ((year, month), of_month) in enumerate(by_month)
    ]
    return render("days.html", {"months": months})


def _day(day: date, counted: str) -> _Day:
    page = pages_folder(day).removeprefix("pages/") + "index.html"
    return _Day(day.isoformat(), f"{WEEKDAYS[day.weekday()]} {day.day}", page, counted)
