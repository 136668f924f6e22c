"""One door for every kind of feed document: bytes in, entries out."""

from __future__ import annotations

from dataclasses import replace

from feedarchive.document.charset import decode
from feedarchive.document.json_feed import parse_json_feed
from feedarchive.document.limits import within_bounds
from feedarchive.document.model import Document, NotAFeed
from feedarchive.document.xml_feed import parse_xml_feed


def parse_document(body: bytes, url: str, content_type: str = "") -> Document | NotAFeed:
    """Read a feed document as a server sent it.

    ``url`` is where it came from, the base of its relative links. Never raises for what is in
    ``body``: a document that is no feed is a value, damage is told in ``Document.damage``.
    """
    if not body.strip():
        return NotAFeed("the document is empty")
    decoded = decode(body, content_type)
    start = decoded.text.lstrip("\ufeff \t\r\n")[:1]
    parsed = parse_json_feed(decoded.text, url) if start in ("{", "[") else parse_xml_feed(decoded.text, url)
    if isinstance(parsed, NotAFeed):
        return parsed
    if decoded.bad_bytes:
        bytes_are = "byte that is" if decoded.bad_bytes == 1 else "bytes that are"
        wrong = f"{decoded.bad_bytes} {bytes_are} not {decoded.encoding}"
        parsed = replace(parsed, damage=(wrong, *parsed.damage))
    return within_bounds(parsed)
