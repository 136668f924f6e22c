"""A small bar chart of the articles of each day, as SVG without styles or scripts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

_DAYS = 30
_WIDTH, _GAP, _HEIGHT = 10, 2, 60


@dataclass(frozen=True)
class Bar:
    """A bar: its position and height, the day that it stands for, and the number of articles of that day."""

    x: int
    y: int
    height: int
    day: str
    number: int


@dataclass(frozen=True)
class Chart:
    """The bars of the last 30 days, the size of the drawing, and a label that describes it in words."""

    bars: tuple[Bar, ...]
    width: int
    height: int
    bar_width: int
    label: str


def chart_of(numbers: Mapping[str, int], today: date) -> Chart:
    """The chart for the numbers of articles by day. Days are in ISO format."""
    days = [(today - timedelta(days=age)).isoformat() for age in range(_DAYS - 1, -1, -1)]
    most = max((numbers.get(day, 0) for day in days), default=0)
    bars = []
    for place, day in enumerate(days):
        number = numbers.get(day, 0)
        height = max(round(_HEIGHT * number / most), 2) if number else 0
        bars.append(Bar(place * (_WIDTH + _GAP), _HEIGHT - height, height, day, number))
    total = sum(bar.number for bar in bars)
    label = f"New articles in the last 30 days: {total} in all, at most {most} a day"
    return Chart(tuple(bars), _DAYS * (_WIDTH + _GAP), _HEIGHT, _WIDTH, label)
