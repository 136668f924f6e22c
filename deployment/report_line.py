"""The REPORT line that Lambda logs after each invocation: how long it took, and how much memory it used."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

_VALUE = re.compile(r"(Duration|Billed Duration|Memory Size|Max Memory Used|Init Duration): ([\d.]+)")


@dataclass(frozen=True)
class Report:
    """The values of a REPORT line, in milliseconds and megabytes. ``init`` is 0 if there was no cold start."""

    duration: float
    memory: float
    max_memory: float
    init: float

    @property
    def text(self) -> str:
        init = f", {self.init:.0f} ms to set up" if self.init else ", no cold start"
        return f"{self.duration:.0f} ms{init}, {self.max_memory:.0f} of {self.memory:.0f} MB"


def parse_report(log_tail: str) -> Report | None:
    """Return the report at the end of a log; None if there is none. ``log_tail``: base64, as Lambda returns it."""
    text = base64.b64decode(log_tail).decode("utf-8", "replace")
    values = {name: float(value) for name, value in _VALUE.findall(text.rpartition("REPORT RequestId")[2])}
    if "Duration" not in values:
        return None
    return Report(
        values["Duration"],
        values.get("Memory Size", 0.0),
        values.get("Max Memory Used", 0.0),
        values.get("Init Duration", 0.0),
    )


def share_of_limits(report: Report, timeout: int) -> float:
    """Return the used share of the time limit (``timeout``, in seconds) or of the memory, whichever is larger."""
    return max(report.duration / (timeout * 1000), report.max_memory / report.memory if report.memory else 0.0)
