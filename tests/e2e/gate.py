"""Answers of a server that a test can hold back: the request is there, and waits."""

from __future__ import annotations

import threading
from typing import Any

from loopback import Answer

_LONGEST = 60.0  # seconds, so that a failed test ends


class Gate(dict[str, Answer]):
    """``held`` is the path whose answers wait until ``opened``; ``reached`` tells that somebody asks for it."""

    def __init__(self) -> None:
        super().__init__()
        self.held = ""
        self.reached, self.opened = threading.Event(), threading.Event()

    def hold(self, path: str) -> None:
        self.held = path
        self.reached.clear()
        self.opened.clear()

    def open(self) -> None:
        self.held = ""
        self.opened.set()

    def get(self, path: str, default: Any = None) -> Any:
        if path == self.held:
            self.reached.set()
            self.opened.wait(_LONGEST)
        return super().get(path, default)
