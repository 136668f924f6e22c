"""The YAML front matter of an article's file: written once, read alike by every YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml

_FENCE = "---\n"
# libyaml's emitter and parser, seven times faster; the same in Python where PyYAML was built without it.
_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# PyYAML escapes what is beyond the basic plane, emoji for one; all parsers read it as it is.
_ESCAPED_CHARACTER = re.compile(r"((?<!\\)(?:\\\\)*)\\U000([0-9A-F]{5})|((?<!\\)(?:\\\\)*)\\U0010([0-9A-F]{4})")


class _Emitter(_Dumper):  # type: ignore[misc, valid-type]
    """Strings always in double quotes, dates and booleans bare, lists on one line."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _string(emitter: yaml.SafeDumper, value: str) -> yaml.Node:
    return emitter.represent_scalar("tag:yaml.org,2002:str", value, style='"')


def _list(emitter: yaml.SafeDumper, values: list[Any]) -> yaml.Node:
    return emitter.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=True)


def _mapping(emitter: yaml.SafeDumper, mapping: dict[str, Any]) -> yaml.Node:
    # Keys are our own plain words: no quotes, in the order given.
    pairs = [
        (emitter.represent_scalar("tag:yaml.org,2002:str", key), emitter.represent_data(value))
        for key, value in mapping.items()
    ]
    return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=False)


_Emitter.add_representer(str, _string)
_Emitter.add_representer(list, _list)
_Emitter.add_representer(dict, _mapping)


def with_front_matter(fields: Mapping[str, str | int | bool | date | list[str]], body: str) -> str:
    """A whole file: the fields as YAML between fences, then the body, ending with a newline."""
    head = yaml.dump(dict(fields), Dumper=_Emitter, allow_unicode=True, width=2**30, sort_keys=False)
    # Obsidian's Templater runs what stands between "<%" and "%>", wherever in a file.
    head = _ESCAPED_CHARACTER.sub(_as_itself, head).replace("<%", "<\\x25")
    return f"{_FENCE}{head}{_FENCE}{body}\n" if body else f"{_FENCE}{head}{_FENCE}"


def _as_itself(match: re.Match[str]) -> str:
    escaped = match.group(2) or "10" + match.group(4)
    character = chr(int(escaped, 16))
    # Non-characters and private use beyond the basic plane stay escaped: not all parsers let them in.
    return (match.group(1) or match.group(3) or "") + character if character.isprintable() else match.group()


def read_front_matter(file_text: str) -> dict[str, Any]:
    """The fields of an article's file; empty if it has no front matter that can be read."""
    if not file_text.startswith(_FENCE):
        return {}
    end = file_text.find("\n" + _FENCE, len(_FENCE) - 1)
    try:
        fields = yaml.load(file_text[len(_FENCE) : end + 1], Loader=_Loader) if end > 0 else None  # noqa: S506 - safe
    except yaml.YAMLError:
        return {}
    return fields if isinstance(fields, dict) else {}


def body_of(file_text: str) -> str:
    """What follows the front matter."""
    end = file_text.find("\n" + _FENCE, len(_FENCE) - 1)
    return file_text[end + 1 + len(_FENCE) :] if file_text.startswith(_FENCE) and end > 0 else file_text
