"""Rewrite ``<br>``: two in a row become the end of a paragraph, and one at the edge of a block is dropped."""

from __future__ import annotations

from lxml.html import HtmlElement

from feedarchive.markdown.blocks import BLOCKS, UNINDENTED_BLOCKS
from feedarchive.markdown.placeholders import PARAGRAPH_BREAK
from feedarchive.markdown.tree import drop_tree, name_of, parent_of


def rewrite_line_break(line_break: HtmlElement) -> None:
    """Keep, drop or replace one ``<br>``. Call this for each ``<br>`` in document order."""
    before, parent = line_break.getprevious(), parent_of(line_break)
    text_before = (parent.text if before is None else before.tail) or ""
    at_start = not text_before.strip() and (before is None or before.tag in BLOCKS)
    if at_start and parent.tag in UNINDENTED_BLOCKS | {"li", "td", "th", "blockquote"}:
        drop_tree(line_break)
    elif before is not None and before.tag == "br" and not text_before.strip():
        drop_tree(line_break)
        if all(name_of(each) in UNINDENTED_BLOCKS for each in (parent, *parent.iterancestors())):
            before.tail = PARAGRAPH_BREAK + (before.tail or "").lstrip()
            before.tag = "span"
    elif text_before.endswith(PARAGRAPH_BREAK) or _is_at_end(line_break, parent):
        drop_tree(line_break)


def _is_at_end(line_break: HtmlElement, parent: HtmlElement) -> bool:
    """Check whether a line break is the last element of its block, and only no-break spaces follow."""
    tail = line_break.tail
    return (
        tail is not None
        and "\u00a0" in tail
        and not tail.strip()
        and (line_break.getnext() is None and parent.tag in BLOCKS | {"li", "td", "th", "dd"})
    )
