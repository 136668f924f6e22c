"""One request at a time to a host, and some seconds from the end of one to the start of the next."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from feedarchive.fetching.waiting import Wait

GAP = timedelta(seconds=5)
"""The time from the end of a request to the start of the next one to the same host."""
_MAX_HOLD = timedelta(minutes=1)
"""A host that asks to wait for longer gets no further turn: the next run continues."""


class Pace:
    """Lets threads take turns, host by host. Times are those of ``clock``. A turn that would start after the
    ``deadline`` is refused at once. Any host may have been requested until ``before``, for example by polls.
    ``on_turn`` is called before each turn, by many threads.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        wait: Wait,
        deadline: datetime,
        before: datetime | None = None,
        on_turn: Callable[[], None] = lambda: None,
    ) -> None:
        self.clock, self._wait, self._deadline, self._before = clock, wait, deadline, before
        self._on_turn = on_turn
        self._lock = threading.Lock()
        self._turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._ended: dict[str, datetime] = {}
        self._held: dict[str, datetime] = {}

    @contextmanager
    def turn(self, host: str, gap: timedelta = GAP) -> Iterator[bool]:
        """Wait for the next turn of a host; false if it would come too late, or if the program ends."""
        with self._lock:
            turns = self._turns[host]
        with turns:
            start = self.next_turn(host, gap)
            is_held = self._held.get(host, start) > self.clock() + _MAX_HOLD
            if is_held or start > self._deadline or not self._wait(start):
                yield False
                return
            self._on_turn()
            try:
                yield True
            finally:
                self._ended[host] = self.clock()

    def next_turn(self, host: str, gap: timedelta = GAP) -> datetime:
        """When the next request to a host may start, if no other thread requests something of it."""
        now, last = self.clock(), self._ended.get(host, self._before)
        # A time in the future is that of a clock that was wrong.
        after_last = min(last, now) + gap if last else now
        return max(now, after_last, self._held.get(host, now))

    def hold(self, host: str, until: datetime) -> None:
        """Request nothing of a host before a time, because it asks for that."""
        self._held[host] = max(until, self._held.get(host, until))

    def held_hosts(self) -> dict[str, datetime]:
        """The hosts of which nothing may be requested yet, and until when."""
        now = self.clock()
        return {host: until for host, until in self._held.items() if until > now}
