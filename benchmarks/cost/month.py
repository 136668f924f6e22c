"""Calculate the dollars of a month from measured invocations. Every price and assumption is a constant here."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cost.invocations import FEEDS, MEMORY_GB, Invocation, Measured

# Dollars, us-east-1, November 2026.
LAMBDA_GB_SECOND = 0.0000133334  # arm64
LAMBDA_REQUEST = 0.20 / 1e6
S3_WRITE, S3_READ = 5.0 / 1e6, 0.4 / 1e6  # PUT, COPY, POST, LIST; GET, HEAD
S3_GB_MONTH = 0.023
SQS_REQUEST = 0.40 / 1e6
SCHEDULE_FIRED = 1.00 / 1e6
EVENT = 1.00 / 1e6  # EventBridge, for each object that S3 reports
LOG_GB = 0.50  # ingested
METRIC, ALARM, DASHBOARD = 0.30, 0.10, 3.00  # each per month
# AWS's free allowances of a month, which do not expire.
FREE = {
    "Lambda GB-s": 400_000, "Lambda requests": 1e6, "SQS": 1e6, "log GB": 5,
    "metrics": 10, "alarms": 10, "dashboards": 3,
}  # fmt: skip

# Assumptions.
DAYS = 365.25 / 12
RUNS = DAYS * 24 * 4  # every 15 minutes
DIGESTS = DAYS * 24
POLLS_A_DAY = 48  # per feed: a feed with new articles every day is polled every 30 minutes
ARTICLES_A_DAY = 5  # per feed
CONCURRENT_HOSTS = 32  # per worker
RESPONSE_SECONDS = 0.5  # of a feed's server over the internet, which is not measured here
S3_SECONDS = 0.03  # of S3 within a region, which is not measured here
IDLE_POLLS = 5 * 3 * 60 * 24 * DAYS  # Lambda's five pollers of the queue, every 20 seconds
YEARS = 1  # of stored articles

_TEMPLATE = (Path(__file__).parents[2] / "template.yaml").read_text(encoding="utf-8")
ALARMS = _TEMPLATE.count("AWS::CloudWatch::Alarm")
METRICS = 13  # of the functions; tests/benchmarks/test_cost.py counts them


@dataclass(frozen=True)
class Month:
    """The dollars of a month by item, and those covered by AWS's free allowances."""

    parts: dict[str, float]
    free: float

    @property
    def total(self) -> float:
        return sum(self.parts.values())


def month(feeds: int, m: Measured) -> Month:
    """What a month costs with this number of feeds."""
    shards = math.ceil(feeds / FEEDS) if feeds > FEEDS else 1
    scale = min(1.0, feeds / FEEDS)  # a smaller shard
    polls, articles = feeds * POLLS_A_DAY * DAYS, feeds * ARTICLES_A_DAY * DAYS
    a_poll, an_article = _part(m.unchanged, m.idle), _part(m.new, m.unchanged)
    a_line, runs = _part(m.digest, m.quiet_digest), RUNS * shards
    hosts = min(CONCURRENT_HOSTS, FEEDS * scale)

    seconds = (
        RUNS * (_seconds(m.plan) + (shards - 1) * S3_SECONDS)
        + runs * _seconds(m.idle)
        + polls * (a_poll.seconds + RESPONSE_SECONDS / hosts)
        + articles * (an_article.seconds + (an_article.writes + an_article.reads) * S3_SECONDS / hosts)
        + DIGESTS * _seconds(m.quiet_digest)
        + articles * (a_line.seconds + a_line.reads * S3_SECONDS / 16)
    )
    # A run writes state if it has polled a feed. With many feeds every run does.
    saving = runs if feeds * POLLS_A_DAY / shards >= 96 else polls
    writes = saving + articles * an_article.writes + DIGESTS * (m.quiet_digest.writes + 6)
    reads = RUNS * m.plan.reads + runs * m.idle.reads + articles * (an_article.reads + 1) + DIGESTS * (
        m.quiet_digest.reads + shards
    )  # fmt: skip
    sqs = RUNS + 3 * runs + IDLE_POLLS
    log = (RUNS * m.plan.log + runs * m.idle.log + polls * a_poll.log + DIGESTS * m.quiet_digest.log) / 1e9
    invoked = RUNS + runs + DIGESTS
    used = {
        "Lambda GB-s": (seconds * MEMORY_GB, LAMBDA_GB_SECOND), "Lambda requests": (invoked, LAMBDA_REQUEST),
        "SQS": (sqs, SQS_REQUEST), "log GB": (log, LOG_GB),
        "metrics": (METRICS, METRIC), "alarms": (ALARMS, ALARM), "dashboards": (1, DASHBOARD),
    }  # fmt: skip
    cost = {name: amount * price for name, (amount, price) in used.items()}
    parts = {
        "Lambda": cost["Lambda GB-s"] + cost["Lambda requests"],
        "S3, requests": writes * S3_WRITE + reads * S3_READ,
        f"S3, storage of {YEARS} year": articles * 12 * YEARS * m.article / 1e9 * S3_GB_MONTH,
        "SQS": cost["SQS"],
        "schedules and events": (RUNS + DIGESTS) * SCHEDULE_FIRED + writes * EVENT,
        "CloudWatch: log": cost["log GB"],
        "CloudWatch: metrics, alarms, dashboard": cost["metrics"] + cost["alarms"] + cost["dashboards"],
    }
    free = sum(min(amount, FREE[name]) * price for name, (amount, price) in used.items())
    return Month(parts, free)


def _seconds(took: Invocation) -> float:
    """The time in AWS, where each of these sequential requests to S3 takes longer than here."""
    return took.seconds + (took.writes + took.reads) * S3_SECONDS


@dataclass(frozen=True)
class _Part:
    seconds: float
    writes: float
    reads: float
    log: float


def _part(more: Invocation, less: Invocation) -> _Part:
    """What one of the FEEDS polls or articles of a shard adds."""
    return _Part(
        max(0.0, more.seconds - less.seconds) / FEEDS,
        max(0, more.writes - less.writes) / FEEDS,
        max(0, more.reads - less.reads) / FEEDS,
        max(0, more.log - less.log) / FEEDS,
    )
