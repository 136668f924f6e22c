"""Split long texts in HTML, because the sanitizer is slow on them."""

from __future__ import annotations

import re

_MAX_TEXT = 20_000  # characters; a longer text is split
# Matches a part of a long text. The end of a part must not be inside a character reference such as "&amp;".
_PART = re.compile(r".{2000,}?(?=[^A-Za-z0-9#;])|.+", re.DOTALL)


def split_long_texts(source: str) -> str:
    """Insert ``<wbr>`` into the long texts of HTML. The HTML is displayed as before.

    The time that nh3 needs for one text grows with the square of the number of "&" and of bytes 0xA0 in it. In UTF-8,
    "à", "Р" and many other characters contain the byte 0xA0.
    """
    if len(source) <= _MAX_TEXT:
        return source
    parts = source.split("<")
    return "<".join(_PART.sub(r"\g<0><wbr>", part) if len(part) > _MAX_TEXT else part for part in parts)
