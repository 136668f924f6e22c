"""Decode HTML that a feed has escaped twice, so that readers do not see tags such as "<p>" in the text."""

from __future__ import annotations

import html
import re
from dataclasses import replace

from feedarchive.document.model import Text

_TAG = re.compile(r"<[A-Za-z/!?]")
_ESCAPED_START = re.compile(
    r"\s*&lt;(?:p|div|h[1-6]|ul|ol|table|blockquote|figure|section|article|img|br|span|a)\b[^<]{0,2000}?&gt;"
)
_ESCAPED_URL = re.compile(r"&lt;(?:a|img|iframe|video|audio)\s[^<]{0,500}?\b(?:href|src)\s*=")


def decode_escaped_html(text: Text) -> Text:
    """Decode a text if it is HTML in which all tags are escaped: "&lt;p&gt;Hello" -> "<p>Hello".

    A text with a real tag is returned unchanged (the same object). So is a text that may be about HTML: one that does
    not begin with an escaped tag and contains no escaped link or picture.
    """
    value = text.value
    if not text.html or "&lt;" not in value or _TAG.search(value):
        return text
    if not (_ESCAPED_START.match(value) and "&lt;/" in value) and not _ESCAPED_URL.search(value):
        return text
    return replace(text, value=html.unescape(value))
