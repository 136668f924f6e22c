"""Divide an article's body into the paragraphs that a reader sees, without markup, links and pictures."""

from __future__ import annotations

import html
import re

from feedarchive.markdown.to_safe_html import to_safe_html

# Matches a tag in the result of to_safe_html, where "<" always starts a tag. Attributes are in double quotes and may
# contain ">".
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)(?:"[^"]*"|[^">])*>')
_WITHIN_A_PARAGRAPH = frozenset(
    (
        "a abbr b cite code del em i img ins kbd q rp rt ruby s samp small span strong sub sup u var"
    ).split()
)  # fmt: skip
_PREFORMATTED = re.compile(r"<pre>.*?</pre>", re.DOTALL)
_BREAK, _CELL = "\0", "\1"
# Characters that a reader does not see: soft hyphens, and characters without width. The archiver itself writes
# U+2060 into articles (WORD_JOINER).
_INVISIBLE = str.maketrans("", "", "\u00ad\u200b\u2060\ufeff")
# A longer body is not converted to HTML; the lines of its source are compared instead. Converting 600,000 paragraphs of
# one letter takes 14 seconds and 600 MB.
_MAX_RENDERED_CHARS = 500_000
_MAX_LINES = 20_000


def is_renderable(body: str) -> bool:
    """Check whether a body is short enough to be converted to HTML for a comparison."""
    return len(body) <= _MAX_RENDERED_CHARS and body.count("\n") <= _MAX_LINES


def source_lines(body: str) -> list[str]:
    """Return the lines of a body with their markup. Empty lines are left out."""
    return [line for line in (" ".join(line.split()) for line in body.split("\n")) if line]


def visible_paragraphs(body: str) -> list[str]:
    """Return the paragraphs of a body in Markdown or HTML, each as one line of plain text.

    Each line of code is a paragraph. Each row of a table is a paragraph too, such as "Berlin | 3.8 million".
    """
    source = to_safe_html(body).replace(_BREAK, "").replace(_CELL, "")
    marked = _TAG.sub(_break_or_nothing, _PREFORMATTED.sub(lambda match: match.group().replace("\n", _BREAK), source))
    return [line for part in marked.split(_BREAK) if (line := " | ".join(filter(None, map(_text, part.split(_CELL)))))]


def _text(part: str) -> str:
    return " ".join(html.unescape(part).translate(_INVISIBLE).split())


def _break_or_nothing(tag: re.Match[str]) -> str:
    if tag.group(2) in ("td", "th"):
        return _CELL
    return "" if tag.group(2) in _WITHIN_A_PARAGRAPH else _BREAK
