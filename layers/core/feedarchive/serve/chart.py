"""Make a small bar chart of how many articles each day has, as SVG without styles or scripts. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

_DAYS = 30
_WIDTH, _GAP, _HEIGHT = 10, 2, 60


@dataclass(frozen=True)
class Bar:
    """A bar of the chart, for one day.

    - ``x``, ``y``: the position of its upper left corner.
    - ``height``: its height; 0 if the day has no articles.
    - ``day``: the day, such as ``2025-12-25``.
    - ``number``: how many articles the day has.
    """

    x: int
    y: int
    height: int
    day: str
    number: int


@dataclass(frozen=True)
class Chart:
    """A chart of the last 30 days.

    - ``bars``: a bar for each day, oldest first.
    - ``width``, ``height``: the size of the drawing.
    - ``bar_width``: the width of each bar.
    - ``label``: describes the chart in words.
    """

    bars: tuple[Bar, ...]
    width: int
    height: int
    bar_width: int
    label: str


def chart_of(numbers: Mapping[str, int], today: date) -> Chart:
    """Make the chart of the 30 days up to ``today``.

    ``numbers`` maps days such as ``2025-12-25`` to their numbers of articles. Days without articles may be missing.
    """
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
