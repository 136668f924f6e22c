"""Write values as TOML."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from feedarchive.text import safe_text


def toml_string(text: str) -> str:
    """Write a text as a TOML string on one line."""
    return json.dumps(safe_text(text), ensure_ascii=False).replace("\x7f", "\\u007f")


def feeds_file_text(data: Mapping[str, Any]) -> str:
    """Return the text of a feeds file with these values, which must be valid."""
    tables = [_table(f"[{name}]", values) for name, values in data.items() if name != "feeds"]
    return "\n".join([*tables, *(_table("[[feeds]]", values) for values in data.get("feeds", []))])


def _table(header: str, values: Mapping[str, Any]) -> str:
    return "".join([f"{header}\n", *(f"{key} = {_value(value)}\n" for key, value in values.items())])


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{toml_string(key)} = {_value(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return toml_string(value) if isinstance(value, str) else str(value).lower()  # a number, true or false
