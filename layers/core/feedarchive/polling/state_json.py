"""The file of a shard's state. Whatever in it cannot be read counts as lost: a cache may be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from feedarchive.polling.feed_state import FeedState, HostState, ShardState
from feedarchive.rfc3339 import parse_rfc3339
from feedarchive.store.interface import DAMAGED
from feedarchive.urls import host_of

_VERSION = 1
_TIMES = {"tried", "succeeded", "failing_since", "news", "gap", "moved_since", "gone"}
_SPANS = {"retry_after", "fresh_for", "every", "turnover"}  # kept in whole seconds
_ADDRESSES = {"address", "moved_to"}
_BLANK = FeedState()
_NAMES = {each.name for each in fields(FeedState)}
_LAST_YEAR = 3000  # what is later cannot be computed with


def to_bytes(feeds: Mapping[str, FeedState], hosts: Mapping[str, HostState]) -> bytes:
    """A line of JSON."""
    document: dict[str, Any] = {"version": _VERSION, "feeds": {i: _plain(s) for i, s in sorted(feeds.items())}}
    if hosts:
        document["hosts"] = {
            host: {"until": each.until.isoformat(), "refusals": each.refusals} for host, each in sorted(hosts.items())
        }
    return (json.dumps(document, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def _plain(state: FeedState) -> dict[str, Any]:
    """Only what differs from a feed never polled: state is read and written all the time."""
    return {name: _value(value) for name, value in vars(state).items() if value != getattr(_BLANK, name)}


def _value(value: object) -> object:
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    return value.isoformat() if isinstance(value, datetime) else value


def from_bytes(data: bytes, version: str | None) -> ShardState:
    """The states in it; of a feed or host with anything that no program of ours wrote there is none."""
    try:
        loaded = json.loads(data)
        if loaded["version"] != _VERSION:
            return ShardState({}, version)
        feeds, hosts = dict(loaded["feeds"]), dict(loaded.get("hosts", {}))
    except DAMAGED:
        return ShardState({}, version)
    read = {feed_id: _feed(plain) for feed_id, plain in feeds.items()}
    heard = {host: _host(plain) for host, plain in hosts.items()}
    return ShardState(
        {feed_id: state for feed_id, state in read.items() if state}, version,
        {host: state for host, state in heard.items() if state},
    )  # fmt: skip


def _feed(plain: Any) -> FeedState | None:
    try:
        # A newer program may know more.
        return FeedState(**{name: _read(name, value) for name, value in plain.items() if name in _NAMES})
    except DAMAGED:
        return None


def _host(plain: Any) -> HostState | None:
    try:
        return HostState(_time(plain["until"]), _whole_number(plain["refusals"]))
    except DAMAGED:
        return None


def _read(name: str, value: Any) -> Any:
    if name in _TIMES:
        return _time(value)
    if name in _SPANS:
        return timedelta(seconds=_whole_number(value))
    if type(value) is not type(getattr(_BLANK, name)):
        raise TypeError(name)
    if name in _ADDRESSES and value and not (value.lower().startswith(("http://", "https://")) and host_of(value)):
        raise ValueError(value)
    if type(value) is int:
        return _whole_number(value)
    if isinstance(value, dict):
        return _words(value, filled=name == "seals")
    return value


def _time(value: str) -> datetime:
    moment = parse_rfc3339(value)
    if moment.year >= _LAST_YEAR:
        raise ValueError(value)
    return moment


def _whole_number(value: int) -> int:
    if type(value) is not int or not 0 <= value < 2**40:
        raise ValueError(value)
    return value


def _words(written: dict[str, Any], filled: bool) -> dict[str, str]:
    # By sets and maps: there are as many as entries in all documents.
    if not set(map(type, written.values())) <= {str} or (filled and not all(map(str.strip, written.values()))):
        raise TypeError(written)
    return written
