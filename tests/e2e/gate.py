"""An answer that a test holds back: the request is there, and waits."""

from __future__ import annotations

import threading

from loopback import Answer, Asked

_LONGEST = 60.0  # seconds, so that a failed test ends


class Gate:
    """``answer`` is sent when ``opened``; ``reached`` tells that somebody asks for it."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.reached, self.opened = threading.Event(), threading.Event()

    def __call__(self, asked: Asked) -> Answer:
        self.reached.set()
        self.opened.wait(_LONGEST)
        return self.answer
