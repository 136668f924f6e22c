"""Small documents of every feed format in fixtures/, each with the expected result as JSON beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from feedarchive.document.model import Document, Entry, Text
from feedarchive.document.parse_document import parse_document

FIXTURES = Path(__file__).parent / "fixtures"
URL = "https://example.org/feeds/all.xml"
CASES = sorted(path for path in FIXTURES.iterdir() if not path.name.endswith(".expected.json"))


def readable(document: Document) -> dict[str, Any]:
    """The document as JSON, without empty values."""
    described = {
        "version": document.version,
        "title": _text(document.title),
        "home_page": document.home_page,
        "language": document.language,
        "entries": [_entry(entry) for entry in document.entries],
        "damage": list(document.damage),
        "cut_off": _entry(document.cut_off) if document.cut_off else None,
    }
    return _without_empty(described)


def _entry(entry: Entry) -> dict[str, Any]:
    described = {
        "guid": entry.guid,
        "guid_is_permalink": entry.guid_is_permalink,
        "link": entry.link,
        "title": _text(entry.title),
        "contents": [_text(content) for content in entry.contents],
        "summary": _text(entry.summary) if entry.summary else None,
        "authors": list(entry.authors),
        "tags": list(entry.tags),
        "published": entry.published,
        "updated": entry.updated,
        "enclosures": [_without_empty(vars(enclosure)) for enclosure in entry.enclosures],
        "images": list(entry.images),
        "language": entry.language,
    }
    return _without_empty(described)


def _text(text: Text) -> dict[str, str]:
    kind = "html" if text.html else "text"
    # The URL of the feed itself is the base of most texts and is left out.
    return _without_empty({kind: text.value, "base": "" if text.base == URL else text.base})


def _without_empty(described: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in described.items() if value not in ("", None, False, [], {})}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_a_document_gives_the_expected_result(path: Path) -> None:
    document = parse_document(path.read_bytes(), URL)
    assert isinstance(document, Document)
    expected = path.with_suffix(".expected.json").read_text(encoding="utf-8")
    assert readable(document) == json.loads(expected)


def test_every_expected_result_has_a_document() -> None:
    expectations = {path.name.removesuffix(".expected.json") for path in FIXTURES.glob("*.expected.json")}
    assert expectations == {path.stem for path in CASES}
    assert len(CASES) == len(expectations)
