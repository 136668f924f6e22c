"""Split long texts in HTML, because the sanitizer is slow on them."""

from __future__ import annotations

import re

_MAX_TEXT_CHARS = 20_000
# Matches a part of a long text. The end of a part must not be inside a character reference such as "&amp;".
_PART = re.compile(r".{2000,}?(?=[^A-Za-z0-9#;])|.+", re.DOTALL)


def split_long_texts(source: str) -> str:
    """Split the long texts in some HTML by inserting ``<wbr>``, which is not visible.

    nh3 takes quadratic time for a text with many "&" or many bytes 0xA0. In UTF-8, "à" and many other characters
    contain this byte.
    """
    if len(source) <= _MAX_TEXT_CHARS:
        return source
    parts = source.split("<")
    return "<".join(_PART.sub(r"\g<0><wbr>", part) if len(part) > _MAX_TEXT_CHARS else part for part in parts)
