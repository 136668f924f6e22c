"""A shard as the text of an SQS message: its feeds, and the settings of the archive that a worker needs.

With this message, a worker need not read feeds.toml. The text is JSON; if it would exceed the limit of SQS (256 KiB),
because one host has very many feeds, it is compressed. ``env:`` and ``ssm:`` references in headers are sent unchanged:
the worker resolves them.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from feedarchive.archive.open_archive import OpenArchive
from feedarchive.feeds.feed import Feed, Rule
from feedarchive.feeds.feeds_file import FeedList
from feedarchive.json_values import DamagedJSON, JSONObject, parse_json
from feedarchive.polling.shards import Shard

MAX_MESSAGE_BYTES = 256 * 1024
_VERSION = 1
NOT_SENT = {"home_page"}
"""The fields of a feed that no worker needs: messages are limited in size."""


class InvalidMessage(ValueError):
    """A text that is not a message of this version, or a shard that is too large for a message."""


@dataclass(frozen=True)
class ShardMessage:
    """The content of a message: the run it belongs to, the shard, and the archive with only the shard's feeds."""

    run: str
    shard: Shard
    archive: OpenArchive


def to_message(run: str, shard: Shard, feeds: Sequence[Feed], archive: OpenArchive) -> str:
    """Encode the message for some feeds of an archive. Raises InvalidMessage if it is too large even compressed."""
    encoded = [_encode_feed(feed) for feed in feeds]
    message = {
        "version": _VERSION,
        "run": run,
        "shard": shard.bits,
        "time_zone": archive.time_zone.key,
        "settings": {f.name: _encode(getattr(archive.feeds, f.name)) for f in fields(FeedList) if f.name != "feeds"},
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
    """Decode a message. Raises InvalidMessage."""
    try:
        message = parse_json(text)
        version = message.integer("version")
        if version != _VERSION:
            raise InvalidMessage(f"a message of version {version}; this program supports version {_VERSION}")
        if "packed_feeds" in message:
            unpacked = zlib.decompress(base64.b85decode(message.text("packed_feeds")))
            message = JSONObject({**message.fields, "feeds": json.loads(unpacked)})
        feeds = tuple(Feed(**_decode(found, _FEED)) for found in message.objects("feeds"))
        feed_list = FeedList(feeds, **_decode(message.object("settings"), _SETTINGS))
        archive = OpenArchive(ZoneInfo(message.text("time_zone")), feed_list, created=False)
        return ShardMessage(message.text("run"), Shard(message.text("shard")), archive)
    except InvalidMessage:
        raise
    except (ValueError, ZoneInfoNotFoundError, zlib.error, re.error) as error:  # DamagedJSON is a ValueError
        raise InvalidMessage(f"not a message of this program: {error!r:.200}") from None


def _encode_feed(feed: Feed) -> dict[str, Any]:
    """Only the values that are not the default: most feeds have nothing but a URL."""
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
    **dict.fromkeys(("url", "id", "title", "site", "user_agent"), JSONObject.text),
    **dict.fromkeys(("html_body", "revisions", "ignore_validators", "fixed_interval"), JSONObject.boolean),
    **dict.fromkeys(("keep", "drop"), _rules),
    "tags": JSONObject.texts,
    **dict.fromkeys(("interval", "timeout"), _span),
    "headers": JSONObject.text_by_name,
}
_SETTINGS: dict[str, _Decoder] = {
    **dict.fromkeys(("time_zone", "contact", "proxy"), JSONObject.text),
    "retention": _span,
    **dict.fromkeys(("allow_private_addresses", "images"), JSONObject.boolean),
    "max_body_bytes": JSONObject.integer,
}


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))  # ASCII only, so that a character is a byte
