"""The visible paragraphs of an article's body: what a reader sees of it, without markup, links and pictures."""

from __future__ import annotations

import html
import re

from feedarchive.markdown.to_safe_html import to_safe_html

# The sanitizer escapes "<" in texts and writes attributes in double quotes, in which ">" may stand.
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)(?:"[^"]*"|[^">])*>')
_WITHIN_A_PARAGRAPH = frozenset(
    (
        "a abbr b cite code del em i img ins kbd q rp rt ruby s samp small span strong sub sup u var"
    ).split()
)  # fmt: skip
_PREFORMATTED = re.compile(r"<pre>.*?</pre>", re.DOTALL)
_BREAK, _CELL = "\0", "\1"
# Soft hyphens, and the zero-width characters that the archiver writes into code so that no program runs the code.
_INVISIBLE = str.maketrans("", "", "\u00ad\u200b\u2060\ufeff")
# Of bodies beyond these limits, the source is compared: rendering 600,000 paragraphs of one letter takes 14 seconds and
# 600 MB.
_MAX_RENDERED = 500_000  # characters
_MAX_LINES = 20_000


def is_renderable(body: str) -> bool:
    """Check that a body is short enough to be rendered for a comparison."""
    return len(body) <= _MAX_RENDERED and body.count("\n") <= _MAX_LINES


def source_lines(body: str) -> list[str]:
    """Return the lines of a body with its markup."""
    return [line for line in (" ".join(line.split()) for line in body.split("\n")) if line]


def visible_paragraphs(body: str) -> list[str]:
    """Return the paragraphs of a body, which is Markdown or HTML, each on one line.

    A line of code counts as a paragraph. So does a row of a table, with bars between its cells, because the number in a
    single cell would not say what it is about.
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
