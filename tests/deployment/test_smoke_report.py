"""What `make smoke` reads from a log, and the table that it prints."""

from __future__ import annotations

import base64

from deployment.findings import Finding, State, as_table
from deployment.report_line import Report, parse_report, share_of_limits

COLD = (
    "END RequestId: 3f\nREPORT RequestId: 3f\tDuration: 2345.67 ms\tBilled Duration: 3346 ms\tMemory Size: 1024 MB\t"
    "Max Memory Used: 256 MB\tInit Duration: 999.50 ms\t\n"
)


def test_a_report_line_is_parsed() -> None:
    report = parse_report(base64.b64encode(COLD.encode()).decode())
    assert report == Report(duration=2345.67, memory=1024, max_memory=256, init=999.5)
    assert report.text == "2346 ms, 1000 ms to set up, 256 of 1024 MB"
    warm = parse_report(base64.b64encode(COLD.replace("Init Duration: 999.50 ms", "").encode()).decode())
    assert warm
    assert "no cold start" in warm.text
    assert parse_report(base64.b64encode(b"START\n").decode()) is None


def test_the_share_of_the_limits_is_the_larger_one() -> None:
    assert share_of_limits(Report(1000, 1024, 512, 0), timeout=300) == 0.5
    assert share_of_limits(Report(270_000, 1024, 128, 0), timeout=300) == 0.9


def test_the_table_has_aligned_columns() -> None:
    table = as_table([Finding("stack", State.GOOD, "CREATE_COMPLETE"), Finding("dead letters", State.BAD, "3")])
    assert table.splitlines() == ["good  stack         CREATE_COMPLETE", "BAD   dead letters  3"]
