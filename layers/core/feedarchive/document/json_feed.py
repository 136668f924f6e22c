"""Parse JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from feedarchive.document.limits import MAX_ENTRIES_PARSED, limit_feed_authors
from feedarchive.document.model import Document, Enclosure, Entry, Episode, NotAFeed, Text, TextRole
from feedarchive.text import count_of, remove_forbidden
from feedarchive.urls import resolve_url

# A limit on memory: even an empty object or list takes some 200 bytes.
_MAX_OBJECTS = 500_000


def parse_json_feed(text: str, url: str) -> Document | NotAFeed:
    """Parse a JSON Feed, even if it deviates from the specification. Returns NotAFeed for other JSON."""
    if text.count("{") + text.count("[") > _MAX_OBJECTS:
        return NotAFeed(f"JSON with more than {_MAX_OBJECTS:,} objects")
    try:
        data = json.loads(text.lstrip("\ufeff \t\r\n"), strict=False)
    except (ValueError, RecursionError) as error:
        return NotAFeed(f"JSON that cannot be parsed ({str(error)[:80]})")
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        return NotAFeed("JSON, but not a JSON Feed: it has no list of items")
    version = _string(data.get("version"))
    if "jsonfeed.org" not in version and not version.strip("0123456789."):
        version = ""
    items, authors = data["items"][:MAX_ENTRIES_PARSED], limit_feed_authors(_authors(data))
    entries = tuple(_entry(item, url, authors) for item in items if isinstance(item, dict))
    not_objects, too_many = len(items) - len(entries), len(data["items"]) - len(items)
    damage = [f"{count_of(not_objects, 'item')} of a wrong type"] if not_objects else []
    if too_many:
        damage.append(f"{count_of(too_many, 'item')} after the first {MAX_ENTRIES_PARSED:,}, not parsed")
    return Document(
        version="json" + version.rpartition("/")[2].strip()[:8],
        title=Text(_string(data.get("title"))),
        home_page=resolve_url(url, _string(data.get("home_page_url"))),
        language=_string(data.get("language")),
        entries=entries,
        damage=tuple(damage),
    )


def _entry(item: dict[str, Any], url: str, authors: tuple[str, ...]) -> Entry:
    html, text = _text(item, "content_html", url), _text(item, "content_text", url)
    summary = _text(item, "summary", url)
    role = TextRole.PLAIN_VERSION if html else TextRole.CONTENT
    tags, guid = item.get("tags"), _guid(item.get("id"))
    link = resolve_url(url, _string(item.get("url")) or _string(item.get("external_url")))
    return Entry(
        guid=guid,
        link=link,
        title=Text(_string(item.get("title"))),
        contents=tuple(t for t in (html, replace(text, role=role) if text else None) if t),
        summary=summary,
        authors=_authors(item) or authors,
        tags=tuple(dict.fromkeys(t for tag in tags if (t := _string(tag)))) if isinstance(tags, list) else (),
        published=_string(item.get("date_published")),
        updated=_string(item.get("date_modified")),
        enclosures=_enclosures(item, url),
        images=tuple(u for key in ("image", "banner_image") if (u := resolve_url(url, _string(item.get(key))))),
        language=_string(item.get("language")),
        episode=Episode(_duration(item)),
        written_link=guid if not link and guid.startswith("http") else "",
    )


def _duration(item: dict[str, Any]) -> int | None:
    durations = (attachment.get("duration_in_seconds") for attachment in _attachments(item))
    return next((int(d) for d in durations if isinstance(d, int | float) and 0 < d < 10**6), None)


def _guid(value: Any) -> str:
    # The specification says to convert an "id" that is a number to a string.
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else _string(value)


def _text(item: dict[str, Any], key: str, url: str) -> Text | None:
    value = _string(item.get(key))
    return Text(value, key == "content_html", url) if value.strip() else None


def _authors(parent: dict[str, Any]) -> tuple[str, ...]:
    authors = parent.get("authors")
    if not isinstance(authors, list):
        authors = [parent.get("author")]  # version 1.0 of JSON Feed has "author" instead of "authors"
    names = [_string(a.get("name")) or _string(a.get("url")) for a in authors if isinstance(a, dict)]
    return tuple(dict.fromkeys(name for name in names if name))


def _attachments(item: dict[str, Any]) -> list[dict[str, Any]]:
    attachments = item.get("attachments")
    return [each for each in attachments if isinstance(each, dict)] if isinstance(attachments, list) else []


def _enclosures(item: dict[str, Any], url: str) -> tuple[Enclosure, ...]:
    found = []
    for a in _attachments(item):
        if target := resolve_url(url, _string(a.get("url"))):
            size = a.get("size_in_bytes")
            length = size if type(size) is int and 0 <= size < 10**15 else None
            found.append(Enclosure(target, _string(a.get("mime_type")), length, _string(a.get("title"))))
    if item.get("url") and (external := resolve_url(url, _string(item.get("external_url")))):
        found.append(Enclosure(external, title="external link"))
    return tuple(found)


def _string(value: Any) -> str:
    # JSON may contain half of a surrogate pair, such as "\ud800", which cannot be written to a file.
    return remove_forbidden(value)[0].strip() if isinstance(value, str) else ""
