"""Limit the requests to each host: one at a time, with a pause of some seconds after each request."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from feedarchive.fetching.waiting import Wait

GAP = timedelta(seconds=5)
"""The shortest time from the end of a request to the start of the next request to the same host."""
_MAX_HOLD = timedelta(minutes=1)
"""If a host asks for a longer pause, requests are refused at once instead of waiting."""


class Pace:
    """Gives turns to threads. A turn is the right to send one request to a host.

    - ``clock``: returns the current time.
    - ``wait``: waits until a time; returns False if the program ends.
    - ``deadline``: a turn that would start later is refused at once.
    - ``before``: when polling or an earlier run may have sent the last request; None if there was none. The first turn
      of each host starts at least one gap later.
    - ``on_turn``: is called at the start of each turn, by the thread that has the turn.
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
        """Wait until a request to a host may start, and yield True. The turn ends with the ``with`` block.

        ``gap`` is the shortest time from the end of the host's last turn to the start of this turn.

        Yields False if no request may be sent: the turn would start after the deadline, the host asked for a pause
        longer than _MAX_HOLD, or the program ends.
        """
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
        """Return the earliest time at which the next request to a host may start."""
        now, last = self.clock(), self._ended.get(host, self._before)
        # ``last`` is in the future only if the clock was wrong. It then counts as now.
        after_last = min(last, now) + gap if last else now
        return max(now, after_last, self._held.get(host, now))

    def hold(self, host: str, until: datetime) -> None:
        """Start no turn of a host before ``until``, because the host asked us to wait."""
        self._held[host] = max(until, self._held.get(host, until))

    def held_hosts(self) -> dict[str, datetime]:
        """Return the hosts whose pause has not ended yet, with the end of the pause."""
        now = self.clock()
        return {host: until for host, until in self._held.items() if until > now}
