"""``feeds.toml``: read whole or refused whole, with the key and what was expected."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from feedarchive.feeds import values
from feedarchive.feeds.feed import DEFAULT_INTERVAL, Feed, Rule, default_id
from feedarchive.feeds.syntax import syntax_error
from feedarchive.feeds.values import WrongFeedsFile

__all__ = ["FeedList", "WrongFeedsFile", "parse_feeds_file"]

_ARCHIVE_KEYS = {"time_zone", "contact", "retention_days"}
_FETCH_KEYS = {"allow_private_addresses", "proxy"}
_FEED_KEYS = {
    "url", "id", "title", "tags", "interval", "site", "body", "revisions", "keep", "drop",
    "headers", "user_agent", "ignore_validators",
}  # fmt: skip
_RULE_FIELDS = {"title", "link", "author", "tags", "text"}


@dataclass(frozen=True)
class FeedList:
    """All that a feeds file says. ``time_zone`` is "" and ``retention`` None where it does not.

    ``largest_body`` is set by who deploys, not by the file: how many bytes a document may have.
    """

    feeds: tuple[Feed, ...]
    time_zone: str = ""
    contact: str = ""
    retention: timedelta | None = None
    allow_private_addresses: bool = False
    proxy: str = ""
    largest_body: int = 10 * 2**20


def parse_feeds_file(text: str, name: str) -> FeedList:
    """Read a feeds file. WrongFeedsFile names the file (as ``name``), the line or key, and the cure."""
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError, and what it does not cover
        raise WrongFeedsFile(f"{name}: {syntax_error(text, str(error))}") from None
    try:
        return _feed_list(data)
    except WrongFeedsFile as error:
        raise WrongFeedsFile(f"{name}: {error}") from None


def _feed_list(data: Mapping[str, Any]) -> FeedList:
    values.only_known(data, {"archive", "fetch", "feeds"}, "the file")
    archive = values.table(data, "archive", _ARCHIVE_KEYS)
    fetch = values.table(data, "fetch", _FETCH_KEYS)
    tables = data.get("feeds", [])
    if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        raise WrongFeedsFile("feeds: expected tables that start with [[feeds]]")
    if not tables:
        raise WrongFeedsFile('feeds: expected at least one feed: [[feeds]] and, below it, url = "https://…"')
    feeds = tuple(_feed(table, f"feeds, number {number}") for number, table in enumerate(tables, 1))
    _refuse_doubles(feeds)
    days = values.whole_number(archive, "retention_days", "archive", 0)
    return FeedList(
        feeds=feeds,
        time_zone=values.time_zone(archive, "time_zone", "archive"),
        contact=values.header_text(archive, "contact", "archive"),
        retention=timedelta(days=days) if days else None,
        allow_private_addresses=values.boolean(fetch, "allow_private_addresses", "fetch", False),
        proxy=values.proxy(fetch, "proxy", "fetch"),
    )


def _feed(table: Mapping[str, Any], where: str) -> Feed:
    url = values.url(table, "url", where)
    where = f"{where} ({values.without_credentials(url)})"
    values.only_known(table, _FEED_KEYS, where)
    body = values.string(table, "body", where) or "markdown"
    if body not in ("markdown", "html"):
        raise WrongFeedsFile(f'{where}: body: expected "markdown" or "html", got {body[:80]!r}')
    return Feed(
        url=url,
        id=values.identifier(table, "id", where) or default_id(url),
        title=values.string(table, "title", where),
        tags=values.strings(table, "tags", where),
        interval=values.duration(table, "interval", where, DEFAULT_INTERVAL),
        site=values.site(table, "site", where),
        html_body=body == "html",
        revisions=values.boolean(table, "revisions", where, True),
        keep=_rules(table, "keep", where),
        drop=_rules(table, "drop", where),
        headers=values.headers(table, "headers", where),
        user_agent=values.header_text(table, "user_agent", where),
        ignore_validators=values.boolean(table, "ignore_validators", where, False),
    )


def _rules(table: Mapping[str, Any], key: str, where: str) -> tuple[Rule, ...]:
    rules = values.subtable(table, key, where)
    values.only_known(rules, _RULE_FIELDS, f"{where}: {key}")
    return tuple(
        Rule(field, values.pattern(written, f"{where}: {key}.{field}"))
        for field in rules
        for written in values.strings(rules, field, f"{where}: {key}")
    )


def _refuse_doubles(feeds: tuple[Feed, ...]) -> None:
    seen_ids: dict[str, int] = {}
    seen_urls: dict[str, int] = {}
    for number, feed in enumerate(feeds, 1):
        same_url = feed.url.partition("://")[2].partition("#")[0].rstrip("/")  # a fragment is not sent
        for seen, value, what in ((seen_urls, same_url, "URL"), (seen_ids, feed.id, f"id {feed.id!r}")):
            if value in seen:
                raise WrongFeedsFile(
                    f"feeds, number {seen[value]} and number {number} ({values.without_credentials(feed.url)}) "
                    f"have the same {what}: remove one of them or give it another"
                )
            seen[value] = number
