"""The command `make cost`: what a month on AWS costs with 20, 200 and 2,000 feeds."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from benchmarks.cost import month as assumed
from benchmarks.cost import whole_articles
from benchmarks.cost.invocations import Invocation, measure
from benchmarks.cost.month import Month, month, options
from benchmarks.peers.report import table

SIZES = (20, 200, 2000)


def main() -> None:
    """Measure, and print two tables in Markdown: the measurements and the costs."""
    measured, whole = measure(), whole_articles.measure()
    invoked = {
        "a plan": measured.plan,
        "a worker, no feed due": measured.idle,
        "a worker, 50 feeds, nothing new": measured.unchanged,
        "a worker, 50 feeds, 50 new articles": measured.new,
        "a digest, nothing new": measured.quiet_digest,
        "a digest, 50 new articles": measured.digest,
        "CompleteArticles, no job": whole.idle,
        f"CompleteArticles, {whole_articles.PAGES} pages": whole.pages,
    }
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, load {os.getloadavg()[0]:.1f}\n")
    print(
        table(
            [_row(name, took) for name, took in invoked.items()], ["measured", "s of CPU", "writes", "reads", "log, kB"]
        )
    )
    months = [month(feeds, measured) for feeds in SIZES]
    rows = [[part, *(f"{each.parts[part]:.2f}" for each in months)] for part in months[0].parts]
    rows += [_sum("total", months, 0), _sum("total minus AWS's free allowances", months, 1)]
    print(f"\n{table(rows, ['dollars per month', *(f'{feeds:,} feeds' for feeds in SIZES)])}\n")
    print(
        f"Setting up a function takes {measured.init:.2f} s of CPU, {measured.init / assumed.CORE:.2f} s in Lambda. "
        f"A build needs {measured.line * 1e3:.2f} ms of CPU for each article that the day has already.\n"
    )
    more = [{**options(feeds, measured), **whole_articles.month(feeds, whole)} for feeds in SIZES]
    rows = [[part, *(f"{each[part]:.2f}" for each in more)] for part in more[0]]
    print(f"{table(rows, ['off by default', *(f'{feeds:,} feeds' for feeds in SIZES)])}\n")
    print(
        f"Each feed is polled {assumed.POLLS_A_DAY} times and has {assumed.ARTICLES_A_DAY} new articles a day. Its "
        f"server responds in {assumed.RESPONSE_SECONDS} s, S3 in {assumed.S3_SECONDS} s. Lambda has "
        f"{assumed.CORE:.2f} of a core. Prices and assumptions: benchmarks/cost/month.py. With full_text and images: a "
        f"page or picture takes {whole_articles.PAGE_SECONDS:g} s, requests to a host are "
        f"{whole_articles.GAP_SECONDS:g} s apart, an article has {whole_articles.PICTURES} pictures of "
        f"{whole_articles.PICTURE_BYTES // 1000} KB: benchmarks/cost/whole_articles.py."
    )


def _row(name: str, took: Invocation) -> list[str]:
    return [name, f"{took.cpu:.2f}", f"{took.writes}", f"{took.reads}", f"{took.log / 1000:.1f}"]


def _sum(name: str, months: list[Month], free: int) -> list[str]:
    return [name, *(f"{max(0.0, each.total - free * each.free):.2f}" for each in months)]


if __name__ == "__main__":
    main()
