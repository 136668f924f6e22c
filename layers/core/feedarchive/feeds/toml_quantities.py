"""Read durations and sizes in a feeds file. toml_values.py describes the arguments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from feedarchive.feeds.feed import MAX_TIMEOUT
from feedarchive.feeds.toml_values import invalid_value

_DURATION = re.compile(r"(\d{1,5})\s*(minutes?|mins?|m|hours?|h|days?|d)")
_SECONDS = re.compile(r"(\d{1,3})\s*(?:s|secs?|seconds?)")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_SIZE = re.compile(r"(\d{1,6})\s*([kMG]?B)")
_BYTES = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9}
_MAX_SIZE = 5 * 10**9  # the largest object that S3 takes in one request
_MIN_INTERVAL, _MAX_INTERVAL = timedelta(minutes=1), timedelta(days=30)


def duration(data: Mapping[str, Any], key: str, where: str, default: timedelta) -> timedelta:
    """Read a duration such as "30 min", from one minute to 30 days; ``default`` if the key is missing."""
    value = data.get(key)
    if value is None:
        return default
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    length = int(match.group(1)) * _UNITS[match.group(2)[0]] if match else None
    if length is None or not _MIN_INTERVAL <= length <= _MAX_INTERVAL:
        raise invalid_value(
            where, key, 'a duration such as "30 min", "6 h" or "1 d" (a whole number, from 1 min to 30 d)', value
        )
    return length


def timeout(data: Mapping[str, Any], key: str, where: str) -> timedelta | None:
    """Read a time limit such as "60 s", from one second to two minutes; None if the key is missing."""
    value = data.get(key)
    if value is None:
        return None
    match = _SECONDS.fullmatch(value.strip()) if isinstance(value, str) else None
    limit = timedelta(seconds=int(match.group(1))) if match else timedelta()
    if not timedelta() < limit <= MAX_TIMEOUT:
        raise invalid_value(where, key, 'a number of seconds such as "60 s" (from 1 s to 120 s)', value)
    return limit


def size(data: Mapping[str, Any], key: str, where: str, default: int) -> int:
    """Read a number of bytes such as "100 MB", from one byte to 5 GB; ``default`` if the key is missing."""
    value = data.get(key)
    if value is None:
        return default
    match = _SIZE.fullmatch(value.strip()) if isinstance(value, str) else None
    number = int(match.group(1)) * _BYTES[match.group(2)] if match else 0
    if not 0 < number <= _MAX_SIZE:
        raise invalid_value(where, key, 'a size such as "100 MB" or "500 kB" (at most 5 GB)', value)
    return number
