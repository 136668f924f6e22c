"""Wait until a given time."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Protocol

from feedarchive.clock import now


class Wait(Protocol):
    """Waits until a time. Returns False if the program is stopped before that time."""

    def __call__(self, until: datetime) -> bool: ...


class Waiting:
    """Waits until a time, or until another thread calls ``interrupt``."""

    def __init__(self) -> None:
        self._interrupted = threading.Event()

    def __call__(self, until: datetime) -> bool:
        while (seconds := (until - now()).total_seconds()) > 0:
            if self._interrupted.wait(seconds):
                return False
        return not self._interrupted.is_set()

    def interrupt(self) -> None:
        """End all current waits. Each later wait ends at once."""
        self._interrupted.set()
