"""Make feeds of a few lines, and look at the parsed document."""

from __future__ import annotations

from feedarchive.document.model import Document, Entry
from feedarchive.document.parse_document import parse_document

URL = "https://example.org/feed.xml"
CUT_OFF = "ends before its root element closes"
NOT_WELL_FORMED = "not well-formed XML"


def item(name: str, inside: str = "") -> str:
    return f"<item><title>{name}</title><link>https://example.org/{name}</link>{inside}</item>"


def rss(*items: str) -> str:
    head = '<rss version="2.0"><channel><title>The feed</title><link>https://example.org/</link>'
    return "\n".join((head, *items, "</channel></rss>"))


def read(text: str) -> Document:
    document = parse_document(text.encode(), URL)
    assert isinstance(document, Document)
    return document


def titles(document: Document) -> list[str]:
    return [entry.title.value for entry in document.entries]


def summary(entry: Entry) -> str:
    assert entry.summary
    return entry.summary.value
