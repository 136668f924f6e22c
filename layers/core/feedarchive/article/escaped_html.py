"""Decode HTML that a feed has escaped once too often, so that its tags would be shown as words."""

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
    """If a text is HTML that has escaped tags and no other tags, return it with its tags decoded.

    The text must begin with an escaped tag or contain an escaped link; otherwise it may be a text about HTML. All other
    texts are returned as the same object.
    """
    value = text.value
    if not text.html or "&lt;" not in value or _TAG.search(value):
        return text
    if not (_ESCAPED_START.match(value) and "&lt;/" in value) and not _ESCAPED_URL.search(value):
        return text
    return replace(text, value=html.unescape(value))
