"""Read the fields of an archived file: the front matter of a Markdown file, or the object in a JSON file."""

from __future__ import annotations

from typing import Any

from feedarchive.article.file_names import CompanionKind, companion_kind
from feedarchive.article.yaml_format import parse_front_matter
from feedarchive.json_values import DamagedJSON, parse_json


def fields_of_file(key: str, data: bytes) -> dict[str, Any]:
    """Return the fields of the file with this key and content; an empty dict if they are missing or damaged."""
    if companion_kind(key) is not CompanionKind.MEDIA:
        return parse_front_matter(data.decode("utf-8", "replace"))
    try:
        return dict(parse_json(data).fields)
    except DamagedJSON:
        return {}
