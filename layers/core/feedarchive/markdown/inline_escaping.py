"""A line of plain text as Markdown: inside a heading, a list item, a link's text."""

from __future__ import annotations

import re

from feedarchive.text import one_line

# All ASCII punctuation that can mean something in CommonMark, GFM, Obsidian or a Hugo shortcode.
# Those that only mean something in company are escaped only in it.
_MEANINGFUL = re.compile(
    r"[\\`*_\[\]<>#|~^$]|\{(?=[{%<.#:])|&(?=#?\w+;)|%(?=%)|(?<=<)%|=(?==)"
    # At the beginning of a line a hyphen, a plus or a number begins a list.
    r"|^[-+]|(?<=^\d)[.)]|(?<=^\d\d)[.)]|(?<=^\d{3})[.)]|(?<=^\d{4})[.)]"
)
_BARE_URL = re.compile(r"(?i)\b(https?|ftp)(?=://)|\bwww(?=\.)|(?<=\w)@(?=\w)")


def escape_inline(text: str) -> str:
    """Text that shows as itself and as nothing else wherever inline Markdown may stand."""
    escaped = _MEANINGFUL.sub(lambda match: "\\" + match.group(), one_line(text))
    # GFM links bare addresses inside a link's text; an entity in them shows the same and links nothing.
    return _BARE_URL.sub(_unlinked, escaped)


def _unlinked(match: re.Match[str]) -> str:
    found = match.group()
    return "&#64;" if found == "@" else f"{found[:-1]}&#{ord(found[-1])};"
