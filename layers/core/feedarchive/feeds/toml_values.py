"""Read the values of a feeds file. Each function checks one value, and raises InvalidFeedsFile if it is invalid.

Most functions have these arguments:

``data``: the TOML table.
``key``: the key of the value in that table.
``where``: the name of the table in messages, such as "feed number 2 (https://example.org/feed)".

Values that may be secrets are never part of a message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from feedarchive.feeds.feed import FullText
from feedarchive.feeds.secret_references import (
    HEADER_REFERENCE,
    LIKE_A_HEADER_REFERENCE,
    has_invalid_reference,
    with_braces,
)
from feedarchive.url_secrets import public_url
from feedarchive.urls import host_of

_MAX_NUMBER = 100_000
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_SITE = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,98}[a-z0-9])?")
# If a URL has one of these characters, programs disagree about where the host ends.
_NOT_IN_URLS = re.compile(r"[\x00-\x20\x7f\\]")
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e]*")
_PROXY = re.compile(r"https?://[^\s/]+/?")


class InvalidFeedsFile(Exception):
    """A feeds file has an error. The message is one line with the file, the line or key, and what was expected."""


def reject_unknown_keys(data: Mapping[str, Any], known: set[str], where: str) -> None:
    """Raise InvalidFeedsFile if there is an unknown key. It is probably misspelled."""
    for key in data:
        if key not in known:
            similar = "".join(f"did you mean {match}? " for match in get_close_matches(key, known, 1, 0.7))
            raise InvalidFeedsFile(
                f"{where}: unknown key {key[:80]!r}; {similar}expected one of {', '.join(sorted(known))}"
            )


def table(data: Mapping[str, Any], key: str, known: set[str]) -> Mapping[str, Any]:
    """Read a top-level table that may have only ``known`` keys; empty if the key is missing."""
    value = data.get(key, {})
    if not isinstance(value, dict):
        raise InvalidFeedsFile(f"{key}: expected a table that starts with [{key}]")
    reject_unknown_keys(value, known, key)
    return value


def subtable(data: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    """Read a table inside a table; empty if the key is missing."""
    value = data.get(key, {})
    if not isinstance(value, dict):
        raise invalid_value(where, key, 'a table such as { title = "pattern" }', value)
    return value


def string(data: Mapping[str, Any], key: str, where: str) -> str:
    """Read a string, and remove the spaces around it; "" if the key is missing."""
    value = data.get(key, "")
    if not isinstance(value, str):
        raise invalid_value(where, key, "a string", value)
    return value.strip()


def choice(data: Mapping[str, Any], key: str, where: str, allowed: Sequence[str]) -> str:
    """Read one of the ``allowed`` words. The first of them is the default."""
    value = string(data, key, where) or allowed[0]
    if value not in allowed:
        words = " or ".join(f'"{word}"' for word in allowed)
        raise InvalidFeedsFile(f"{where}: {key}: expected {words}, got {value[:80]!r}")
    return value


def strings(data: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    """Read a list of strings or a single string; () if the key is missing."""
    value = data.get(key, [])
    value = [value] if isinstance(value, str) else value
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise invalid_value(where, key, "a string or a list of strings", value)
    return tuple(value)


def boolean(data: Mapping[str, Any], key: str, where: str, default: bool) -> bool:
    """Read true or false; ``default`` if the key is missing."""
    value = data.get(key, default)
    if not isinstance(value, bool):
        raise invalid_value(where, key, "true or false", value)
    return value


def whole_number(data: Mapping[str, Any], key: str, where: str, default: int) -> int:
    """Read a whole number from 0 to 100000; ``default`` if the key is missing."""
    value = data.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MAX_NUMBER:
        raise invalid_value(where, key, f"a whole number from 0 to {_MAX_NUMBER}", value)
    return value


def url(data: Mapping[str, Any], key: str, where: str) -> str:
    """Read an http(s) URL, which must not be missing. A reference to a secret gets braces: ``{env:NAME}``."""
    value = data.get(key)
    text = with_braces(value.strip()) if isinstance(value, str) else ""
    if _NOT_IN_URLS.search(text) or not host_of(text):
        raise invalid_value(where, key, 'the URL of a feed such as "https://example.org/feed.xml"', value)
    if has_invalid_reference(text):
        raise InvalidFeedsFile(
            f'{where}: {key}: a reference to a secret is not valid: write it as "{{env:NAME}}" or "{{ssm:/name}}"'
        )
    return text


def full_text(data: Mapping[str, Any], key: str, where: str) -> FullText:
    """Read true, false or "short"; false if the key is missing."""
    value = data.get(key, False)
    if value == FullText.SHORT:
        return FullText.SHORT
    if not isinstance(value, bool):
        raise invalid_value(where, key, 'true, false or "short"', value)
    return FullText.ALWAYS if value else FullText.OFF


def identifier(data: Mapping[str, Any], key: str, where: str) -> str:
    """Read the id of a feed; "" if the key is missing."""
    value = string(data, key, where)
    if key in data and not _ID.fullmatch(value):
        raise invalid_value(where, key, "at most 100 characters: letters, digits, dots, hyphens and underscores", value)
    return value


def site(data: Mapping[str, Any], key: str, where: str) -> str:
    """Read the name of a site, which becomes the name of a folder; "" if the key is missing."""
    value = string(data, key, where)
    if key in data and (not _SITE.fullmatch(value) or ".." in value):
        expected = 'a folder name such as "example.org": lower-case letters, digits, dots, hyphens'
        raise invalid_value(where, key, expected, value)
    return value


def time_zone(data: Mapping[str, Any], key: str, where: str) -> str:
    """Read the IANA name of a time zone; "" if the key is missing."""
    value = string(data, key, where)
    if value:
        try:
            ZoneInfo(value)
        except (ValueError, OSError, LookupError):
            raise invalid_value(where, key, 'a time zone such as "Europe/Berlin" or "UTC"', value) from None
    return value


def pattern(text: str, where: str) -> re.Pattern[str]:
    """Compile a regular expression."""
    try:
        return re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise InvalidFeedsFile(f"{where}: expected a regular expression, got {text[:80]!r} ({error})") from None


def header_text(data: Mapping[str, Any], key: str, where: str) -> str:
    """Read a text that is sent in an HTTP header; "" if the key is missing."""
    value = string(data, key, where)
    if not _HEADER_VALUE.fullmatch(value):
        raise invalid_value(where, key, "ASCII text (it is sent in an HTTP header)", value)
    return value


def headers(data: Mapping[str, Any], key: str, where: str) -> dict[str, str]:
    """Read a table of HTTP headers; empty if the key is missing. Messages do not quote values, which may be secret."""
    value = data.get(key, {})
    if not isinstance(value, dict):
        raise InvalidFeedsFile(f'{where}: {key}: expected a table such as {{ Authorization = "Bearer …" }}')
    for name, text in value.items():
        if not _HEADER_NAME.fullmatch(name):
            raise InvalidFeedsFile(f"{where}: {key}: expected names of headers (letters, digits, hyphens)")
        if not isinstance(text, str) or not _HEADER_VALUE.fullmatch(text):
            raise InvalidFeedsFile(f"{where}: {key}.{name[:40]}: expected the header's value, a string of ASCII text")
        if LIKE_A_HEADER_REFERENCE.match(text.strip()) and not HEADER_REFERENCE.fullmatch(text.strip()):
            raise InvalidFeedsFile(
                f"{where}: {key}.{name[:40]}: the reference to a secret is not valid: "
                'write "env:NAME" or "ssm:/name", and nothing after it'
            )
    # Strip spaces. The requests library rejects a value that starts with a space, and its error message would show the
    # secret value.
    return {name: text.strip() for name, text in value.items()}


def proxy(data: Mapping[str, Any], key: str, where: str) -> str:
    """Read the URL of a proxy, or the word "environment", which means the variables http_proxy and https_proxy.

    Returns "" if the key is missing. Messages do not quote the URL, because it may contain a password.
    """
    value = with_braces(string(data, key, where))
    is_url = _PROXY.fullmatch(value) and host_of(value) and not has_invalid_reference(value)
    if value not in ("", "environment") and not is_url:
        raise InvalidFeedsFile(f'{where}: {key}: expected "environment" or a URL such as "http://proxy.example:3128"')
    return value


def invalid_value(where: str, key: str, expected: str, value: object) -> InvalidFeedsFile:
    """Return the error for a wrong value. Its message shows no secrets."""
    return InvalidFeedsFile(f"{where}: {key}: expected {expected}, got {_without_secrets(value)}")


def _without_secrets(value: object) -> str:
    """Describe a value in a message, without secrets such as the login in a URL."""
    if value is None:
        return "nothing"
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "a table"
    if isinstance(value, str):
        value = public_url(f"…@{value.rpartition('@')[2]}" if "@" in value else value)
    return repr(value)[:80]
