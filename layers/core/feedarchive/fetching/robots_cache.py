"""Cache the robots.txt of each site for a day. If it cannot be fetched, do not try again for an hour."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from feedarchive.fetching.result import Failed
from feedarchive.fetching.robots_txt import RobotsTxt

_KEPT = timedelta(days=1)  # the maximum time that RFC 9309 allows
_KEPT_FAILURE = timedelta(hours=1)


@dataclass(frozen=True)
class CachedRobots:
    """A cached robots.txt.

    - ``robots`` is its contents, or the reason why it could not be fetched.
    - ``at`` is the time of the request.
    """

    robots: RobotsTxt | Failed
    at: datetime

    def is_valid(self, now: datetime) -> bool:
        """Check whether this robots.txt may still be used at the time ``now``."""
        return self.at <= now < self.at + (_KEPT if isinstance(self.robots, RobotsTxt) else _KEPT_FAILURE)


class RobotsCache:
    """Maps the URL of each robots.txt to its CachedRobots. Any number of threads may share it.

    ``known``: the robots.txt files from the cache of an earlier run, by URL.
    """

    def __init__(self, known: Mapping[str, CachedRobots] | None = None) -> None:
        self._known = dict(known or {})
        self._lock = threading.Lock()

    def get(self, url: str, now: datetime) -> CachedRobots | None:
        """Return the cached robots.txt at this URL; None if there is none, or if it is too old."""
        with self._lock:
            cached = self._known.get(url)
        return cached if cached and cached.is_valid(now) else None

    def put(self, url: str, robots: CachedRobots) -> None:
        with self._lock:
            self._known[url] = robots

    def valid(self, now: datetime) -> dict[str, CachedRobots]:
        """Return each robots.txt that a later run can still use, by URL. Failures are left out."""
        with self._lock:
            found = dict(self._known)
        return {url: each for url, each in found.items() if isinstance(each.robots, RobotsTxt) and each.is_valid(now)}
