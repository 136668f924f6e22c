"""Write and parse the YAML of front matter, so that every YAML parser reads the same values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import yaml

from feedarchive.article.own_yaml import parse_own_yaml

_FENCE = "---\n"
# The C classes are seven times as fast as the Python classes, but PyYAML may have been built without libyaml.
_Emitter = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# PyYAML writes emoji and other characters above U+FFFF as escapes, "\U0001F600". All parsers accept the characters
# themselves, so the escapes are replaced.
_ESCAPED_CHARACTER = re.compile(r"((?<!\\)(?:\\\\)*)\\U000([0-9A-F]{5})|((?<!\\)(?:\\\\)*)\\U0010([0-9A-F]{4})")


_Fields = Mapping[str, str | int | bool | date | list[str]]


def format_markdown(fields: _Fields, body: str) -> str:
    """Return a complete file: the fields as YAML between two lines ``---``, then the body. It ends with a newline."""
    head = yaml.emit(_events(fields), Dumper=_Emitter, allow_unicode=True, width=2**30)
    # Escape "<%": Obsidian's plugin Templater runs any text between "<%" and "%>" as a program.
    head = _ESCAPED_CHARACTER.sub(_unescaped, head).replace("<%", "<\\x25")
    return f"{_FENCE}{head}{_FENCE}{body}\n" if body else f"{_FENCE}{head}{_FENCE}"


def _events(fields: _Fields) -> Iterator[yaml.Event]:
    """Yield the YAML events of the fields: strings in double quotes, other values without quotes, lists on one line.

    yaml.dump() is slower, because it checks for each string whether quotes are needed.
    """
    yield yaml.StreamStartEvent()
    yield yaml.DocumentStartEvent(explicit=False)
    yield yaml.MappingStartEvent(None, None, True, flow_style=False)
    for key, value in fields.items():
        yield _bare(key)  # keys are simple words, so they need no quotes
        if isinstance(value, str):
            yield _quoted(value)
        elif isinstance(value, list):
            yield yaml.SequenceStartEvent(None, None, True, flow_style=True)
            yield from map(_quoted, value)
            yield yaml.SequenceEndEvent()
        else:
            yield _bare(str(value).lower())
    yield yaml.MappingEndEvent()
    yield yaml.DocumentEndEvent(explicit=False)
    yield yaml.StreamEndEvent()


def _bare(word: str) -> yaml.Event:
    return yaml.ScalarEvent(None, None, (True, False), word)


def _quoted(text: str) -> yaml.Event:
    return yaml.ScalarEvent(None, None, (False, True), text, style='"')


def _unescaped(match: re.Match[str]) -> str:
    escaped = match.group(2) or "10" + match.group(4)
    character = chr(int(escaped, 16))
    # Unassigned and private characters stay escaped, because some parsers do not accept them.
    return (match.group(1) or match.group(3) or "") + character if character.isprintable() else match.group()


def parse_front_matter(file_text: str) -> dict[str, Any]:
    """Return the fields of an article's file; an empty dict if its front matter is missing or invalid."""
    if not file_text.startswith(_FENCE):
        return {}
    end = file_text.find("\n" + _FENCE, len(_FENCE) - 1)
    if end <= 0:
        return {}
    head = file_text[len(_FENCE) : end + 1]
    fields = parse_own_yaml(head)
    return fields if fields is not None else _parse_yaml(head)


def _parse_yaml(head: str) -> dict[str, Any]:
    try:
        fields = yaml.load(head, Loader=_Loader)  # noqa: S506 - safe
    except yaml.YAMLError:
        return {}
    return fields if isinstance(fields, dict) else {}


def body_of(file_text: str) -> str:
    """Return the text after the front matter; the whole text if there is no front matter."""
    end = file_text.find("\n" + _FENCE, len(_FENCE) - 1)
    return file_text[end + 1 + len(_FENCE) :] if file_text.startswith(_FENCE) and end > 0 else file_text
