"""Rewrite ``<code>``, ``<kbd>``, ``<samp>`` and ``<tt>`` so that the converter writes them as inline code."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement

from feedarchive.markdown.element_edges import (
    count_leading_spaces,
    first_text,
    insert_after,
    last_text,
    move_end_out,
    move_start_out,
)
from feedarchive.markdown.placeholders import WORD_JOINER
from feedarchive.markdown.tree import drop_tag

INLINE_CODE = ("code", "kbd", "samp", "tt")
_IN_CODE = frozenset("a b strong i em var del s strike sup sub q br".split()) | set(INLINE_CODE)
# Obsidian's plug-in Dataview runs inline code that begins with "=" or "$=".
_QUERY = re.compile(r"\s*\$?=")


def rewrite_inline_code(root: HtmlElement) -> None:
    """Rewrite all inline code of a tree.

    - In the code, only text and links are kept.
    - Code of several lines is split into one element for each line.
    - Code that contains a block or an image becomes ordinary content.
    """
    for code in list(root.iter(*INLINE_CODE)):
        if code.getparent() is not None:
            _rewrite(code)


def _rewrite(code: HtmlElement) -> None:
    if any(inner.tag not in _IN_CODE for inner in code.iterdescendants()):
        drop_tag(code)
        return
    etree.strip_tags(code, *(_IN_CODE - {"a", "br"}))
    code.tag = "code"  # the converter joins two adjacent code elements only if they have the same tag
    for line in _split_at_line_breaks(code):
        # Move spaces at the start and end out of the code. Otherwise Markdown removes them, and words run together.
        move_start_out(line, count_leading_spaces(first_text(line)))
        move_end_out(line, count_leading_spaces(last_text(line)[::-1]))
        if not line.text_content():
            drop_tag(line)
            continue
        if (following := line.getnext()) is not None and following.tag in INLINE_CODE and not line.tail:
            _separate(line, following)
        if _QUERY.match(line.text_content()):
            line.text = WORD_JOINER + (line.text or "")


def _split_at_line_breaks(code: HtmlElement) -> list[HtmlElement]:
    """Split code with line breaks into one element for each line. The line breaks come between the elements."""
    lines = [code]
    for line_break in reversed(code.findall("br")):
        rest = code.makeelement(code.tag)
        rest.text, line_break.tail = line_break.tail, None
        rest.extend(list(line_break.itersiblings()))
        insert_after(code, rest)
        insert_after(code, line_break)
        lines.append(rest)
    return lines


def _separate(code: HtmlElement, following: HtmlElement) -> None:
    """Put a word joiner between two adjacent pieces of code, so that their backticks stay apart."""
    if "`" in code.text_content() + following.text_content():
        code.tail = WORD_JOINER
