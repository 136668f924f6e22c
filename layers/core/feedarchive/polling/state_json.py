"""Write and read the state file of a shard, which is JSON.

Damaged parts of a file are ignored, because the state is only a cache.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, TypeVar

from feedarchive.archive.document_result import HeldBack
from feedarchive.archive.noisy_feeds import Changes
from feedarchive.json_values import DamagedJSON, JSONObject, parse_json
from feedarchive.polling.feed_state import FeedState, HostState, ShardState
from feedarchive.problems import FeedError
from feedarchive.store.interface import Stored
from feedarchive.url_secrets import MASK, public_url
from feedarchive.urls import host_of

_VERSION = 1
_State = TypeVar("_State", FeedState, HostState)
_Packed = TypeVar("_Packed", Changes, HeldBack)
# Maps fields of FeedState to their names in the state file. All other fields have the same name there.
_JSON_NAMES = {
    "last_poll": "tried",
    "last_success": "succeeded",
    "update_interval": "every",
    "known_entries": "known",
    "xml_hashes": "seals",
    "last_new_entry": "news",
    "polled_once": "newcomer",
    "last_gap": "gap",
    "rules_hash": "rules",
    "new_url": "address",
    "redirect_url": "moved_to",
    "redirect_since": "moved_since",
    "gone_since": "gone",
    "held_back": "held",
}
_BLANK = FeedState()
_FIELDS = {each.name: _JSON_NAMES.get(each.name, each.name) for each in fields(FeedState)}
# Times from this year on are invalid. Near the year 9999, adding a wait to a time would overflow.
_MIN_INVALID_YEAR = 3000


def to_bytes(feeds: Mapping[str, FeedState], hosts: Mapping[str, HostState]) -> bytes:
    """Encode the states of feeds (by id) and hosts (by host and port) as one line of JSON."""
    document: dict[str, Any] = {"version": _VERSION, "feeds": {i: _as_json(s) for i, s in sorted(feeds.items())}}
    if hosts:
        document["hosts"] = {
            host: {"until": each.until.isoformat(), "refusals": each.refusals} for host, each in sorted(hosts.items())
        }
    return (json.dumps(document, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def from_bytes(data: bytes, stored: Stored | None) -> ShardState:
    """Decode a state file. Feeds and hosts with damaged states are left out.

    ``stored``: the state file of the shard. It is None if the shard has no state file yet, and ``data`` comes from a
    former shard.
    """
    try:
        document = parse_json(data)
        if document.integer("version") != _VERSION:
            return ShardState({}, stored)
        feeds = document.object("feeds")
        hosts = document.object("hosts") if "hosts" in document else JSONObject({})
    except DamagedJSON:
        return ShardState({}, stored)
    return ShardState(_decode_each(feeds, _feed_state), stored, _decode_each(hosts, _host_state))


def _as_json(state: FeedState) -> dict[str, Any]:
    """Encode the state of a feed. Empty fields are left out, to keep the file small."""
    values = vars(state)
    return {
        json_name: _value(name, values[name])
        for name, json_name in _FIELDS.items()
        if values[name] != getattr(_BLANK, name)
    }


def _value(name: str, value: Any) -> object:
    if name == "changes":
        return [each.pack() for each in value]
    if name == "held_back":
        return {article_id: held.pack() for article_id, held in value.items()}
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    return value.isoformat() if isinstance(value, datetime) else value


def _decode_each(objects: JSONObject, decode: Callable[[JSONObject], _State]) -> dict[str, _State]:
    decoded: dict[str, _State] = {}
    for name in objects.fields:
        with suppress(DamagedJSON):
            decoded[name] = decode(objects.object(name))
    return decoded


def _feed_state(found: JSONObject) -> FeedState:
    # Unknown names are ignored: a newer version of this program may have written them.
    names = [(name, json_name) for name, json_name in _FIELDS.items() if json_name in found]
    values: dict[str, Any] = {name: _DECODERS[name](found, json_name) for name, json_name in names}
    return FeedState(**values)


def _host_state(found: JSONObject) -> HostState:
    return HostState(_time(found, "until"), found.integer("refusals"))


def _time(found: JSONObject, name: str) -> datetime:
    time = found.time(name)
    if time.year >= _MIN_INVALID_YEAR:
        raise DamagedJSON(f"{name}: expected a year before {_MIN_INVALID_YEAR}, got {time.year}")
    return time


def _seconds(found: JSONObject, name: str) -> timedelta:
    return timedelta(seconds=found.integer(name))


def _url(found: JSONObject, name: str) -> str:
    url = found.text(name)
    if url and not host_of(url):
        raise DamagedJSON(f"{name} is not an http(s) URL")
    return public_url(url)  # hides secrets, because release 0.1.0 stored tokens in URLs


def _new_url(found: JSONObject, name: str) -> str:
    url = _url(found, name)
    # A URL with a masked secret cannot be requested, so the feed is polled at its URL in feeds.toml.
    return "" if MASK in url else url


def _error_kind(found: JSONObject, name: str) -> FeedError | None:
    return FeedError.of_value(found.text(name))


def _xml_hashes(found: JSONObject, name: str) -> dict[str, str]:
    hashes = found.text_by_name(name)
    if not all(map(str.strip, hashes.values())):
        raise DamagedJSON(f"{name} has an empty value")
    return hashes


def _changes(found: JSONObject, name: str) -> tuple[Changes, ...]:
    return tuple(_unpacked(Changes.unpack, text) for text in found.texts(name))


def _held_back(found: JSONObject, name: str) -> dict[str, HeldBack]:
    return {each: _unpacked(HeldBack.unpack, text) for each, text in found.text_by_name(name).items()}


def _unpacked(unpack: Callable[[str], _Packed], text: str) -> _Packed:
    try:
        return unpack(text)
    except ValueError as error:
        raise DamagedJSON(str(error)) from error


_DECODERS: dict[str, Callable[[JSONObject, str], Any]] = {
    **dict.fromkeys(("last_poll", "last_success", "failing_since", "gone_since"), _time),
    **dict.fromkeys(("last_new_entry", "last_gap", "redirect_since", "reported_at"), _time),
    **dict.fromkeys(("unmodified_since", "untrue_304"), _time),
    **dict.fromkeys(("retry_after", "fresh_for", "update_interval", "turnover"), _seconds),
    **dict.fromkeys(("failures", "error_status", "text_rules"), JSONObject.integer),
    **dict.fromkeys(("error", "etag", "last_modified", "body_hash"), JSONObject.text),
    **dict.fromkeys(("damage", "rules_hash", "title", "url", "same_as", "reported_error"), JSONObject.text),
    "new_url": _new_url,
    **dict.fromkeys(("redirect_url", "validators_url"), _url),
    **dict.fromkeys(("polled_once", "noisy"), JSONObject.boolean),
    **dict.fromkeys(("known_entries", "wordings"), JSONObject.text_by_name),
    "xml_hashes": _xml_hashes,
    "changes": _changes,
    "held_back": _held_back,
    "error_kind": _error_kind,
    "advertised_feeds": JSONObject.texts,
}
