"""A shard as the text of a queue's message and back: its feeds and all that a worker must know of the archive.

So no worker reads the feeds file again. The text is JSON; where the feeds of one host are so many that it would not
fit into a message of SQS (256 KiB), they are compressed in it. ``env:`` and ``ssm:`` references in a feed's headers
travel as they are: the worker resolves them.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from feedarchive.archive.open_archive import OpenArchive
from feedarchive.feeds.feed import Feed, Rule
from feedarchive.feeds.feeds_file import FeedList
from feedarchive.polling.shards import Shard

MAX_MESSAGE_BYTES = 256 * 1024  # bytes
_VERSION = 1
_NOT_SENT = {"home_page"}  # no worker needs it, and a message has its limits


class InvalidMessage(ValueError):
    """A text that is no message of this version, or a shard too large for one."""


@dataclass(frozen=True)
class ShardMessage:
    """What a worker is told: the run it is part of, its shard, and an archive whose feeds are the shard's."""

    run: str
    shard: Shard
    archive: OpenArchive


def to_message(run: str, shard: Shard, feeds: Sequence[Feed], archive: OpenArchive) -> str:
    """The message for some feeds of an open archive. Raises WrongMessage for one that is too large all the same."""
    listed = [_as_plain(feed) for feed in feeds]
    message = {
        "version": _VERSION,
        "run": run,
        "shard": shard.bits,
        "time_zone": archive.time_zone.key,
        "settings": {f.name: _value(getattr(archive.feeds, f.name)) for f in fields(FeedList) if f.name != "feeds"},
    }
    text = _json({**message, "feeds": listed})
    if len(text) > MAX_MESSAGE_BYTES:
        packed = base64.b85encode(zlib.compress(_json(listed).encode(), 9)).decode()
        text = _json({**message, "packed_feeds": packed})
    if len(text) > MAX_MESSAGE_BYTES:
        raise InvalidMessage(
            f"the {len(feeds)} feeds of shard {shard.bits or 'all'} do not fit into one message of SQS"
        )
    return text


def from_message(text: str) -> ShardMessage:
    """What a message says. Raises WrongMessage."""
    try:
        message = json.loads(text)
        if message["version"] != _VERSION:
            raise InvalidMessage(f"a message of version {message['version']}; this program knows {_VERSION}")
        listed = message.get("feeds")
        if listed is None:
            listed = json.loads(zlib.decompress(base64.b85decode(message["packed_feeds"])))
        settings = dict(message["settings"])
        if settings["retention"] is not None:
            settings["retention"] = timedelta(seconds=settings["retention"])
        feed_list = FeedList(tuple(_feed(plain) for plain in listed), **settings)
        archive = OpenArchive(ZoneInfo(message["time_zone"]), feed_list, created=False)
        return ShardMessage(message["run"], Shard(message["shard"]), archive)
    except InvalidMessage:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, zlib.error) as error:
        raise InvalidMessage(f"not a message of this program: {error!r:.200}") from None


def _as_plain(feed: Feed) -> dict[str, Any]:
    """Only what differs from a feed that says nothing but its URL: most feeds do not."""
    return {
        f.name: _value(value)
        for f in fields(feed)
        if f.name not in _NOT_SENT
        and (value := getattr(feed, f.name)) != (f.default if f.default is not MISSING else {})
    }


def _value(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Rule):
        return [value.field, value.pattern.pattern]
    return [_value(each) for each in value] if isinstance(value, tuple) else value


def _feed(plain: dict[str, Any]) -> Feed:
    made = dict(plain)
    for rules in ("keep", "drop"):
        if rules in made:
            made[rules] = tuple(Rule(name, re.compile(written)) for name, written in made[rules])
    if "tags" in made:
        made["tags"] = tuple(made["tags"])
    if "interval" in made:
        made["interval"] = timedelta(seconds=made["interval"])
    return Feed(**made)


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))  # in ASCII: a character is a byte
