"""Recognize and parse a web page. No input raises an exception."""

from __future__ import annotations

import re

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from feedarchive.document.charset_detection import decode
from feedarchive.text import safe_text

_HTML_TYPES = {"text/html", "application/xhtml+xml", "application/xml", "text/xml"}
# Some servers send web pages with these types.
_VAGUE_TYPES = {"", "text/plain", "application/octet-stream", "binary/octet-stream", "unknown/unknown"}
_LOOKS_LIKE_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|article|div|p)[\s>]", re.IGNORECASE)
_OTHER_FILES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"PK\x03\x04", b"OggS", b"ID3", b"\x1f\x8b")
_START_BYTES = 4096


def is_html(body: bytes, content_type: str) -> bool:
    """Check whether a response is a web page, by its Content-Type and its first bytes."""
    start = body[:_START_BYTES].lstrip()
    kind = content_type.partition(";")[0].strip().lower()
    if not start or start.startswith(_OTHER_FILES) or start[4:8] == b"ftyp":
        return False
    if kind in _HTML_TYPES or kind in _VAGUE_TYPES:
        return bool(_LOOKS_LIKE_HTML.search(start))
    return False


def parse_page(body: bytes, content_type: str) -> HtmlElement | None:
    """The root of the page; None if the page is empty. Comments and processing instructions are dropped.

    libxml2 also drops elements that are nested more than 2,048 levels deep.
    """
    text = safe_text(decode(body, content_type).text)
    parser = lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    try:
        root = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:  # the document is empty
        return None
    drop_forbidden(root)
    return root


def drop_forbidden(root: HtmlElement) -> None:
    """Remove the characters that XML forbids, such as U+000B, which a page can write as ``&#11;``.

    The HTML parser accepts these characters, but lxml raises ValueError if a text or attribute with such a character
    is set.
    """
    for element in root.iter("*"):
        if (text := element.text) and (cleaned := safe_text(text)) != text:
            element.text = cleaned
        if (tail := element.tail) and (cleaned := safe_text(tail)) != tail:
            element.tail = cleaned
        for name, value in element.items():
            if (cleaned := safe_text(value)) != value:
                element.set(name, cleaned)
