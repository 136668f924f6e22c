"""RSS, RDF and Atom: from feedparser's dictionaries to entries."""

from __future__ import annotations

import re
from typing import Any

from feedarchive.document.feedparser_adapter import Parsed, parse_xml
from feedarchive.document.feedparser_handlers import looks_like_html
from feedarchive.document.limits import MAX_ENTRIES_READ, names_in_common
from feedarchive.document.model import Document, Enclosure, Entry, NotAFeed, Text
from feedarchive.document.update_interval import update_interval
from feedarchive.document.xml_repair import prepare
from feedarchive.urls import resolve_url

_HTML_TYPES = {"text/html", "application/xhtml+xml"}
_UPDATES = ("ttl", "sy_updateperiod", "sy_updatefrequency")
_SUMMARIES = ("dc_description", "media_description", "itunes_summary")
_HTML_PAGE = re.compile(r"(?><\?xml[^>]*>|<!--.*?-->|\s)*+<(?:!doctype\s+)?html\b", re.IGNORECASE | re.DOTALL)


def parse_xml_feed(text: str, url: str) -> Document | NotAFeed:
    """A document is a feed if it has a version or entries, well-formed or not."""
    xml_text = prepare(text)
    parsed = parse_xml(xml_text, url)
    if not (parsed.version or parsed.entries):
        return NotAFeed(_what_it_is(text))
    damage = xml_text.damage
    if parsed.not_well_formed:
        damage += (f"not well-formed XML ({parsed.not_well_formed})",)
    if parsed.too_long:
        damage += ("too long to guess at more than its first part",)
    atom = parsed.version.startswith("atom")
    authors = names_in_common(_authors(parsed.feed)) if atom else ()
    entries = tuple(_entry(raw, atom, authors) for raw in parsed.entries[:MAX_ENTRIES_READ])
    if unread := len(parsed.entries) - len(entries):
        damage += (f"{unread} entries beyond the first {MAX_ENTRIES_READ:,}, which were not read",)
    ends_early = not unread and (xml_text.cut_off or parsed.too_long)
    cut_off = entries[-1] if ends_early and entries else None
    return Document(
        version=parsed.version or "unknown",
        title=_detail(parsed.feed, "title"),
        home_page=_home_page(parsed, url),
        language=_string(parsed.feed.get("language")),
        entries=entries[:-1] if cut_off else entries,
        damage=damage,
        cut_off=cut_off,
        intact=not (unread or ends_early or parsed.guessed),
        update_interval=update_interval(*(_string(parsed.feed.get(name)) for name in _UPDATES)),
    )


def _what_it_is(text: str) -> str:
    start = text.lstrip("\ufeff \t\r\n")[:1000]
    if not start:
        return "the document is empty"
    if _HTML_PAGE.match(start):
        return "an HTML page, not a feed"
    return "neither RSS, RDF, Atom nor JSON Feed"


def _home_page(parsed: Parsed, url: str) -> str:
    for link in _details(parsed.feed, "links"):
        if link.get("rel") == "alternate" and link.get("href"):
            return resolve_url(url, _string(link["href"]))
    return resolve_url(url, _string(parsed.feed.get("link")))


def _entry(raw: dict[str, Any], atom: bool, authors: tuple[str, ...]) -> Entry:
    # dict.get: feedparser's own get() answers one key with another's value ("updated" with "published").
    get = dict.get
    links = [link for link in _details(raw, "links") if link.get("href")]
    contents = tuple(_text(content) for content in _details(raw, "content") if content.get("value"))
    others = tuple(text for key in _SUMMARIES if (text := _detail(raw, key)).value)
    summary = _detail(raw, "summary")
    title, source = _detail(raw, "title"), get(raw, "source")
    return Entry(
        guid=_string(get(raw, "guid_as_written") or get(raw, "id")),
        guid_is_permalink=not atom and bool(get(raw, "guid_is_permalink", False)),
        link=_link(raw, links),
        title=title if title.value else _detail(raw, "media_title"),
        contents=contents + others,
        summary=summary if summary.value else None,
        # RFC 4287, section 4.2.2: those of its source are an entry's own, and those of its feed.
        authors=_authors(raw) or (_authors(source) if atom and isinstance(source, dict) else ()) or authors,
        tags=tuple(dict.fromkeys(t for tag in _details(raw, "tags") if (t := _tag(tag)))),
        published=_string(get(raw, "published") or get(raw, "dc_date") or get(raw, "created")),
        updated=_string(get(raw, "updated")),
        enclosures=_enclosures(raw, links),
        images=_images(raw),
        language=_language(raw),
    )


def _link(raw: dict[str, Any], links: list[dict[str, Any]]) -> str:
    """The publisher's own address of the entry; FeedBurner hides it behind a counter."""
    if original := _string(dict.get(raw, "feedburner_origlink")):
        return original
    written = _string(dict.get(raw, "link"))
    if written and written != _string(dict.get(raw, "id")):
        return written
    alternate = next((link.get("href") for link in links if link.get("rel", "alternate") == "alternate"), "")
    return _string(alternate)


def _text(detail: dict[str, Any]) -> Text:
    value = _string(detail.get("value"), fold=False)
    # Atom's type="text" is what generators write without thinking; feedparser asks this of RSS alone.
    is_html = detail.get("type") in _HTML_TYPES or looks_like_html(value)
    return Text(value, is_html, _string(detail.get("base")))


def _detail(raw: dict[str, Any], key: str) -> Text:
    # Without a detail, feedparser copied the text from another element: it is there already.
    detail = dict.get(raw, f"{key}_detail")
    return _text(detail) if isinstance(detail, dict) else Text("")


def _details(raw: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """feedparser's list under this name; an element of a document may have put anything else there."""
    found = dict.get(raw, key)
    return found if isinstance(found, list) else []


def _language(raw: dict[str, Any]) -> str:
    texts = (*_details(raw, "content"), *(dict.get(raw, f"{key}_detail") for key in ("summary", "title")))
    languages = (_string(text.get("language")) for text in texts if isinstance(text, dict))
    return _string(dict.get(raw, "language")) or next(filter(None, languages), "")


def _authors(raw: dict[str, Any]) -> tuple[str, ...]:
    names = [_string(a.get("name") or a.get("email")) for a in _details(raw, "authors")]
    if not any(names):
        names = [_string(dict.get(raw, "author")) or _string(dict.get(raw, "authors_element"))]
    return tuple(dict.fromkeys(name for name in names if name))


def _tag(tag: dict[str, Any]) -> str:
    return _string(tag.get("label") or tag.get("term"))


def _enclosures(raw: dict[str, Any], links: list[dict[str, Any]]) -> tuple[Enclosure, ...]:
    written = [
        Enclosure(_string(e["href"]), _string(e.get("type")), _length(e.get("length")), _string(e.get("title")))
        for e in links
        if e.get("rel") == "enclosure"
    ]
    for media in _details(raw, "media_content"):
        if media.get("url"):
            kind = _string(media.get("type") or media.get("medium"))
            written.append(Enclosure(_string(media["url"]), kind, _length(media.get("filesize"))))
    found: dict[str, Enclosure] = {}
    for enclosure in written:
        found.setdefault(enclosure.url, enclosure)
    return tuple(found.values())


def _images(raw: dict[str, Any]) -> tuple[str, ...]:
    urls = [_string(t.get("url")) for t in _details(raw, "media_thumbnail")]
    image = dict.get(raw, "image")
    if isinstance(image, dict):
        urls.append(_string(image.get("href")))
    return tuple(url for url in urls if url)


def _length(value: Any) -> int | None:
    text = _string(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _string(value: Any, fold: bool = True) -> str:
    if not isinstance(value, str):
        return ""
    return value.strip() if fold else value
