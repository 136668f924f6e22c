"""Calculate the dollars of a month from measured invocations. Every price and assumption is a constant here."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cost.invocations import DAY_SIZE, FEEDS, MEMORY_GB, Invocation, Measured
from feedarchive import run

# Dollars, us-east-1, November 2026.
LAMBDA_GB_SECOND = 0.0000133334  # arm64
LAMBDA_REQUEST = 0.20 / 1e6
S3_WRITE, S3_READ = 5.0 / 1e6, 0.4 / 1e6  # PUT, COPY, POST, LIST; GET, HEAD
S3_GB_MONTH = 0.023
SQS_REQUEST = 0.40 / 1e6
SCHEDULE_FIRED = 1.00 / 1e6
LOG_GB = 0.50  # ingested
ALARM = 0.10  # per month
# The parameters DetailedMetrics and ObjectEvents, which are off by default.
METRIC, DASHBOARD = 0.30, 3.00  # per month
EVENT = 1.00 / 1e6  # EventBridge, for each object that S3 reports
# AWS's free allowances of a month, which do not expire.
FREE = {"Lambda GB-s": 400_000, "Lambda requests": 1e6, "SQS": 1e6, "log GB": 5, "alarms": 10}

# Assumptions.
DAYS = 365.25 / 12
RUNS = DAYS * 24 * 4  # every 15 minutes
DIGESTS = DAYS * 24
POLLS_A_DAY = 48  # per feed: a feed with new articles every day is polled every 30 minutes
ARTICLES_A_DAY = 5  # per feed
CONCURRENT_HOSTS = run.WORKERS  # per worker
WORKERS = 5  # the default of MaximumWorkers
RESPONSE_SECONDS = 0.5  # of a feed's server over the internet, which is not measured here
S3_SECONDS = 0.03  # of S3 within a region, which is not measured here
CORE = MEMORY_GB / (1769 / 1024)  # Lambda gives a function with 1,769 MB one core
LOG_BYTES = 400  # per invocation: the START, END and REPORT lines of Lambda
IDLE_POLLS = 5 * 3 * 60 * 24 * DAYS  # Lambda's five pollers of the queue, every 20 seconds
YEARS = 1  # of stored articles
# Old versions are deleted some days after they were replaced, at midnight (template.yaml).
STATE_VERSION_DAYS = 1.5
DIGEST_VERSIONS_KEPT, DIGEST_VERSION_DAYS = 3, 30.5  # older ones are deleted like those of state
LISTED_DAYS = 8  # past days that a build lists once a day, each with its pages

_TEMPLATE = (Path(__file__).parents[2] / "template.yaml").read_text(encoding="utf-8")
ALARMS = _TEMPLATE.count("AWS::CloudWatch::Alarm\n    Properties:")  # of the stack without WholeArticles
METRICS = 13  # of the two functions that are always there; tests/benchmarks/test_cost.py counts them


@dataclass(frozen=True)
class Month:
    """The dollars of a month by item, and those covered by AWS's free allowances."""

    parts: dict[str, float]
    free: float

    @property
    def total(self) -> float:
        return sum(self.parts.values())


def month(feeds: int, m: Measured) -> Month:
    """What a month costs with this number of feeds, with the parameters at their defaults."""
    shards = 2 ** max(0, round(math.log2(feeds / FEEDS)))  # as in polling/shards.py
    polls, articles = feeds * POLLS_A_DAY * DAYS, feeds * ARTICLES_A_DAY * DAYS
    a_poll, an_article = _part(m.unchanged, m.idle), _part(m.new, m.unchanged)
    a_line = _part(m.digest, m.quiet_digest)
    runs = RUNS * shards
    hosts = min(CONCURRENT_HOSTS, feeds / shards)
    # The environment that planned also polls.
    cold = RUNS * min(shards, WORKERS) + DIGESTS
    day = articles / DAYS
    builds = DIGESTS * (1 - math.exp(-day / 24))  # hours with a new article
    past_days = LISTED_DAYS / 24  # in each build
    pages = DIGESTS * feeds * (1 - math.exp(-ARTICLES_A_DAY / 24))  # of the sites with a new article
    # What a build with a new article adds to a quiet one, besides the articles and the pages of their sites.
    more_writes = max(0, m.digest.writes - m.quiet_digest.writes - FEEDS - 2 * (DAY_SIZE // 1_000))
    more_reads = max(0, m.digest.reads - m.quiet_digest.reads - 2 * FEEDS)

    seconds = (
        cold * m.init / CORE
        + RUNS * (_seconds(m.plan) + shards / 80 * S3_SECONDS)
        + runs * _seconds(m.idle)
        + polls * (a_poll.cpu / CORE + RESPONSE_SECONDS / hosts)
        + articles * (an_article.cpu / CORE + (an_article.writes + an_article.reads) * S3_SECONDS / hosts)
        + DIGESTS * (_seconds(m.quiet_digest) + past_days * 5 * S3_SECONDS + shards * S3_SECONDS / 16)
        + articles * (max(0.0, a_line.cpu - m.line * DAY_SIZE / FEEDS) / CORE + 3 * S3_SECONDS / 16)
        + builds * (more_writes + more_reads) * S3_SECONDS
        + builds * day / 2 * m.line / CORE
    )
    # A run writes state if it has polled a feed. With many feeds every run does.
    saving = runs if feeds * POLLS_A_DAY / shards >= 96 else polls
    # A listing has 1,000 keys, and a build lists its day twice; the first page of each is in more_writes.
    lists = DIGESTS * (m.quiet_digest.writes + past_days * 2) + builds * day / 1_000
    writes = RUNS * m.plan.writes + saving + articles * an_article.writes + pages + builds * more_writes + lists
    reads = (
        RUNS * m.plan.reads + runs * m.idle.reads + articles * (an_article.reads + 1) + pages + builds * more_reads
        + DIGESTS * (m.quiet_digest.reads + past_days * 3 + shards)
    )  # fmt: skip
    sqs = RUNS * (1 + math.ceil(shards / 10)) + 2 * runs + IDLE_POLLS
    invoked = RUNS + runs + DIGESTS
    log = (
        RUNS * m.plan.log + runs * m.idle.log + polls * a_poll.log + articles * an_article.log
        + DIGESTS * m.quiet_digest.log + invoked * LOG_BYTES
    ) / 1e9  # fmt: skip
    old_versions = (
        saving / DAYS * STATE_VERSION_DAYS * m.state * feeds / shards / FEEDS
        + builds / DAYS * STATE_VERSION_DAYS * day / 2 * m.digest_line
        + DIGEST_VERSIONS_KEPT * DIGEST_VERSION_DAYS * day * m.digest_line
        + day * STATE_VERSION_DAYS * m.page * ARTICLES_A_DAY / 2
    ) / 1e9  # fmt: skip
    stored = articles * 12 * YEARS * (m.article + m.digest_line + m.page) / 1e9
    used = {
        "Lambda GB-s": (seconds * MEMORY_GB, LAMBDA_GB_SECOND), "Lambda requests": (invoked, LAMBDA_REQUEST),
        "SQS": (sqs, SQS_REQUEST), "log GB": (log, LOG_GB), "alarms": (ALARMS, ALARM),
    }  # fmt: skip
    cost = {name: amount * price for name, (amount, price) in used.items()}
    parts = {
        "Lambda": cost["Lambda GB-s"] + cost["Lambda requests"],
        "S3, requests": writes * S3_WRITE + reads * S3_READ,
        f"S3, storage of {YEARS} year": stored * S3_GB_MONTH,
        "S3, old versions": old_versions * S3_GB_MONTH,
        "SQS": cost["SQS"],
        "schedules": (RUNS + DIGESTS) * SCHEDULE_FIRED,
        "CloudWatch: log": cost["log GB"],
        "CloudWatch: alarms": cost["alarms"],
    }
    free = sum(min(amount, FREE[name]) * price for name, (amount, price) in used.items())
    return Month(parts, free)


def options(feeds: int, m: Measured) -> dict[str, float]:
    """What the parameters that are off by default add to a month."""
    objects = feeds * ARTICLES_A_DAY * DAYS * (_part(m.new, m.unchanged).writes + 1)
    return {"DetailedMetrics": METRICS * METRIC + DASHBOARD, "ObjectEvents": objects * EVENT}


def _seconds(took: Invocation) -> float:
    """The time in AWS, with its slower core, where each of these sequential requests to S3 takes longer than here."""
    return took.cpu / CORE + (took.writes + took.reads) * S3_SECONDS


@dataclass(frozen=True)
class _Part:
    cpu: float
    writes: float
    reads: float
    log: float


def _part(more: Invocation, less: Invocation) -> _Part:
    """What one of the FEEDS polls or articles of a shard adds."""
    return _Part(
        max(0.0, more.cpu - less.cpu) / FEEDS,
        max(0, more.writes - less.writes) / FEEDS,
        max(0, more.reads - less.reads) / FEEDS,
        max(0, more.log - less.log) / FEEDS,
    )
