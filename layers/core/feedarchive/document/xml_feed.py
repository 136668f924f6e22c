"""Parse RSS, RDF and Atom with feedparser, and convert feedparser's dictionaries to entries."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from feedarchive.document.entry_count import count_entries, remove_prefixes
from feedarchive.document.entry_media import enclosures, image_urls
from feedarchive.document.episode import episode_of
from feedarchive.document.feedparser_adapter import FeedparserResult, parse_xml
from feedarchive.document.feedparser_handlers import looks_like_html
from feedarchive.document.limits import MAX_ENTRIES_PARSED, limit_feed_authors
from feedarchive.document.model import Document, Entry, NotAFeed, Origin, Text, TextRole
from feedarchive.document.update_interval import update_interval
from feedarchive.document.xml_repair import XmlText, prepare
from feedarchive.urls import resolve_url

_HTML_TYPES = {"text/html", "application/xhtml+xml"}
_INTERVAL_KEYS = ("ttl", "sy_updateperiod", "sy_updatefrequency")
# Texts that are added to ``Entry.contents`` in this order: feedparser's key of each text, and its role. The ids of some
# articles depend on this order (identity rule 4 of docs/archive-format.md).
_MORE_CONTENTS = {
    "dc_description": TextRole.SUMMARY,
    "media_description": TextRole.CAPTION,
    "itunes_summary": TextRole.SUMMARY,
}
# In some feeds, the texts under these keys of feedparser are full texts.
_FULL_TEXTS = ("yandex_full-text", "turbo_content", "fulltext", "full-text", "media_text")
_SUMMARIES = ("dcterms_abstract", "subtitle")
_MAX_TYPE_CHARS = 100
_NO_ORIGIN = Origin()
_NO_TEXT = Text("")
_HTML_PAGE = re.compile(r"(?><\?xml[^>]*>|<!--.*?-->|\s)*+<(?:!doctype\s+)?html\b", re.IGNORECASE | re.DOTALL)


def parse_xml_feed(text: str, url: str) -> Document | NotAFeed:
    """Parse an XML document, even if it is not well-formed.

    Return NotAFeed if the document has no entries and is not in a format that feedparser knows.
    """
    xml_text = prepare(text)
    parsed = parse_xml(xml_text, url)
    missing = 0
    if not (parsed.too_long or xml_text.cut_off):
        parsed, missing = _with_all_entries(parsed, xml_text, url)
    if not (parsed.version or parsed.entries):
        return NotAFeed(_describe(text))
    damage = xml_text.damage
    if parsed.not_well_formed:
        damage += (f"not well-formed XML ({parsed.not_well_formed})",)
    if parsed.too_long:
        damage += ("too long, so only the first part was repaired and parsed",)
    if missing:
        damage += (f"{missing:,} of {missing + len(parsed.entries):,} entries cannot be parsed",)
    atom = parsed.version.startswith("atom")
    authors = limit_feed_authors(_authors(parsed.feed)) if atom else ()
    entries = tuple(_entry(raw, atom, authors) for raw in parsed.entries[:MAX_ENTRIES_PARSED])
    if too_many := len(parsed.entries) - len(entries):
        entries_are = "entry" if too_many == 1 else "entries"
        damage += (f"{too_many:,} {entries_are} after the first {MAX_ENTRIES_PARSED:,}, not parsed",)
    ends_early = not too_many and (xml_text.cut_off or parsed.too_long)
    cut_off = entries[-1] if ends_early and entries else None
    return Document(
        version=parsed.version or "unknown",
        title=_detail(parsed.feed, "title"),
        home_page=_home_page(parsed, url),
        language=_string(parsed.feed.get("language")),
        entries=entries[:-1] if cut_off else entries,
        damage=damage,
        cut_off=cut_off,
        intact=not (too_many or ends_early or parsed.guessed),
        update_interval=update_interval(*(_string(parsed.feed.get(name)) for name in _INTERVAL_KEYS)),
    )


def _with_all_entries(parsed: FeedparserResult, xml_text: XmlText, url: str) -> tuple[FeedparserResult, int]:
    """If feedparser missed entries because their tags have prefixes, parse again without these prefixes.

    Return the result, and the number of entries that are still missing.
    """
    count, prefixes = count_entries(xml_text.text, len(parsed.entries))
    if count > len(parsed.entries) and prefixes:
        again = parse_xml(replace(xml_text, text=remove_prefixes(xml_text.text, prefixes)), url)
        if len(again.entries) > len(parsed.entries):
            error = parsed.not_well_formed or again.not_well_formed
            parsed = replace(again, not_well_formed=error or f"its entries have the unknown prefix {min(prefixes)!r}")
    return parsed, count - len(parsed.entries)


def _describe(text: str) -> str:
    start = text.lstrip("\ufeff \t\r\n")[:1000]
    if not start:
        return "an empty document"
    if _HTML_PAGE.match(start):
        return "an HTML page, not a feed"
    return "neither RSS, RDF, Atom nor JSON Feed"


def _home_page(parsed: FeedparserResult, url: str) -> str:
    for link in _details(parsed.feed, "links"):
        if link.get("rel") == "alternate" and link.get("href"):
            return resolve_url(url, _string(link["href"]))
    return resolve_url(url, _string(parsed.feed.get("link")))


def _entry(raw: dict[str, Any], atom: bool, authors: tuple[str, ...]) -> Entry:
    # feedparser's own get() may return the value of another key, such as "published" for "updated".
    get = dict.get
    links = [link for link in _details(raw, "links") if get(link, "href")]
    contents = tuple(_content(content) for content in _details(raw, "content") if get(content, "value"))
    more = tuple(replace(text, role=role) for key, role in _MORE_CONTENTS.items() if (text := _detail(raw, key)).value)
    summary = _detail(raw, "summary")
    title, source = _detail(raw, "title"), get(raw, "source")
    return Entry(
        guid=_string(get(raw, "raw_guid") or get(raw, "id")),
        guid_is_permalink=not atom and bool(get(raw, "guid_is_permalink", False)),
        link=_link(raw, links),
        title=title if title.value else _detail(raw, "media_title"),
        contents=contents + more,
        summary=summary if summary.value else None,
        # An entry without authors has the authors of its source, or else of its feed (RFC 4287, section 4.2.1).
        authors=_authors(raw) or (_authors(source) if atom and isinstance(source, dict) else ()) or authors,
        tags=tuple(dict.fromkeys(t for tag in _details(raw, "tags") if (t := _tag(tag)))),
        published=_string(get(raw, "published") or get(raw, "dc_date") or get(raw, "created")),
        updated=_string(get(raw, "updated")),
        enclosures=enclosures(raw, links),
        images=image_urls(raw),
        language=_language(raw),
        full_texts=(*_full_texts(raw), *_files(raw)),
        other_dates=tuple(filter(None, (_string(get(raw, key)) for key in ("published", "dc_date", "created")))),
        other_title=Text(itunes_title) if (itunes_title := _string(get(raw, "itunes_title"))) else _NO_TEXT,
        episode=episode_of(raw),
        origin=_origin(source),
        written_link=_string(get(raw, "written_link")),
    )


def _origin(source: Any) -> Origin:
    """Return the title and URL of the feed in an entry's ``<source>``; an empty Origin if there is none."""
    if not isinstance(source, dict):
        return _NO_ORIGIN
    links = {link.get("rel"): link.get("href") for link in reversed(_details(source, "links"))}
    url = links.get("self") or dict.get(source, "href") or links.get("alternate")
    return Origin(_string(dict.get(source, "title")), _string(url))


def _content(detail: dict[str, Any]) -> Text:
    text = _text(detail)
    if _is_file(detail):
        return replace(text, role=TextRole.FILE)
    return replace(text, role=TextRole.SUMMARY) if dict.get(detail, "is_summary") else text


def _is_file(detail: dict[str, Any]) -> bool:
    kind = _string(dict.get(detail, "type"))
    if kind in _HTML_TYPES:
        return False
    kind = kind.partition(";")[0]
    return "/" in kind and not kind.startswith("text/") and not kind.endswith("xml")


def _full_texts(raw: dict[str, Any]) -> Iterator[Text]:
    for key in _FULL_TEXTS:
        value = dict.get(raw, key)
        if isinstance(value, str) and value.strip():
            yield Text(value, html=True)
    for key in _SUMMARIES:
        value = dict.get(raw, key)
        if isinstance(value, str) and value.strip():
            yield Text(value, html=looks_like_html(value), role=TextRole.SUMMARY)


def _files(raw: dict[str, Any]) -> Iterator[Text]:
    """For each file that the entry contains in base64, yield a line of HTML with the type of the file."""
    for content in _details(raw, "content"):
        if dict.get(content, "value") and _is_file(content):
            kind = html.escape(_string(dict.get(content, "type"))[:_MAX_TYPE_CHARS])
            is_image = kind.startswith("image/")
            name = f'<img src="data:{kind};base64,">' if is_image else f"[{kind}]"
            yield Text(f"<p>{name}</p>", html=True, role=TextRole.FILE)


def _link(raw: dict[str, Any], links: list[dict[str, Any]]) -> str:
    """Return the URL of the entry on the publisher's site.

    In feeds of FeedBurner, <link> is a URL that counts clicks, and ``feedburner_origlink`` has the URL of the
    publisher.
    """
    if original := _string(dict.get(raw, "feedburner_origlink")):
        return original
    link = _string(dict.get(raw, "link"))
    if link and link != _string(dict.get(raw, "id")):
        return link
    alternate = next((link["href"] for link in links if dict.get(link, "rel", "alternate") == "alternate"), "")
    return _string(alternate)


def _text(detail: dict[str, Any]) -> Text:
    value = _string(dict.get(detail, "value"), strip=False)
    # Many programs write HTML in Atom but declare it as type="text". feedparser recognizes such HTML only in RSS.
    is_html = dict.get(detail, "type") in _HTML_TYPES or looks_like_html(value)
    return Text(value, is_html, _string(dict.get(detail, "base")))


def _detail(raw: dict[str, Any], key: str) -> Text:
    # If there is no detail, do not use the text under ``key``: feedparser has copied it from another element.
    detail = dict.get(raw, f"{key}_detail")
    return _text(detail) if isinstance(detail, dict) else _NO_TEXT


def _details(raw: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """Return feedparser's list under a key; [] if there is none.

    If the document has an element with the name of the key, feedparser stores the text of this element instead of the
    list.
    """
    found = dict.get(raw, key)
    return found if isinstance(found, list) else []


def _language(raw: dict[str, Any]) -> str:
    texts = (*_details(raw, "content"), *(dict.get(raw, f"{key}_detail") for key in ("summary", "title")))
    languages = (_string(dict.get(text, "language")) for text in texts if isinstance(text, dict))
    return _string(dict.get(raw, "language")) or next(filter(None, languages), "")


def _authors(raw: dict[str, Any]) -> tuple[str, ...]:
    get = dict.get
    names = [_string(get(a, "name") or get(a, "email") or get(a, "href")) for a in _details(raw, "authors")]
    if not any(names):
        names = [_string(get(raw, "author")) or _string(get(raw, "authors_element"))]
    return tuple(dict.fromkeys(name for name in names if name))


def _tag(tag: dict[str, Any]) -> str:
    return _string(dict.get(tag, "label") or dict.get(tag, "term"))


def _string(value: Any, strip: bool = True) -> str:
    if not isinstance(value, str):
        return ""
    return value.strip() if strip else value
