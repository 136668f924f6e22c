"""Parse a feed document of any format."""

from __future__ import annotations

from dataclasses import replace

from feedarchive.document.charset_detection import Decoded, decode
from feedarchive.document.file_entries import name_after_file
from feedarchive.document.json_feed import parse_json_feed
from feedarchive.document.limits import within_limits
from feedarchive.document.model import Document, NotAFeed
from feedarchive.document.xml_feed import parse_xml_feed

_WHITE_SPACE = " \t\n\r\x0b\x0c"


def parse_document(body: bytes, url: str, content_type: str = "") -> Document | NotAFeed:
    """Parse a feed document as a server sent it. Return NotAFeed if ``body`` is not a feed.

    ``url`` is the URL of the document; relative links are relative to it. A damaged document raises no error:
    ``Document.damage`` describes the damage.
    """
    return parse_decoded(decode(body, content_type), url)


def parse_decoded(decoded: Decoded, url: str) -> Document | NotAFeed:
    """Parse a feed document that is already decoded to text."""
    text = decoded.text
    if not text.strip(_WHITE_SPACE):
        return NotAFeed("an empty document")
    is_json = text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[")
    parsed = parse_json_feed(text, url) if is_json else parse_xml_feed(text, url)
    if isinstance(parsed, NotAFeed):
        return parsed
    if decoded.bad_bytes:
        bytes_are = "byte that is" if decoded.bad_bytes == 1 else "bytes that are"
        bad_bytes = f"{decoded.bad_bytes} {bytes_are} not {decoded.encoding}"
        parsed = replace(parsed, damage=(bad_bytes, *parsed.damage))
    return within_limits(replace(parsed, entries=tuple(map(name_after_file, parsed.entries))))
