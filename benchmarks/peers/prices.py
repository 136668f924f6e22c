"""Compare counted S3 requests with the targets, and calculate their price."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.peers.local_aws import Request

# Prices in dollars of S3 Standard in us-east-1 in November 2026. A DELETE costs nothing.
WRITE_PRICE = 5 / 1e6  # for a PUT, COPY, POST or LIST
READ_PRICE = 0.4 / 1e6  # for a GET or HEAD
STORAGE_PRICE = 0.023  # for a GB in a month
_WRITES, _READS = ("PUT", "POST", "LIST"), ("GET", "HEAD")
# The assumed month has a poll every 15 minutes, a digest every hour, and 1,000 new articles a day.
DAYS = 365.25 / 12
RUNS = DAYS * 24 * 4
DIGESTS = DAYS * 24
ARTICLES = DAYS * 1000
_ARTICLE_FOLDERS = ("archive", "claims")


@dataclass(frozen=True)
class Polls:
    """The counted requests of three polls: the first poll, one with nothing new, one with a new entry in each feed.

    - ``feeds`` is the number of feeds.
    - ``entries`` is the number of entries in each feed.
    - ``own_guid`` is the number of feeds in which a guid is not the link. For their articles, two claims are written.
    - ``shards`` is the number of state objects.
    - ``fetched`` are the requests of the three polls.
    - ``digests`` are the requests of the digest after each poll.
    """

    feeds: int
    entries: int
    own_guid: int
    shards: int
    fetched: Sequence[Counter[Request]]
    digests: Sequence[Counter[Request]]


@dataclass(frozen=True)
class Month:
    """The costs of a month in dollars, by item."""

    title: str
    parts: dict[str, float]


def write_targets(polls: Polls) -> str:
    """The targets for numbers of requests, each with the counted number."""
    first, unchanged, new = polls.fetched
    per_article = 2 * polls.feeds + polls.own_guid
    lines = [
        _target("writes of the first poll", _written(first), per_article * polls.entries),
        _target("writes for one new article in each feed", _written(new), per_article),
        _target("writes of articles and claims when nothing has changed", _written(unchanged), 0),
        _target("requests for articles and claims when nothing has changed", _of_articles(unchanged), 0),
        _target("reads of state per run", unchanged[Request("GET", "state")], polls.shards),
        _target("writes of state per run with nothing new", unchanged[Request("PUT", "state")], polls.shards),
        _target("writes of state per run with new articles", new[Request("PUT", "state")], polls.shards),
    ]
    return (
        f"{polls.feeds} feeds in {polls.shards} shards; the guids of {polls.own_guid} feeds are claimed, too.\n\n"
        + ("\n".join(lines))
    )


def _target(name: str, counted: int, limit: int) -> str:
    return f"- {name}: {counted:,}, at most {limit:,}: {'met' if counted <= limit else 'missed'}"


def _written(counted: Counter[Request]) -> int:
    return sum(n for request, n in counted.items() if request.folder in _ARTICLE_FOLDERS and request.method in _WRITES)


def _of_articles(counted: Counter[Request]) -> int:
    return sum(n for request, n in counted.items() if request.folder in _ARTICLE_FOLDERS)


def month(polls: Polls) -> Month:
    """The price of the requests of a month. It is calculated from these assumptions:

    - Every run costs as much as a poll with nothing new.
    - A new article costs the additional requests of the poll with new entries, divided by the number of new entries.
    - The requests to open the archive count once for each shard, because each shard has its own function invocation.
    - Every hourly digest costs the writes and lists of a digest with new articles. Each article costs one more read.
    """
    _, unchanged, new = polls.fetched
    _, quiet, busy = polls.digests
    opening = Counter({r: n for r, n in unchanged.items() if r.folder not in ("state", *_ARTICLE_FOLDERS)})
    running = unchanged - opening
    parts = {
        "polling: state": RUNS * _price(running),
        "polling: opening the archive, once per shard": RUNS * polls.shards * _price(opening),
        "new articles": ARTICLES / polls.feeds * (_price(new) - _price(unchanged)),
        "digests": DIGESTS * (_price(busy, _WRITES) + _price(quiet, _READS))
        + ARTICLES / polls.feeds * (_price(busy, _READS) - _price(quiet, _READS)),
    }
    return Month(f"a month of {polls.feeds} feeds every 15 minutes, 1,000 new articles a day", parts)


def _price(counted: Counter[Request], methods: Sequence[str] = (*_WRITES, *_READS)) -> float:
    prices = {**dict.fromkeys(_WRITES, WRITE_PRICE), **dict.fromkeys(_READS, READ_PRICE)}
    return sum(n * prices.get(request.method, 0.0) for request, n in counted.items() if request.method in methods)
