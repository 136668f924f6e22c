"""Rewrite the elements of a sanitized tree so that the converter can write all of them in Markdown."""

from __future__ import annotations

from lxml import etree
from lxml.html import HtmlElement

from feedarchive.markdown.blocks import BLOCKS, UNINDENTED_BLOCKS
from feedarchive.markdown.code_blocks import rewrite_code_blocks
from feedarchive.markdown.element_edges import move_line_breaks_out
from feedarchive.markdown.emphasis import rewrite_emphasis
from feedarchive.markdown.escaping import escape_attribute
from feedarchive.markdown.inline_code import rewrite_inline_code
from feedarchive.markdown.line_breaks import rewrite_line_break
from feedarchive.markdown.link_destinations import link_destination
from feedarchive.markdown.lists import rewrite_lists
from feedarchive.markdown.placeholders import EMPTY_LINE, RULE
from feedarchive.markdown.ruby import rewrite_ruby
from feedarchive.markdown.superscripts import rewrite_superscripts
from feedarchive.markdown.tables import unwrap_layout_table
from feedarchive.markdown.tree import has_text, parent_of

# Elements that Markdown does not have. They are replaced with their content.
_NOT_IN_MARKDOWN = ("span", "small", "u", "ins", "abbr", "cite", "ruby", "rt", "rp")


def rewrite_elements(root: HtmlElement) -> None:
    """Rewrite every element of a tree in place. The order of the steps matters."""
    rewrite_ruby(root)
    etree.strip_tags(root, *_NOT_IN_MARKDOWN)
    rewrite_superscripts(root)
    rewrite_lists(root)
    rewrite_code_blocks(root)
    rewrite_inline_code(root)
    for table in list(root.iter("table")):
        unwrap_layout_table(table)
    for link in list(root.iter("a")):
        move_line_breaks_out(link)
    rewrite_emphasis(root)
    for line_break in list(root.iter("br")):
        rewrite_line_break(line_break)
    etree.strip_tags(root, "span")
    for rule in list(root.iter("hr")):
        rule.tag, rule.text = "p", RULE
    for caption in list(root.iter("figcaption", "dd", "address")):
        caption.tag = "p" if not _has_blocks(caption) else "div"
    for term in list(root.iter("dt")):
        term.tag = "p"
        _wrap_content(term, "strong")
    for figure in list(root.iter("figure", "dl")):
        figure.tag = "div"
    for quote in list(root.iter("blockquote")):
        _separate_from_previous(quote)
    for ordered in root.iter("ol"):
        start = ordered.get("start") or ""
        # CommonMark allows nine digits in a list number. If the first number has eight, all later numbers fit.
        if not (start.isascii() and start.isdigit() and len(start) < 9):
            ordered.attrib.pop("start", None)
    for element in root.iter("img", "a"):
        _escape_attributes(element)


def _has_blocks(element: HtmlElement) -> bool:
    return any(child.tag in BLOCKS for child in element)


def _wrap_content(element: HtmlElement, tag: str) -> None:
    if not has_text(element):
        return
    inner = element.makeelement(tag)
    inner.text, element.text = element.text, None
    for child in list(element):
        inner.append(child)
    element.append(inner)


def _separate_from_previous(quote: HtmlElement) -> None:
    """Insert an empty line before a quotation that follows a block. Otherwise two quotations would become one."""
    first = quote
    while first.getprevious() is None and not (parent_of(first).text or "").strip():
        first = parent_of(first)
        if first.tag not in UNINDENTED_BLOCKS or first.getparent() is None:
            return
    before = first.getprevious()
    if before is not None and before.tag in BLOCKS and not (before.tail or "").strip():
        gap = quote.makeelement("p")
        gap.text = EMPTY_LINE
        quote.addprevious(gap)


def _escape_attributes(element: HtmlElement) -> None:
    for name in ("alt", "title"):
        if element.get(name):
            element.set(name, escape_attribute(element.get(name) or ""))
    for name in ("src", "href"):
        if element.get(name):
            element.set(name, link_destination(element.get(name) or ""))
