"""Values of a feeds file, each checked, each refusal naming the key and what was expected."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from feedarchive.urls import host_of

_DURATION = re.compile(r"(\d{1,5})\s*(minutes?|mins?|m|hours?|h|days?|d)")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_MIN_INTERVAL, _MAX_INTERVAL = timedelta(minutes=1), timedelta(days=30)
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_SITE = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,98}[a-z0-9])?")
# Programs disagree on where the host ends in such an address, and with it on what is the password.
_NOT_IN_URLS = re.compile(r"[\x00-\x20\x7f\\]")
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e]*")
# A header's value that is elsewhere: "env:NAME" or "ssm:/name", after a word such as Bearer if need be.
SECRET_REFERENCE = re.compile(r"((?:[A-Za-z]+ +)?)(env:(?=[A-Za-z_])|ssm:)([A-Za-z0-9_./-]+)")
_MEANT_AS_REFERENCE = re.compile(r"(?:[A-Za-z]+ +)?(?:env|ssm):")
_PROXY = re.compile(r"https?://[^\s/]+/?")


class InvalidFeedsFile(Exception):
    """A feeds file that cannot be used. One line: file, line or key, what was expected."""


def _wrong(where: str, key: str, expected: str, got: object) -> InvalidFeedsFile:
    return InvalidFeedsFile(f"{where}: {key}: expected {expected}, got {_shown(got)}")


def _shown(got: object) -> str:
    """What stands there, but for what may be a secret: all of a list or table, of a text what is before the last @."""
    if got is None:
        return "nothing"
    if isinstance(got, list | dict):
        return "a list" if isinstance(got, list) else "a table"
    return repr(f"…@{got.rpartition('@')[2]}" if isinstance(got, str) and "@" in got else got)[:80]


def only_known(table: Mapping[str, Any], known: set[str], where: str) -> None:
    """Refuse a key nobody reads: it is a typing error that would do nothing in silence."""
    for key in table:
        if key not in known:
            meant = "".join(f"did you mean {near}? " for near in get_close_matches(key, known, 1, 0.7))
            raise InvalidFeedsFile(
                f"{where}: {key[:80]!r} is no key here; {meant}expected one of {', '.join(sorted(known))}"
            )


def table(data: Mapping[str, Any], key: str, known: set[str]) -> Mapping[str, Any]:
    found = data.get(key, {})
    if not isinstance(found, dict):
        raise InvalidFeedsFile(f"{key}: expected a table that starts with [{key}]")
    only_known(found, known, key)
    return found


def subtable(data: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    found = data.get(key, {})
    if not isinstance(found, dict):
        raise _wrong(where, key, 'a table such as { title = "pattern" }', found)
    return found


def string(data: Mapping[str, Any], key: str, where: str) -> str:
    found = data.get(key, "")
    if not isinstance(found, str):
        raise _wrong(where, key, "a string", found)
    return found.strip()


def strings(data: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    found = data.get(key, [])
    found = [found] if isinstance(found, str) else found
    if not isinstance(found, list) or not all(isinstance(s, str) for s in found):
        raise _wrong(where, key, "a string or a list of strings", found)
    return tuple(found)


def boolean(data: Mapping[str, Any], key: str, where: str, default: bool) -> bool:
    found = data.get(key, default)
    if not isinstance(found, bool):
        raise _wrong(where, key, "true or false", found)
    return found


def whole_number(data: Mapping[str, Any], key: str, where: str, default: int) -> int:
    found = data.get(key, default)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= 100_000:
        raise _wrong(where, key, "a whole number from 0 to 100000", found)
    return found


def url(data: Mapping[str, Any], key: str, where: str) -> str:
    found = data.get(key)
    if not isinstance(found, str) or _NOT_IN_URLS.search(found.strip()) or not host_of(found.strip()):
        raise _wrong(where, key, 'a feed\'s address such as "https://example.org/feed.xml"', found)
    return found.strip()


def duration(data: Mapping[str, Any], key: str, where: str, default: timedelta) -> timedelta:
    found = data.get(key)
    if found is None:
        return default
    match = _DURATION.fullmatch(found.strip()) if isinstance(found, str) else None
    length = int(match.group(1)) * _UNITS[match.group(2)[0]] if match else None
    if length is None or not _MIN_INTERVAL <= length <= _MAX_INTERVAL:
        raise _wrong(where, key, 'a whole number from "1 min" to "30 d", such as "30 min", "6 h" or "1 d"', found)
    return length


def identifier(data: Mapping[str, Any], key: str, where: str) -> str:
    found = string(data, key, where)
    if key in data and not _IDENTIFIER.fullmatch(found):
        raise _wrong(where, key, "letters, digits, dots, hyphens and underscores, at most 100", found)
    return found


def site(data: Mapping[str, Any], key: str, where: str) -> str:
    found = string(data, key, where)
    if key in data and (not _SITE.fullmatch(found) or ".." in found):
        raise _wrong(
            where, key, 'a folder name such as "example.org": lower-case letters, digits, dots, hyphens', found
        )
    return found


def time_zone(data: Mapping[str, Any], key: str, where: str) -> str:
    found = string(data, key, where)
    if found:
        try:
            ZoneInfo(found)
        except (ValueError, OSError, LookupError):
            raise _wrong(where, key, 'a time zone such as "Europe/Berlin" or "UTC"', found) from None
    return found


def pattern(written: str, where: str) -> re.Pattern[str]:
    try:
        return re.compile(written)
    except (re.error, OverflowError, RecursionError) as error:
        raise InvalidFeedsFile(f"{where}: expected a regular expression, got {written[:80]!r} ({error})") from None


def header_text(data: Mapping[str, Any], key: str, where: str) -> str:
    found = string(data, key, where)
    if not _HEADER_VALUE.fullmatch(found):
        raise _wrong(where, key, "plain ASCII text (it is sent in an HTTP header)", found)
    return found


def headers(data: Mapping[str, Any], key: str, where: str) -> dict[str, str]:
    found = data.get(key, {})
    # The values may be secrets: none is shown, nor what stands where a table should.
    if not isinstance(found, dict):
        raise InvalidFeedsFile(f'{where}: {key}: expected a table such as {{ Authorization = "Bearer …" }}')
    for name, value in found.items():
        if not _HEADER_NAME.fullmatch(name):
            raise InvalidFeedsFile(f"{where}: {key}: expected names of headers (letters, digits, hyphens)")
        if not isinstance(value, str) or not _HEADER_VALUE.fullmatch(value):
            raise InvalidFeedsFile(f"{where}: {key}.{name[:40]}: expected the header's value, a string of plain ASCII")
        if _MEANT_AS_REFERENCE.match(value.strip()) and not SECRET_REFERENCE.fullmatch(value.strip()):
            raise InvalidFeedsFile(
                f'{where}: {key}.{name[:40]}: expected "env:NAME" or "ssm:/name" and nothing after it'
            )
    # Spaces around a value are refused where it is sent, in words that would show it.
    return {name: value.strip() for name, value in found.items()}


def proxy(data: Mapping[str, Any], key: str, where: str) -> str:
    """A proxy's URL, "environment", or "". It may hold a password: what is wrong is not shown."""
    found = string(data, key, where)
    if found not in ("", "environment") and not (_PROXY.fullmatch(found) and host_of(found)):
        raise InvalidFeedsFile(
            f'{where}: {key}: expected an address such as "http://proxy.example:3128" or "environment"'
        )
    return found
