"""Escape one line of plain text for Markdown, to be used in a heading, a list item or the text of a link."""

from __future__ import annotations

import re

from feedarchive.text import one_line

# Matches all ASCII punctuation that can have a meaning in CommonMark, GFM, Obsidian or a Hugo shortcode. If a character
# has a meaning only next to certain other characters, it matches only there.
_MEANINGFUL = re.compile(
    r"[\\`*_\[\]<>#|~^$]|\{(?=[{%<.#:])|&(?=#?\w+;)|%(?=%)|(?<=<)%|=(?==)"
    # At the beginning of a line, "-", "+", or a number with "." or ")" begins a list.
    r"|^[-+]|(?<=^\d)[.)]|(?<=^\d\d)[.)]|(?<=^\d{3})[.)]|(?<=^\d{4})[.)]"
)
_BARE_URL = re.compile(r"(?i)\b(https?|ftp)(?=://)|\bwww(?=\.)|(?<=\w)@(?=\w)")


def escape_inline(text: str) -> str:
    """Escape text so that it is displayed as it is, wherever inline Markdown is allowed."""
    escaped = _MEANINGFUL.sub(lambda match: "\\" + match.group(), one_line(text))
    # GFM makes links of bare URLs, even inside the text of a link. A character reference in the URL prevents that.
    return _BARE_URL.sub(_break_url, escaped)


def _break_url(match: re.Match[str]) -> str:
    found = match.group()
    return "&#64;" if found == "@" else f"{found[:-1]}&#{ord(found[-1])};"
