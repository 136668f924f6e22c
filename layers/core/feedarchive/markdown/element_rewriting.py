"""The elements of a sanitised tree in forms that Markdown has, and that the converter keeps."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement

from feedarchive.markdown.code_blocks import prepare_code
from feedarchive.markdown.element_edges import move_line_breaks_out
from feedarchive.markdown.emphasis import emphasis_between_words
from feedarchive.markdown.escaping import GAP, PARAGRAPH, RULE, description
from feedarchive.markdown.tree import drop_tree, name_of, parent_of

# Elements that Markdown has no form for. Without them, what they part is one text again.
_WITHOUT_FORM = ("span", "small", "u", "ins", "abbr", "cite", "ruby", "rt", "rp")
_RAISED_NUMBERS = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_LOWERED_NUMBERS = str.maketrans("0123456789+-−", "₀₁₂₃₄₅₆₇₈₉₊₋₋")
_RAISED = _RAISED_NUMBERS | str.maketrans("=()ni", "⁼⁽⁾ⁿⁱ")
_LOWERED = _LOWERED_NUMBERS | str.maketrans("=()", "₌₍₎")
# Blocks whose text stands at the left margin: an empty line in it is a new paragraph.
_PLAIN_BLOCKS = frozenset("div p section article aside header footer main center address body html".split())
_BLOCKS = _PLAIN_BLOCKS | frozenset("ul ol pre table blockquote h1 h2 h3 h4 h5 h6 hr figure dl".split())
# Blocks that a cell of a Markdown table cannot hold: a table with one of them lays out a page.
_TOO_MUCH_FOR_A_CELL = ("pre", "table", "blockquote", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "dl")
# In a URL.
_TO_ESCAPE = re.compile(r"[{}|\\<> `\n]")
_ESCAPED = str.maketrans({**{char: f"%{ord(char):X}" for char in "{}|\\<> `"}, "\n": ""})
_TABLE_PARTS = ("caption", "thead", "tbody", "tfoot", "tr", "td", "th")


def prepare_elements(root: HtmlElement) -> None:
    """Give every element of a tree a form that Markdown has."""
    etree.strip_tags(root, *_WITHOUT_FORM)
    for raised in list(root.iter("sup", "sub")):
        _raise_or_lower(raised)
    etree.strip_tags(root, "sup", "sub")
    prepare_code(root)
    for table in list(root.iter("table")):
        _lay_out(table)
    for link in list(root.iter("a")):
        move_line_breaks_out(link)
    emphasis_between_words(root)
    for line_break in list(root.iter("br")):
        _line_break(line_break)
    etree.strip_tags(root, "span")
    for rule in list(root.iter("hr")):
        rule.tag, rule.text = "p", RULE
    for caption in list(root.iter("figcaption", "dd", "address")):
        caption.tag = "p" if not _has_blocks(caption) else "div"
    for term in list(root.iter("dt")):
        term.tag = "p"
        _wrap_inside(term, "strong")
    for figure in list(root.iter("figure", "dl")):
        figure.tag = "div"
    for quote in list(root.iter("blockquote")):
        _stand_apart(quote)
    for ordered in root.iter("ol"):
        start = ordered.get("start") or ""
        if not (start.isascii() and start.isdigit() and len(start) < 9):  # Markdown counts from 0 to 999,999,999
            ordered.attrib.pop("start", None)
    for element in root.iter("img", "a"):
        _address(element)


def _lay_out(table: HtmlElement) -> None:
    """A table that lays out a page is none in Markdown: its cells follow each other."""
    parts = [part for part in table.iterdescendants(*_TABLE_PARTS) if next(part.iterancestors("table")) is table]
    has_header = any(part.tag == "th" for part in parts)
    single_column = not has_header and all(len(part) < 2 for part in parts if part.tag == "tr")
    too_much = next(table.iterdescendants(*_TOO_MUCH_FOR_A_CELL), None) is not None
    if single_column or too_much or _is_lost_in_list(table):
        for part in (table, *parts):
            part.tag = "div"


def _is_lost_in_list(table: HtmlElement) -> bool:
    """The converter indents a table in a list right only behind a line of text."""
    item = parent_of(table)
    if item.tag == "li":
        return not (item.text or "").strip() or any(e.tag in _BLOCKS for e in table.itersiblings(preceding=True))
    return any(ancestor.tag == "li" for ancestor in item.iterancestors())


def _line_break(line_break: HtmlElement) -> None:
    """Two line breaks end a paragraph; one at the edge of a block does nothing."""
    before, parent = line_break.getprevious(), parent_of(line_break)
    text_before = (parent.text if before is None else before.tail) or ""
    at_start = not text_before.strip() and (before is None or before.tag in _BLOCKS)
    if at_start and parent.tag in _PLAIN_BLOCKS | {"li", "td", "th", "blockquote"}:
        drop_tree(line_break)
    elif before is not None and before.tag == "br" and not text_before.strip():
        drop_tree(line_break)
        if all(name_of(each) in _PLAIN_BLOCKS for each in (parent, *parent.iterancestors())):
            before.tail = PARAGRAPH + (before.tail or "").lstrip()
            before.tag = "span"
    elif text_before.endswith(PARAGRAPH):
        drop_tree(line_break)


def _has_blocks(element: HtmlElement) -> bool:
    return any(child.tag in _BLOCKS for child in element)


def _wrap_inside(element: HtmlElement, tag: str) -> None:
    if not element.text_content().strip():
        return
    inner = element.makeelement(tag)
    inner.text, element.text = element.text, None
    for child in list(element):
        inner.append(child)
    element.append(inner)


def _raise_or_lower(element: HtmlElement) -> None:
    """Markdown has no superscript: 10<sup>3</sup> must not become 103."""
    whole, numbers = (_RAISED, _RAISED_NUMBERS) if element.tag == "sup" else (_LOWERED, _LOWERED_NUMBERS)
    text = element.text_content().strip()
    if all(ord(char) in whole for char in text):
        table = whole
    elif ord(text[0]) in numbers and not re.search(r"\s", text):  # there is no raised "/", but 10³/² is not 103/2
        table = numbers
    else:
        return
    for part in element.iter():
        part.text = part.text and part.text.translate(table)
        if part is not element:
            part.tail = part.tail and part.tail.translate(table)


def _stand_apart(quote: HtmlElement) -> None:
    """An empty line before a quotation: two in a row would be one."""
    first = quote
    while first.getprevious() is None and not (parent_of(first).text or "").strip():
        first = parent_of(first)
        if first.tag not in _PLAIN_BLOCKS or first.getparent() is None:
            return
    before = first.getprevious()
    if before is not None and before.tag in _BLOCKS and not (before.tail or "").strip():
        gap = quote.makeelement("p")
        gap.text = GAP
        quote.addprevious(gap)


def _address(element: HtmlElement) -> None:
    for name in ("alt", "title"):
        if element.get(name):
            element.set(name, description(element.get(name) or ""))
    for name in ("src", "href"):
        if element.get(name):
            element.set(name, destination(element.get(name) or ""))


def destination(address: str) -> str:
    """A URL that ends where it should, in Markdown and in Hugo."""
    if _TO_ESCAPE.search(address):
        address = address.translate(_ESCAPED)
    if ("(" in address or ")" in address) and not _is_balanced(address):
        address = address.replace("(", "%28").replace(")", "%29")
    return address


def _is_balanced(address: str) -> bool:
    """Do its parentheses end what they begin, one pair inside another at most?"""
    depth = 0
    for char in address:
        depth += (char == "(") - (char == ")")
        if not 0 <= depth <= 1:
            return False
    return depth == 0
