"""Parse ``feeds.toml``. Any error rejects the whole file. The message names the key and what was expected."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from feedarchive.feeds import toml_quantities, toml_values
from feedarchive.feeds.feed import (
    DEFAULT_INTERVAL,
    DEFAULT_LARGEST_ENCLOSURE,
    Feed,
    Rule,
    comparable_url,
    default_id,
    former_default_id,
)
from feedarchive.feeds.secret_references import with_braces
from feedarchive.feeds.toml_errors import syntax_error
from feedarchive.feeds.toml_values import InvalidFeedsFile
from feedarchive.url_secrets import MASK, URL_REFERENCE, has_secrets, masked_url, public_url

__all__ = ["FeedList", "InvalidFeedsFile", "parse_feeds_file"]

_ARCHIVE_KEYS = {"time_zone", "contact", "retention_days", "tag_style", "timestamp"}
_PAGES_KEYS = {"images"}
_FETCH_KEYS = {"allow_private_addresses", "proxy"}
_DEFAULTS_KEYS = {"full_text", "images", "enclosures", "largest_enclosure", "keep_documents"}
_FEED_KEYS = {
    "url", "id", "title", "tags", "interval", "site", "body", "revisions", "keep", "drop",
    "headers", "user_agent", "ignore_validators", "timeout", "home_page", "ca", *_DEFAULTS_KEYS,
}  # fmt: skip
_RULE_FIELDS = {"title", "link", "author", "tags", "text"}


@dataclass(frozen=True)
class FeedList:
    """The content of a feeds file.

    ``time_zone``: an IANA name; "" if the file has none.
    ``retention``: how long articles are kept; None means forever.
    ``timestamp``: the URL of a time-stamp authority; "" for none.
    ``images``: whether the pages of the archive show images.
    ``max_body_bytes``: how many bytes a document may have. This value comes from the deployment, not from the file.
    """

    feeds: tuple[Feed, ...]
    time_zone: str = ""
    contact: str = ""
    retention: timedelta | None = None
    timestamp: str = ""
    allow_private_addresses: bool = False
    proxy: str = ""
    images: bool = True
    max_body_bytes: int = 10 * 2**20


def parse_feeds_file(text: str, name: str) -> FeedList:
    """Parse a feeds file. Raises InvalidFeedsFile if it has an error.

    ``name``: the name of the file in messages.
    """
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # RecursionError: the tables are nested too deeply
        raise InvalidFeedsFile(f"{name}: {syntax_error(text, str(error))}") from None
    try:
        return _feed_list(data)
    except InvalidFeedsFile as error:
        raise InvalidFeedsFile(f"{name}: {error}") from None


def feed_ids(tables: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the ids of the feeds in these tables of a feeds file.

    If the URLs of several feeds differ only in secrets, their default ids would be the same. So the id of the second
    feed gets the suffix "-2".
    """
    ids = []
    numbers: Counter[str] = Counter()
    for table in tables:
        url = with_braces(str(table["url"]).strip())
        found = str(table.get("id", "")).strip() or default_id(url)
        if "id" not in table and has_secrets(url):
            numbers[found] += 1
            found += f"-{numbers[found]}" if numbers[found] > 1 else ""
        ids.append(found)
    return ids


def _feed_list(data: Mapping[str, Any]) -> FeedList:
    toml_values.reject_unknown_keys(data, {"archive", "fetch", "pages", "defaults", "feeds"}, "the file")
    archive = toml_values.table(data, "archive", _ARCHIVE_KEYS)
    fetch = toml_values.table(data, "fetch", _FETCH_KEYS)
    pages = toml_values.table(data, "pages", _PAGES_KEYS)
    tables = data.get("feeds", [])
    if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        raise InvalidFeedsFile("feeds: expected tables, each below its own [[feeds]]")
    # A file without feeds is valid if it has other tables: the user may have removed the last feed. An empty file is
    # invalid, because it has probably lost its content.
    if not tables and ("feeds" in data or not data):
        raise InvalidFeedsFile('feeds: expected at least one feed: add [[feeds]] and, below it, url = "https://…"')
    defaults = toml_values.table(data, "defaults", _DEFAULTS_KEYS)
    # Check [defaults] by itself, so that a mistake in it is not reported as a mistake of the first feed.
    _options_with_default(defaults, "defaults")
    parsed = [_feed(table, f"feed number {number}", defaults) for number, table in enumerate(tables, 1)]
    slugs = toml_values.choice(archive, "tag_style", "archive", ("as-written", "slug")) == "slug"
    ids = feed_ids(tables)
    feeds = tuple(replace(feed, id=own_id, slug_tags=slugs) for feed, own_id in zip(parsed, ids, strict=True))
    _reject_duplicates(feeds)
    days = toml_values.whole_number(archive, "retention_days", "archive", 0)
    return FeedList(
        feeds=feeds,
        time_zone=toml_values.time_zone(archive, "time_zone", "archive"),
        contact=toml_values.header_text(archive, "contact", "archive"),
        retention=timedelta(days=days) if days else None,
        timestamp=toml_values.url(archive, "timestamp", "archive") if "timestamp" in archive else "",
        allow_private_addresses=toml_values.boolean(fetch, "allow_private_addresses", "fetch", False),
        proxy=toml_values.proxy(fetch, "proxy", "fetch"),
        images=toml_values.boolean(pages, "images", "pages", True),
    )


def _feed(table: Mapping[str, Any], where: str, defaults: Mapping[str, Any]) -> Feed:
    url = toml_values.url(table, "url", where)
    where = f"{where} ({public_url(url)})"
    toml_values.reject_unknown_keys(table, _FEED_KEYS, where)
    own_id, id_from_url, former_id = toml_values.identifier(table, "id", where), default_id(url), former_default_id(url)
    return Feed(
        url=url,
        id=own_id or id_from_url,  # ``feed_ids`` may append a number to this id
        title=toml_values.string(table, "title", where),
        tags=toml_values.strings(table, "tags", where),
        interval=toml_quantities.duration(table, "interval", where, DEFAULT_INTERVAL),
        site=toml_values.site(table, "site", where),
        html_body=toml_values.choice(table, "body", where, ("markdown", "html")) == "html",
        revisions=toml_values.boolean(table, "revisions", where, True),
        keep=_rules(table, "keep", where),
        drop=_rules(table, "drop", where),
        headers=toml_values.headers(table, "headers", where),
        user_agent=toml_values.header_text(table, "user_agent", where),
        ignore_validators=toml_values.boolean(table, "ignore_validators", where, False),
        timeout=toml_quantities.timeout(table, "timeout", where),
        fixed_interval="interval" in table,
        ca=toml_values.string(table, "ca", where),
        home_page=toml_values.url(table, "home_page", where) if "home_page" in table else "",
        has_references=URL_REFERENCE.search(url) is not None,
        former_id=former_id if not own_id and former_id != id_from_url and masked_url(url) != url else "",
        **_options_with_default({**defaults, **table}, where),
    )


def _options_with_default(table: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Read the options that are allowed both in a feed and in [defaults]. The keys are fields of ``Feed``."""
    return {
        "full_text": toml_values.full_text(table, "full_text", where),
        "images": toml_values.boolean(table, "images", where, False),
        "enclosures": toml_values.boolean(table, "enclosures", where, False),
        "largest_enclosure": toml_quantities.size(table, "largest_enclosure", where, DEFAULT_LARGEST_ENCLOSURE),
        "keep_documents": toml_values.boolean(table, "keep_documents", where, False),
    }


def _rules(table: Mapping[str, Any], key: str, where: str) -> tuple[Rule, ...]:
    rules = toml_values.subtable(table, key, where)
    toml_values.reject_unknown_keys(rules, _RULE_FIELDS, f"{where}: {key}")
    return tuple(
        Rule(field, toml_values.pattern(text, f"{where}: {key}.{field}"))
        for field in rules
        for text in toml_values.strings(rules, field, f"{where}: {key}")
    )


def _reject_duplicates(feeds: tuple[Feed, ...]) -> None:
    seen_ids: dict[str, int] = {}
    seen_urls: dict[str, int] = {}
    for number, feed in enumerate(feeds, 1):
        for seen, value, what in ((seen_urls, comparable_url(feed.url), "URL"), (seen_ids, feed.id, f"id {feed.id!r}")):
            # URLs with masked secrets are not compared, because their secrets may be different.
            is_masked = seen is seen_urls and MASK in value
            if value in seen and not is_masked:
                raise InvalidFeedsFile(
                    f"feeds number {seen[value]} and {number} ({feed.public_url}) have the same {what}: "
                    "remove or change one of them"
                )
            seen[value] = number
