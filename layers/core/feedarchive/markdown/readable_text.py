"""Extract readable text from HTML, for the title and the description in an article's file.

visible_text.py does almost the same, but ids depend on its result, so it cannot change. The text from this module has
each formula once, no labels of drawings, and also the words after a self-closed tag.
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
from feedarchive.markdown.self_closed_tags import close_self_closed_tags
from feedarchive.markdown.superscripts import rewrite_superscripts, to_subscript, to_superscript
from feedarchive.markdown.svg_drawings import replace_drawings
from feedarchive.markdown.unknown_elements import tag_names
from feedarchive.markdown.visible_text import visible_text
from feedarchive.text import one_line

_SEPARATING = BLOCKS | frozenset("br li tr td th dt dd figcaption caption summary details".split())
_RAISED = re.compile(r"<su([pb])\b[^>]{0,200}+>([^<]{1,40}+)</su\1>", re.IGNORECASE)


def readable_text(text: Text) -> str:
    """Remove markup and decode entities once."""
    if not text.html or "<" not in text.value:
        return visible_text(text)
    if may_have_formulas(text.value):
        return _text_of_tree(text.value)
    names = tag_names(text.value)
    source = close_self_closed_tags(text.value, names)
    if "svg" in names:
        source = replace_drawings(source)
    return visible_text(Text(source, html=True))


def readable_line(text: Text) -> str:
    """Return the readable text on one line, with "10³" instead of "103": for titles."""
    if text.html and ("<su" in text.value or "<SU" in text.value):
        text = Text(_RAISED.sub(_raise_or_lower, text.value), html=True)
    return one_line(readable_text(text))


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
