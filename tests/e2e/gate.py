"""Hold back a response until the test releases it. Meanwhile, the test can act."""

from __future__ import annotations

import threading

from tests.harness.feed_server import RecordedRequest, Response

_MAX_WAIT = 300.0  # seconds; without a limit, a failing test would hang


class Gate:
    """Sends ``response`` as soon as the test sets ``opened``. The first request sets ``reached``."""

    def __init__(self, response: Response) -> None:
        self.response = response
        self.reached, self.opened = threading.Event(), threading.Event()

    def __call__(self, request: RecordedRequest) -> Response:
        self.reached.set()
        self.opened.wait(_MAX_WAIT)
        return self.response
