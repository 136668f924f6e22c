"""Extract readable text from HTML, for the title and the description in an article's file.

visible_text.py does almost the same, but must keep its faults, because ids depend on its results. For example, it
writes formulas twice.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

from lxml import etree

from feedarchive.document.model import Text
from feedarchive.markdown.blocks import BLOCKS
from feedarchive.markdown.clean_html import sanitize
from feedarchive.markdown.formulas import may_have_formulas
from feedarchive.markdown.self_closed_tags import close_self_closed_tags, may_hide_text
from feedarchive.markdown.superscripts import rewrite_superscripts, to_subscript, to_superscript
from feedarchive.markdown.svg_drawings import replace_drawings
from feedarchive.markdown.unknown_elements import tag_names
from feedarchive.markdown.visible_text import visible_text
from feedarchive.text import one_line

_SEPARATING = BLOCKS | frozenset("br li tr td th dt dd figcaption caption summary details".split())
# Matches <sup> or <sub> with a short text, also if the text is in another element such as a link.
_RAISED = re.compile(
    r"<su([pb])\b[^>]{0,200}+>(?:<[^>]{1,1000}+>)?([^<]{1,40}+)(?:</[^>]{1,20}+>)?</su\1>", re.IGNORECASE
)


def readable_text(text: Text, visible: str | None = None) -> str:
    """Return a text without markup, with its entities decoded once. Superscripts are kept: "10³", not "103".

    ``visible`` is the result of ``visible_text`` if the caller has it, otherwise None.
    """
    source = text.value
    if text.html and "<" in source:
        if may_have_formulas(source):
            return _text_of_tree(source)
        names = tag_names(source)
        if may_hide_text(source, names):
            source = close_self_closed_tags(source, names)
        if "svg" in names:
            source = replace_drawings(source)
        if "sup" in names or "sub" in names:
            source = _RAISED.sub(_raise_or_lower, source)
    if source is not text.value:
        return visible_text(Text(source, html=True))
    return visible_text(text) if visible is None else visible


def readable_line(text: Text, visible: str | None = None) -> str:
    """Return the readable text on one line."""
    return one_line(readable_text(text, visible))


def _raise_or_lower(match: re.Match[str]) -> str:
    text = html.unescape(match.group(2)).strip()
    written = to_superscript(text) if match.group(1).lower() == "p" else to_subscript(text)
    return html.escape(written) if written else match.group()


@lru_cache(maxsize=8)
def _text_of_tree(source: str) -> str:
    root = sanitize(Text(source, html=True))
    rewrite_superscripts(root)
    parts: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        separator = " " if element.tag in _SEPARATING else ""
        parts.append(separator + ((element.text or "") if event == "start" else ""))
        if event == "end" and element is not root:
            parts.append(element.tail or "")
    return "".join(parts)
