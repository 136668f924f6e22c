"""Split long texts in HTML, which the sanitizer would be slow on."""

from __future__ import annotations

import re

_MAX_TEXT = 20_000  # characters
# The end of a part must not be inside a character reference such as "&amp;".
_PART = re.compile(r".{2000,}?(?=[^A-Za-z0-9#;])|.+", re.DOTALL)


def split_long_texts(source: str) -> str:
    """Insert ``<wbr>`` into long texts of some HTML, which shows the same.

    The time nh3 takes for one text grows with the square of the number of "&" and of bytes A0 (part of "à", "Р" and
    many other characters) in it.
    """
    if len(source) <= _MAX_TEXT:
        return source
    parts = source.split("<")
    return "<".join(_PART.sub(r"\g<0><wbr>", part) if len(part) > _MAX_TEXT else part for part in parts)
