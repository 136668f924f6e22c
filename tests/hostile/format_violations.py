"""Check any article file against docs/archive-format.md, whatever its content."""

from __future__ import annotations

import io
import re
from typing import Any

import yaml
from ruamel.yaml import YAML

from feedarchive.article.yaml_format import body_of, parse_front_matter
from feedarchive.text import safe_text
from tests.hostile.active_content import as_github, dangers_of

_FIRST_KEYS = ["title", "date", "description", "image", "link", "source", "draft"]
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_LINE = re.compile(r'[a-z_]+: (?:"(?:[^"\\]|\\.)*"|\d{4}-\d\d-\d\d|true|false|\d+|\[.*\])')


def violations_of(file: bytes) -> list[str]:
    """The rules of the format that a file violates, and its active content; empty for a good file."""
    text = file.decode("utf-8")
    found = [] if text.endswith("\n") else ["does not end with a newline"]
    head, separator, _ = text.removeprefix("---\n").partition("\n---\n")
    if not text.startswith("---\n") or not separator:
        return [*found, "has no front matter"]
    fields = parse_front_matter(text)
    if list(fields)[:7] != _FIRST_KEYS:
        found.append(f"begins with the keys {list(fields)[:7]}")
    if yaml.load(head, Loader=yaml.SafeLoader) != fields or _yaml_1_2(head) != fields:
        found.append("YAML 1.1 and 1.2 parsers disagree")
    found += [f"has the line {line[:60]!r}" for line in head.split("\n") if not _LINE.fullmatch(line)]
    for key in ("image", "link"):
        if not re.match(r"https?://|$", fields[key]):
            found.append(f"{key} is {fields[key][:60]!r}")
    body = body_of(text)
    return [*found, *_of_body(body)]


def _yaml_1_2(head: str) -> Any:
    return YAML(typ="safe", pure=True).load(io.StringIO(head))


def _of_body(body: str) -> list[str]:
    found = []
    if re.match(r"\s*(?:---|\+\+\+)\s*\n", body):
        found.append("its body begins with a second front matter")
    if safe_text(body) != body:
        found.append("its body has characters that are not text")
    if re.search(r"\{\{[<%]", body):
        found.append("its body has a shortcode")
    return found + [f"rendered, its body has {danger[:100]!r}" for danger in dangers_of(as_github(body))]
