"""Decide when to report that no article was archived for several days. Pure functions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

_FIRST_AFTER, _AGAIN_AFTER = timedelta(days=3), timedelta(days=7)
# Articles that are dated further in the future are ignored, because the clock was wrong when they were archived.
_MAX_AHEAD = timedelta(days=2)


@dataclass(frozen=True)
class Silence:
    """A period without new articles.

    - ``since``: the day on which the last article was archived.
    - ``until``: the last day of the period.
    """

    since: date
    until: date


def silence_to_report(days: Collection[date], reported: date | None, finished: date) -> Silence | None:
    """Return the silence that a mail must report now; None if there is nothing to report.

    A silence is reported after three days without articles, and then every seven days.

    - ``days``: the days with articles.
    - ``reported``: the last day of the last reported silence; None if no silence was reported.
    - ``finished``: the newest day that is over.
    """
    newest = max((day for day in days if day <= finished + _MAX_AHEAD), default=None)
    if newest is None or newest >= finished:
        return None
    due = reported + _AGAIN_AFTER if reported and reported > newest else newest + _FIRST_AFTER
    return Silence(newest, finished) if finished >= due else None
