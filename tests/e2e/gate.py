"""A response that the test releases, so that it can act while the request is in progress."""

from __future__ import annotations

import threading

from tests.harness.feed_server import RecordedRequest, Response

_MAX_WAIT = 600.0  # seconds, so that a failing test ends


class Gate:
    """Sends ``response`` while ``opened`` is set, else waits for it. ``reached`` is set by the first request."""

    def __init__(self, response: Response) -> None:
        self.response = response
        self.reached, self.opened = threading.Event(), threading.Event()

    def __call__(self, request: RecordedRequest) -> Response:
        self.reached.set()
        self.opened.wait(_MAX_WAIT)
        return self.response
