"""Read JSON that may be damaged: every value is checked, and a missing or wrong one raises DamagedJSON.

Files of an archive may be edited, truncated or replaced by people and other programs. Callers catch only DamagedJSON,
so that a bug in this program is never mistaken for a damaged file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from feedarchive.rfc3339 import parse_rfc3339

MAX_INTEGER = 2**40


class DamagedJSON(ValueError):
    """The document is not JSON, or a value in it is missing or of the wrong type."""


def parse_json(data: bytes | str) -> JSONObject:
    """Parse a document whose root is an object. Raises DamagedJSON."""
    return JSONObject(_checked(parse_any_json(data), dict))


def parse_any_json(data: bytes | str) -> Any:
    """Parse a document whose root may be any value. Raises DamagedJSON."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:  # values that are nested too deeply raise RecursionError
        raise DamagedJSON(str(error)) from None


@dataclass(frozen=True)
class JSONObject:
    """A JSON object. Its values are checked when they are read.

    Each method, such as ``text``, returns the value of one field. It raises DamagedJSON if the field is missing or has
    another type.
    """

    fields: Mapping[str, Any]

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    def allow_only(self, *names: str) -> None:
        """Raise DamagedJSON if the object has a field that is not in ``names``."""
        if unknown := self.fields.keys() - set(names):
            raise DamagedJSON(f"unknown fields: {', '.join(sorted(unknown))}")

    def text(self, name: str) -> str:
        return str(_checked(self._value(name), str))

    def optional_text(self, name: str) -> str:
        """A string. Returns "" for null."""
        return "" if self._value(name) is None else self.text(name)

    def integer(self, name: str) -> int:
        """A whole number from 0 to 2**40 - 1. All counts, sizes and versions in an archive are in this range."""
        return checked_integer(self._value(name))

    def optional_integer(self, name: str) -> int | None:
        """A whole number. Returns None for null."""
        return None if self._value(name) is None else self.integer(name)

    def boolean(self, name: str) -> bool:
        return bool(_checked(self._value(name), bool))

    def time(self, name: str) -> datetime:
        """A time as in RFC 3339, with an offset from UTC."""
        return checked_time(self._value(name))

    def day(self, name: str) -> date:
        """A day, such as ``2025-12-25``."""
        try:
            return date.fromisoformat(self.text(name))
        except ValueError as error:
            raise DamagedJSON(str(error)) from None

    def texts(self, name: str) -> tuple[str, ...]:
        """An array of strings."""
        return tuple(_checked(value, str) for value in _checked(self._value(name), list))

    def text_by_name(self, name: str) -> dict[str, str]:
        """An object whose values are strings."""
        return checked_texts(self._value(name))

    def object(self, name: str) -> JSONObject:
        return JSONObject(_checked(self._value(name), dict))

    def objects(self, name: str) -> list[JSONObject]:
        """An array of objects."""
        return [JSONObject(_checked(value, dict)) for value in _checked(self._value(name), list)]

    def objects_by_name(self, name: str) -> dict[str, Any]:
        """An object. Its values are not checked, so that a caller can skip damaged values."""
        return dict(_checked(self._value(name), dict))

    def _value(self, name: str) -> Any:
        if name not in self.fields:
            raise DamagedJSON(f"{name} is missing")
        return self.fields[name]


def checked_integer(value: object) -> int:
    """Returns the value if it is a whole number from 0 to 2**40 - 1; otherwise raises DamagedJSON."""
    if type(value) is not int or not 0 <= value < MAX_INTEGER:
        raise DamagedJSON(f"expected a whole number, got {value!r:.80}")
    return value


def checked_time(value: object) -> datetime:
    """Parse a time as in RFC 3339. Raises DamagedJSON."""
    try:
        return parse_rfc3339(_checked(value, str))
    except ValueError as error:
        raise DamagedJSON(str(error)) from None


def checked_texts(value: object) -> dict[str, str]:
    """Returns the value if it is an object of strings; otherwise raises DamagedJSON."""
    fields: dict[str, str] = _checked(value, dict)
    # A set operation is faster than a loop, which matters for objects with thousands of fields.
    if not set(map(type, fields.values())) <= {str}:
        raise DamagedJSON("expected strings")
    return fields


def _checked(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise DamagedJSON(f"expected {kind.__name__}, got {type(value).__name__}")
    return value
