"""Encode a shard (feeds that are polled together) as an SQS message in JSON, and decode it.

A message contains the feeds of the shard and the settings of the archive, so that the worker need not read feeds.toml.
It never contains secrets: if a feed has a secret, only its id is sent, and a proxy with a password is not sent. The
worker then reads the feed or the proxy from feeds.toml.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from feedarchive.archive.open_archive import OpenArchive
from feedarchive.feeds.feed import Feed, FullText, Rule
from feedarchive.feeds.feeds_file import FeedList
from feedarchive.feeds.masked_copy import has_literal_proxy_password, has_literal_secrets
from feedarchive.json_values import DamagedJSON, JSONObject, parse_json
from feedarchive.polling.shards import Shard
from feedarchive.url_secrets import MASK

MAX_MESSAGE_BYTES = 256 * 1024
_VERSION = 2
# Older releases send messages of this version. They may still be in the queue after an update.
_OLD_VERSION = 1
NOT_SENT = {"home_page", "former_id"}
"""The fields of a feed that are not sent, because workers do not need them. ``former_id`` may contain a secret."""


class InvalidMessage(ValueError):
    """This program cannot read a message, or a shard is too large for a message."""


@dataclass(frozen=True)
class ShardMessage:
    """The content of an SQS message.

    - ``run``: the id of the run.
    - ``archive``: the settings of the archive, and the feeds that the message contains.
    - ``ids_from_file``: the ids of the shard's other feeds, which must be read from feeds.toml.
    - ``proxy_from_file``: whether the proxy must be read from feeds.toml.
    """

    run: str
    shard: Shard
    archive: OpenArchive
    ids_from_file: frozenset[str] = frozenset()
    proxy_from_file: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether the message can be used without reading feeds.toml."""
        return not self.ids_from_file and not self.proxy_from_file

    def complete(self, read: FeedList) -> ShardMessage:
        """Return this message with the missing feeds and the missing proxy added.

        ``read``: the content of feeds.toml. Feeds that were removed from the file meanwhile are left out.
        """
        added = tuple(feed for feed in read.feeds if feed.id in self.ids_from_file)
        feeds = replace(self.archive.feeds, feeds=(*self.archive.feeds.feeds, *added))
        if self.proxy_from_file:
            feeds = replace(feeds, proxy=read.proxy)
        return ShardMessage(self.run, self.shard, replace(self.archive, feeds=feeds))


def to_message(run: str, shard: Shard, feeds: Sequence[Feed], archive: OpenArchive) -> str:
    """Encode the feeds of a shard as a message. Raises InvalidMessage if it is too large even when compressed."""
    from_file = [feed.id for feed in feeds if has_literal_secrets(feed) or feed.is_incomplete]
    encoded = [_encode_feed(feed) for feed in feeds if feed.id not in set(from_file)]
    settings = {f.name: _encode(getattr(archive.feeds, f.name)) for f in fields(FeedList) if f.name != "feeds"}
    proxy_from_file = has_literal_proxy_password(archive.feeds) or MASK in archive.feeds.proxy
    message = {
        "version": _VERSION,
        "run": run,
        "shard": shard.bits,
        "time_zone": archive.time_zone.key,
        "settings": {**settings, "proxy": ""} if proxy_from_file else settings,
        "ids_from_file": from_file,
        "proxy_from_file": proxy_from_file,
    }
    text = _json({**message, "feeds": encoded})
    if len(text) > MAX_MESSAGE_BYTES:
        packed = base64.b85encode(zlib.compress(_json(encoded).encode(), 9)).decode()
        text = _json({**message, "packed_feeds": packed})
    if len(text) > MAX_MESSAGE_BYTES:
        raise InvalidMessage(
            f"the {len(feeds)} feeds of shard {shard.bits or 'all'} do not fit into one SQS message: "
            "subscribe to fewer feeds of one host"
        )
    return text


def from_message(text: str) -> ShardMessage:
    """Decode the text of a message. Raises InvalidMessage if this program cannot read it."""
    try:
        message = parse_json(text)
        version = message.integer("version")
        if version not in (_OLD_VERSION, _VERSION):
            raise InvalidMessage(
                f"the message has version {version}, and this release reads versions up to {_VERSION}: "
                "deploy the newer release that sent it"
            )
        if "packed_feeds" in message:
            unpacked = zlib.decompress(base64.b85decode(message.text("packed_feeds")))
            message = JSONObject({**message.fields, "feeds": json.loads(unpacked)})
        feeds = tuple(Feed(**_decode(found, _FEED)) for found in message.objects("feeds"))
        feed_list = FeedList(feeds, **_decode(message.object("settings"), _SETTINGS))
        archive = OpenArchive(ZoneInfo(message.text("time_zone")), feed_list, created=False)
        return ShardMessage(
            message.text("run"),
            Shard(message.text("shard")),
            archive,
            frozenset(message.texts("ids_from_file") if version > _OLD_VERSION else ()),
            version > _OLD_VERSION and message.boolean("proxy_from_file"),
        )
    except InvalidMessage:
        raise
    except (ValueError, ZoneInfoNotFoundError, zlib.error, re.error) as error:  # DamagedJSON is a ValueError
        raise InvalidMessage(f"this is not a message of this program: {error!r:.200}") from None


def _encode_feed(feed: Feed) -> dict[str, Any]:
    """Encode the fields of a feed that differ from their default values. Most feeds have only a URL."""
    return {
        f.name: _encode(value)
        for f in fields(feed)
        if f.name not in NOT_SENT
        and (value := getattr(feed, f.name)) != (f.default if f.default is not MISSING else {})
    }


def _encode(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Rule):
        return [value.field, value.pattern.pattern]
    return [_encode(each) for each in value] if isinstance(value, tuple) else value


_Decoder = Callable[[JSONObject, str], Any]


def _decode(found: JSONObject, decoders: Mapping[str, _Decoder]) -> dict[str, Any]:
    found.allow_only(*decoders)
    return {name: decode(found, name) for name, decode in decoders.items() if name in found}


def _span(found: JSONObject, name: str) -> timedelta | None:
    seconds = found.fields[name]
    if not isinstance(seconds, int | float | None):
        raise DamagedJSON(f"{name} is not a number of seconds")
    return None if seconds is None else timedelta(seconds=seconds)


def _rules(found: JSONObject, name: str) -> tuple[Rule, ...]:
    return tuple(Rule(field, re.compile(pattern)) for field, pattern in found.fields[name])


_FEED: dict[str, _Decoder] = {
    **dict.fromkeys(("url", "id", "title", "site", "user_agent", "ca"), JSONObject.text),
    **dict.fromkeys(
        ("html_body", "revisions", "ignore_validators", "fixed_interval", "has_references", "slug_tags"),
        JSONObject.boolean,
    ),
    **dict.fromkeys(("images", "enclosures", "keep_documents"), JSONObject.boolean),
    "full_text": lambda found, name: FullText(found.text(name)),
    "largest_enclosure": JSONObject.integer,
    **dict.fromkeys(("keep", "drop"), _rules),
    "tags": JSONObject.texts,
    **dict.fromkeys(("interval", "timeout"), _span),
    "headers": JSONObject.text_by_name,
}
_SETTINGS: dict[str, _Decoder] = {
    **dict.fromkeys(("time_zone", "contact", "proxy", "timestamp"), JSONObject.text),
    "retention": _span,
    **dict.fromkeys(("allow_private_addresses", "images"), JSONObject.boolean),
    "max_body_bytes": JSONObject.integer,
}


def _json(value: object) -> str:
    # json.dumps writes only ASCII, so the length of the text is its size in bytes.
    return json.dumps(value, separators=(",", ":"))
