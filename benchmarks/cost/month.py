"""Calculate what a month costs in dollars, from measured invocations. All prices and assumptions are constants here."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cost.invocations import DAY_SIZE, FEEDS, MEMORY_GB, Invocation, Measured
from feedarchive import run

# Prices in dollars, in the region us-east-1 in November 2026.
LAMBDA_GB_SECOND = 0.0000133334  # on arm64
LAMBDA_REQUEST = 0.20 / 1e6
S3_WRITE, S3_READ = 5.0 / 1e6, 0.4 / 1e6  # a "write" is a PUT, COPY, POST or LIST, a "read" is a GET or HEAD
S3_GB_MONTH = 0.023
SQS_REQUEST = 0.40 / 1e6
SCHEDULE_FIRED = 1.00 / 1e6
LOG_GB = 0.50  # for each GB that is written to a log
ALARM = 0.10  # per month
# Prices for the parameters DetailedMetrics and ObjectEvents, which are off by default.
METRIC, DASHBOARD = 0.30, 3.00  # per month
EVENT = 1.00 / 1e6  # for each new object that S3 reports to EventBridge
# What AWS gives for free in each month. This does not end after the first year.
FREE = {"Lambda GB-s": 400_000, "Lambda requests": 1e6, "SQS": 1e6, "log GB": 5, "alarms": 10}

# Assumptions about a month.
DAYS = 365.25 / 12
RUNS = DAYS * 24 * 4  # a run every 15 minutes
DIGESTS = DAYS * 24
POLLS_A_DAY = 48  # for each feed: a feed with new articles every day is polled every 30 minutes
ARTICLES_A_DAY = 5  # for each feed
CONCURRENT_HOSTS = run.WORKERS  # the number of hosts that a worker polls at the same time
WORKERS = 5  # the number of workers at the same time (the default of the parameter MaximumWorkers)
RESPONSE_SECONDS = 0.5  # how long a feed's server needs for a response over the internet; not measured
S3_SECONDS = 0.03  # how long S3 needs for a response within a region; not measured
CORE = MEMORY_GB / (1769 / 1024)  # the share of a core: Lambda gives one core to a function with 1,769 MB
LOG_BYTES = 400  # for each invocation: the START, END and REPORT lines of Lambda
IDLE_POLLS = 5 * 3 * 60 * 24 * DAYS  # Lambda requests messages from a queue five times every 20 seconds
YEARS = 1  # the age of the archive in years
# Days for which S3 keeps the old version of an object that was replaced (template.yaml). S3 deletes at midnight.
STATE_VERSION_DAYS = 1.5
# S3 keeps the three newest old versions of a digest for 30.5 days, and all others for STATE_VERSION_DAYS.
DIGEST_VERSIONS_KEPT, DIGEST_VERSION_DAYS = 3, 30.5
LISTED_DAYS = 8  # the number of past days whose articles and pages a build lists once a day

_TEMPLATE = (Path(__file__).parents[2] / "template.yaml").read_text(encoding="utf-8")
ALARMS = _TEMPLATE.count("AWS::CloudWatch::Alarm\n    Properties:")  # the alarms of a stack without WholeArticles
METRICS = 13  # the metrics of the functions that poll and build; tests/benchmarks/test_cost.py checks the number


@dataclass(frozen=True)
class Month:
    """The costs of a month in dollars.

    ``parts`` has the cost of each item. ``free`` is the part that AWS does not charge, because of its free allowances.
    """

    parts: dict[str, float]
    free: float

    @property
    def total(self) -> float:
        return sum(self.parts.values())


def month(feeds: int, m: Measured) -> Month:
    """What a month costs with this number of feeds, if all parameters of the stack have their defaults."""
    shards = 2 ** max(0, round(math.log2(feeds / FEEDS)))  # the number that polling/shards.py chooses
    polls, articles = feeds * POLLS_A_DAY * DAYS, feeds * ARTICLES_A_DAY * DAYS
    a_poll, an_article = _part(m.unchanged, m.idle), _part(m.new, m.unchanged)
    a_line = _part(m.digest, m.quiet_digest)
    runs = RUNS * shards
    hosts = min(CONCURRENT_HOSTS, feeds / shards)
    # The number of cold starts. The environment of Lambda that made the plan also polls a shard.
    cold = RUNS * min(shards, WORKERS) + DIGESTS
    day = articles / DAYS
    builds = DIGESTS * (1 - math.exp(-day / 24))  # the builds with at least one new article
    past_days = LISTED_DAYS / 24  # the mean number of past days that a build lists
    pages = DIGESTS * feeds * (1 - math.exp(-ARTICLES_A_DAY / 24))  # rewritten pages: sites with new articles
    # The additional requests of a build with new articles, without those for the articles and for the pages of sites.
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
    # The number of times that a run writes the state of a shard: if it polled a feed of the shard. If a shard has many
    # feeds, every run polls at least one.
    saving = runs if feeds * POLLS_A_DAY / shards >= 96 else polls
    # A build lists its day twice, with 1,000 keys in each request. The first request of each listing is in more_writes.
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
    """Map parameters that are off by default to the dollars that each adds to a month."""
    objects = feeds * ARTICLES_A_DAY * DAYS * (_part(m.new, m.unchanged).writes + 1)
    return {"DetailedMetrics": METRICS * METRIC + DASHBOARD, "ObjectEvents": objects * EVENT}


def _seconds(took: Invocation) -> float:
    """The seconds that an invocation takes on AWS, where the core is slower and each request to S3 takes longer."""
    return took.cpu / CORE + (took.writes + took.reads) * S3_SECONDS


@dataclass(frozen=True)
class _Part:
    cpu: float
    writes: float
    reads: float
    log: float


def _part(more: Invocation, less: Invocation) -> _Part:
    """What one poll or one article adds: the difference of two invocations, divided by FEEDS."""
    return _Part(
        max(0.0, more.cpu - less.cpu) / FEEDS,
        max(0, more.writes - less.writes) / FEEDS,
        max(0, more.reads - less.reads) / FEEDS,
        max(0, more.log - less.log) / FEEDS,
    )
