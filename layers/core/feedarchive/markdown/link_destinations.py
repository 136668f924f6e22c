"""Write a URL as the destination of a Markdown link or image: the part in parentheses."""

from __future__ import annotations

import re

_TO_ENCODE = re.compile(r"[{}|\\<> `\n]")
_ENCODED = str.maketrans({**{char: f"%{ord(char):X}" for char in "{}|\\<> `"}, "\n": ""})


def link_destination(url: str) -> str:
    """Percent-encode the characters that would end the destination early in Markdown or begin a shortcode in Hugo."""
    if _TO_ENCODE.search(url):
        url = url.translate(_ENCODED)
    if ("(" in url or ")" in url) and not _has_simple_parentheses(url):
        url = url.replace("(", "%28").replace(")", "%29")
    return url


def _has_simple_parentheses(url: str) -> bool:
    """Check whether all parentheses are closed and none is inside another."""
    depth = 0
    for char in url:
        depth += (char == "(") - (char == ")")
        if not 0 <= depth <= 1:
            return False
    return depth == 0
