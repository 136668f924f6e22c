"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from typing import Any

from feedarchive.document.limits import MAX_ENTRIES_READ, names_in_common
from feedarchive.document.model import Document, Enclosure, Entry, NotAFeed, Text
from feedarchive.text import remove_forbidden
from feedarchive.urls import resolve_url

# Objects and lists take some 200 bytes of memory each, however short they are written. Braces in texts count too.
_MAX_OBJECTS = 500_000


def parse_json_feed(text: str, url: str) -> Document | NotAFeed:
    """Read a JSON Feed; what is not as the specification says is read as well as it can be."""
    if text.count("{") + text.count("[") > _MAX_OBJECTS:
        return NotAFeed(f"JSON with more than {_MAX_OBJECTS:,} objects")
    try:
        data = json.loads(text.lstrip("\ufeff \t\r\n"), strict=False)
    except (ValueError, RecursionError) as error:
        return NotAFeed(f"JSON that cannot be read ({str(error)[:80]})")
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        return NotAFeed("JSON, but no JSON Feed: it has no list of items")
    version = _string(data.get("version"))
    if "jsonfeed.org" not in version and not version.strip("0123456789."):
        version = ""
    items, authors = data["items"][:MAX_ENTRIES_READ], names_in_common(_authors(data))
    entries = tuple(_entry(item, url, authors) for item in items if isinstance(item, dict))
    strange, unread = len(items) - len(entries), len(data["items"]) - len(items)
    damage = [f"{strange} items that are no objects"] if strange else []
    if unread:
        damage.append(f"{unread} items beyond the first {MAX_ENTRIES_READ:,}, which were not read")
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
    tags = item.get("tags")
    return Entry(
        guid=_guid(item.get("id")),
        link=resolve_url(url, _string(item.get("url")) or _string(item.get("external_url"))),
        title=Text(_string(item.get("title"))),
        contents=tuple(t for t in (html, text) if t),
        summary=summary,
        authors=_authors(item) or authors,
        tags=tuple(dict.fromkeys(t for tag in tags if (t := _string(tag)))) if isinstance(tags, list) else (),
        published=_string(item.get("date_published")),
        updated=_string(item.get("date_modified")),
        enclosures=_enclosures(item, url),
        images=tuple(u for key in ("image", "banner_image") if (u := resolve_url(url, _string(item.get(key))))),
        language=_string(item.get("language")),
    )


def _guid(value: Any) -> str:
    # "id" must be a string; feeds with numbers exist, and the specification says to coerce them.
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else _string(value)


def _text(item: dict[str, Any], key: str, url: str) -> Text | None:
    value = _string(item.get(key))
    return Text(value, key == "content_html", url) if value.strip() else None


def _authors(holder: dict[str, Any]) -> tuple[str, ...]:
    authors = holder.get("authors")
    if not isinstance(authors, list):
        authors = [holder.get("author")]  # version 1.0
    names = [_string(a.get("name")) or _string(a.get("url")) for a in authors if isinstance(a, dict)]
    return tuple(dict.fromkeys(name for name in names if name))


def _enclosures(item: dict[str, Any], url: str) -> tuple[Enclosure, ...]:
    attachments = item.get("attachments")
    found = []
    for a in attachments if isinstance(attachments, list) else []:
        if isinstance(a, dict) and (address := resolve_url(url, _string(a.get("url")))):
            size = a.get("size_in_bytes")
            length = size if type(size) is int and 0 <= size < 10**15 else None
            found.append(Enclosure(address, _string(a.get("mime_type")), length, _string(a.get("title"))))
    return tuple(found)


def _string(value: Any) -> str:
    # A lone surrogate ("\\ud800") is legal JSON and no character: nothing could write it to a file.
    return remove_forbidden(value)[0].strip() if isinstance(value, str) else ""
