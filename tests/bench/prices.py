"""From counted requests to targets and dollars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bench.local_aws import Request

# Dollars; S3 Standard in us-east-1, November 2026. DELETE is free.
WRITE_PRICE = 5 / 1e6  # PUT, COPY, POST, LIST
READ_PRICE = 0.4 / 1e6  # GET, HEAD
STORAGE_PRICE = 0.023  # a GB and month
_WRITES, _READS = ("PUT", "POST", "LIST"), ("GET", "HEAD")
# What is priced: feeds, polled every 15 minutes, with new articles a day, digests every hour.
DAYS = 365.25 / 12
RUNS = DAYS * 24 * 4
DIGESTS = DAYS * 24
ARTICLES = DAYS * 1000
_ARTICLE_FOLDERS = ("archive", "claims")


@dataclass(frozen=True)
class Polls:
    """What three polls of ``feeds`` feeds asked: the first, one with nothing new, one with a new entry in each.

    ``own_guid`` is how many feeds have guids that are claimed too, ``shards`` how many objects their state has.
    """

    feeds: int
    entries: int
    own_guid: int
    shards: int
    fetched: Sequence[Counter[Request]]
    digests: Sequence[Counter[Request]]


@dataclass(frozen=True)
class Month:
    """Dollars for a month, by what they are paid for."""

    title: str
    parts: dict[str, float]


def write_targets(polls: Polls) -> str:
    """The targets on requests, each with what was counted."""
    first, unchanged, new = polls.fetched
    kept = 2 * polls.feeds + polls.own_guid
    lines = [
        _target("writes of the first poll", _written(first), kept * polls.entries),
        _target("writes for one new article in each feed", _written(new), kept),
        _target("writes when nothing has changed", _written(unchanged), 0),
        _target("requests for feeds that have not changed", _of_articles(unchanged), 0),
        _target("reads of state, a run", unchanged[Request("GET", "state")], polls.shards),
        _target("writes of state, a run with nothing new", unchanged[Request("PUT", "state")], polls.shards),
        _target("writes of state, a run with new articles", new[Request("PUT", "state")], polls.shards),
    ]
    return (
        f"{polls.feeds} feeds in {polls.shards} shards; {polls.own_guid} of them have guids that are claimed too.\n\n"
        + ("\n".join(lines))
    )


def _target(what: str, counted: int, most: int) -> str:
    return f"- {what}: {counted:,}, at most {most:,}: {'met' if counted <= most else 'missed'}"


def _written(counted: Counter[Request]) -> int:
    return sum(n for request, n in counted.items() if request.folder in _ARTICLE_FOLDERS and request.method in _WRITES)


def _of_articles(counted: Counter[Request]) -> int:
    return sum(n for request, n in counted.items() if request.folder in _ARTICLE_FOLDERS)


def month(polls: Polls) -> Month:
    """What the requests of a month cost.

    A poll with nothing new is what every run costs; what the poll with new entries asked beyond it is the price of
    the new articles. Opening the archive counts once per shard, as each shard is a function's run of its own there.
    Hourly digests: all writes and lists of one with new articles each time, and one more read for each article.
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
