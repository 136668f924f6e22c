"""Measure the function that fetches the pages of articles, and calculate what it costs in a month."""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from benchmarks.cost import month as assumed
from benchmarks.cost.invocations import CONTEXT, MEMORY_GB, Invocation, Log, environment, event, function, measured
from benchmarks.peers.local_aws import local_aws
from benchmarks.peers.subscriptions import BEFORE, ip_address
from benchmarks.peers.web_server import serving
from feedarchive.article.file_names import CompanionKind, companion_kind
from feedarchive.clock import now

PAGES = 50
# Assumptions in addition to those in month.py.
PAGE_SECONDS = 1.0  # how long a publisher's server needs for a page or a picture
GAP_SECONDS = 5.0  # the pause between two requests to a host (fetching/pace.py)
HOSTS = 32  # the number of hosts that are requested at the same time (functions/complete_articles/complete.py)
ROBOTS_REQUESTS = 1 / assumed.ARTICLES_A_DAY  # for each article: the robots.txt of a host is requested once a day
PICTURES = 6  # the number of pictures in an article: 94 recorded pages had 577 (docs/decisions.md)
PICTURE_BYTES = 150_000
FUNCTIONS = Path(__file__).parents[2] / "functions"
ALARM_AND_POLLS = assumed.ALARM + assumed.IDLE_POLLS * assumed.SQS_REQUEST
_WORDS = "The ferry to the outer islands will run through the winter for the first time, the harbor board decided. "


@dataclass(frozen=True)
class Measured:
    """All measurements.

    - ``idle``: an invocation without a job
    - ``pages``: an invocation that fetches PAGES pages
    - ``full_text``: the stored bytes of one full text
    """

    idle: Invocation
    pages: Invocation
    full_text: float


def measure() -> Measured:
    """Archive one article from each of PAGES feeds, and fetch the pages from a local web server, without pauses."""
    with tempfile.TemporaryDirectory(prefix="feedarchive-cost-") as scratch:
        folder = Path(scratch)
        _write_site(folder / "www")
        with local_aws(folder, "cost") as aws, serving(folder / "www", folder / "server") as server:
            queue = environment(aws)
            # A logger keeps the stdout that it found when it was created. The new name makes the functions create a new
            # logger, which uses ``log``.
            os.environ["POWERTOOLS_SERVICE_NAME"] = "whole-articles"
            feeds = "".join(
                f'[[feeds]]\nurl = "http://{ip_address(number)}:{server.port}/feed{number}.xml"\n'
                for number in range(PAGES)
            )
            head = "[fetch]\nallow_private_addresses = true\n[defaults]\nfull_text = true\n"
            _write_feeds(folder / "www", server.port)
            boto3.client("s3").put_object(Bucket="cost", Key="feeds.toml", Body=(head + feeds).encode())
            log = Log()
            try:
                _forget_modules()
                complete = _complete_articles()
                fetch = function("fetch_feeds")
                fetch.handler({}, CONTEXT)
                complete.handler({}, CONTEXT)  # not measured: the first call imports modules
                idle = measured(aws, log, lambda: complete.handler({}, CONTEXT))
                message = boto3.client("sqs").receive_message(QueueUrl=queue)["Messages"][0]
                fetch.handler(event(message["Body"], now()), CONTEXT)
                pages = measured(aws, log, lambda: complete.handler({}, CONTEXT))
            finally:
                log.close()
            sizes = _full_texts()
    if len(sizes) != PAGES:
        raise RuntimeError(f"{len(sizes)} of {PAGES} pages were stored")
    return Measured(idle, pages, sum(sizes) / PAGES)


def month(feeds: int, m: Measured) -> dict[str, float]:
    """The additional dollars for a month: for WholeArticles alone, for full_text in all feeds, and for images."""
    articles = feeds * assumed.ARTICLES_A_DAY * assumed.DAYS
    cpu = max(0.0, m.pages.cpu - m.idle.cpu) / PAGES
    writes, reads = ((getattr(m.pages, name) - getattr(m.idle, name)) / PAGES for name in ("writes", "reads"))
    log = (m.pages.log - m.idle.log) / PAGES
    each_run = articles / assumed.RUNS
    # One article needs the request for its page, and its share of the request for robots.txt and of the pause after it.
    article_seconds = PAGE_SECONDS + ROBOTS_REQUESTS * (PAGE_SECONDS + GAP_SECONDS)
    rounds = max(min(1.0, each_run), each_run / HOSTS)
    seconds = assumed.RUNS * (
        m.idle.cpu / assumed.CORE + (m.idle.writes + m.idle.reads) * assumed.S3_SECONDS
        + rounds * article_seconds + each_run * (cpu / assumed.CORE)
    )  # fmt: skip
    pages = (
        seconds * MEMORY_GB * assumed.LAMBDA_GB_SECOND + assumed.RUNS * assumed.LAMBDA_REQUEST
        + (articles * writes + assumed.RUNS * m.idle.writes) * assumed.S3_WRITE
        + (articles * reads + assumed.RUNS * m.idle.reads) * assumed.S3_READ
        + articles * 12 * assumed.YEARS * m.full_text / 1e9 * assumed.S3_GB_MONTH
        + articles * log / 1e9 * assumed.LOG_GB
        + 3 * assumed.RUNS * assumed.SQS_REQUEST
    )  # fmt: skip
    pictures = (
        assumed.RUNS * rounds * PICTURES * (PAGE_SECONDS + GAP_SECONDS) * MEMORY_GB * assumed.LAMBDA_GB_SECOND
        + articles * (PICTURES + 3) * assumed.S3_WRITE
        + articles * PICTURES * PICTURE_BYTES * 12 * assumed.YEARS / 1e9 * assumed.S3_GB_MONTH
    )  # fmt: skip
    return {
        "WholeArticles, without a feed that needs it": ALARM_AND_POLLS,
        "and full_text for all feeds": pages,
        "and images for all feeds": pictures,
    }


def _complete_articles() -> Any:
    """Import the function, and remove its pauses between the requests to a host."""
    handler = function("complete_articles")
    importlib.import_module("complete").Waiting = lambda: lambda until: True  # type: ignore[attr-defined]
    _forget_modules()
    return handler


def _forget_modules() -> None:
    """Remove the modules of all functions from memory, so that they are imported again.

    Different functions have modules with the same names. A module also keeps the store of an earlier measurement.
    """
    for path in FUNCTIONS.glob("*/*.py"):
        sys.modules.pop(path.stem, None)


def _write_site(root: Path) -> None:
    """Write a page of about 100 KB: an article of 1,000 words with menus around it, and scripts."""
    links = "".join(f'<li><a href="/n/{n}">Another article of this week, number {n}</a></li>' for n in range(150))
    images = [f'<figure><img src="/{n}.jpg" width="800"><figcaption>The quay</figcaption></figure>' for n in range(6)]
    text = "".join(f"<p>{n}: {_WORDS * 3}</p>{images[n // 3] if n % 3 == 0 else ''}" for n in range(18))
    script = f"<script>{json.dumps({str(n): 'x' * 40 for n in range(1_200)})}</script>"
    page = (
        f"<!doctype html><html lang=en><head><title>Ferry</title>{script}</head><body><nav><ul>{links}</ul></nav>"
        f"<article><h1>Ferry</h1>{text}</article><aside><ul>{links}</ul></aside></body></html>"
    )
    (root / BEFORE).mkdir(parents=True)
    (root / BEFORE / "page.html").write_text(page)
    (root / "now").symlink_to(BEFORE)


def _write_feeds(root: Path, port: int) -> None:
    for number in range(PAGES):
        host = f"http://{ip_address(number)}:{port}/"
        (root / BEFORE / f"feed{number}.xml").write_text(
            f"<rss version='2.0'><channel><title>{number}</title><link>{host}</link><description/><item>"
            f"<title>Ferry</title><link>{host}page.html</link><guid>{number}</guid><description>{_WORDS}</description>"
            "</item></channel></rss>"
        )


def _full_texts() -> list[int]:
    pages = boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket="cost", Prefix="archive/")
    found = [each for page in pages for each in page.get("Contents", ())]
    return [each["Size"] for each in found if companion_kind(each["Key"]) is CompanionKind.FULL_TEXT]
