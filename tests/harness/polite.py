"""A polite fetcher whose waits move the test's clock, and whose host names are all on this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from feedarchive.fetching.pace import Pace
from feedarchive.fetching.polite_fetcher import ClientSettings, PoliteFetcher
from feedarchive.fetching.robots_cache import RobotsCache
from feedarchive.polling.requester import FetchEnvironment
from feedarchive.polling.transport_errors import Timeouts
from tests.harness.clock import Clock


@dataclass
class MovingWait:
    """A wait that takes no time: it moves the clock. ``waits`` are the times that were waited for."""

    clock: Clock
    waits: list[datetime] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, until: datetime) -> bool:
        with self._lock:
            if until > self.clock.now:
                self.waits.append(until)
                self.clock.now = until
        return True


def on_this_machine(clock: Clock, timeouts: Timeouts | None = None) -> ClientSettings:
    """Settings with which every host name resolves to 127.0.0.1, the only allowed address."""
    environment = FetchEnvironment(
        timeouts or Timeouts(),
        resolver=lambda host: ["127.0.0.1"],
        clock=clock,
        is_allowed_address=lambda address: address == "127.0.0.1",
    )
    return ClientSettings(environment=environment)


@contextmanager
def polite_fetcher(
    clock: Clock,
    robots: RobotsCache | None = None,
    limit: timedelta = timedelta(hours=1),
    settings: ClientSettings | None = None,
) -> Iterator[PoliteFetcher]:
    """A fetcher that starts no request later than ``limit`` from now."""
    pace = Pace(clock, MovingWait(clock), clock() + limit)
    with closing(PoliteFetcher(settings or on_this_machine(clock), pace, robots or RobotsCache())) as fetcher:
        yield fetcher
