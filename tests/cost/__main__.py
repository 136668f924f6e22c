"""make cost: what a month on AWS costs with 20, 200 and 2,000 feeds."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from bench.report import table
from cost import month as assumed
from cost.measured import Took, measure
from cost.month import Month, month

SIZES = (20, 200, 2000)


def main() -> None:
    """Measure, and print two tables in Markdown: what was measured, and what it costs."""
    measured = measure()
    invoked = {
        "a plan": measured.plan,
        "a worker, nothing due": measured.idle,
        "a worker, 50 feeds, nothing new": measured.unchanged,
        "a worker, 50 feeds, 50 new articles": measured.new,
        "a digest, nothing new": measured.quiet_digest,
        "a digest, 50 new articles": measured.digest,
    }
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, load {os.getloadavg()[0]:.1f}\n")
    print(table([_row(name, took) for name, took in invoked.items()], ["measured", "s", "writes", "reads", "log, kB"]))
    months = [month(feeds, measured) for feeds in SIZES]
    rows = [[part, *(f"{each.parts[part]:.2f}" for each in months)] for part in months[0].parts]
    rows += [_sum("all of it", months, 0), _sum("less what AWS gives every account for nothing", months, 1)]
    print(f"\n{table(rows, ['dollars a month', *(f'{feeds:,} feeds' for feeds in SIZES)])}\n")
    print(
        f"Each feed is polled {assumed.POLLS_A_DAY} times and has {assumed.ARTICLES_A_DAY} new articles a day; it "
        f"answers in {assumed.ANSWER_SECONDS} s, S3 in {assumed.S3_SECONDS} s. "
        "Prices and assumptions: tests/cost/month.py."
    )


def _row(name: str, took: Took) -> list[str]:
    return [name, f"{took.seconds:.2f}", f"{took.writes}", f"{took.reads}", f"{took.log / 1000:.1f}"]


def _sum(name: str, months: list[Month], free: int) -> list[str]:
    return [name, *(f"{max(0.0, each.total - free * each.free):.2f}" for each in months)]


if __name__ == "__main__":
    main()
