"""Reduce ``<pre>`` to a code block that has only text, line ends and a language. Line numbers are removed."""

from __future__ import annotations

import re
from copy import deepcopy

from lxml import etree
from lxml.html import HtmlElement

from feedarchive.markdown.code_languages import language_of
from feedarchive.markdown.element_edges import insert_after
from feedarchive.markdown.tree import drop_tree, parent_of

_LINES = frozenset("hr img p div li tr h1 h2 h3 h4 h5 h6 blockquote pre ul ol table section article".split())
# Classes that syntax highlighters give to the elements that contain line numbers.
_LINE_NUMBERS = re.compile(
    r"(?:^|[\s_-])(?:lnt?|line-?n(?:o|os|um|ums|umber|umbers)|LineNr|gutter|gl|linenodiv|hljs-ln-n(?:umbers)?|blob-num"
    r"|crayon-nums?|line-numbers-rows)(?=[\s_-]|$)"
)
# A fast first check: HTML that contains none of these strings has no line numbers.
_LINE_NUMBER_SIGNS = ("ln", "line", "Line", "gutter", "num", '"gl"', "user-select")
_NUMBERS = re.compile(r"\s*\d+(?:\s+\d+)*\s*")


def prepare_code_blocks(root: HtmlElement, source: str) -> None:
    """Remove line numbers, and write the language of each ``<pre>`` into its class.

    Call this before classes are removed from the tree.
    """
    is_marked = any(sign in source for sign in _LINE_NUMBER_SIGNS)
    for block in list(root.iter("pre")):
        if block.getparent() is not None:
            if is_marked:
                _drop_line_numbers(block)
            _drop_cell_of_numbers(block)
    for block in root.iter("pre"):
        if language := language_of(block):
            block.set("class", f"language-{language}")


def rewrite_code_blocks(root: HtmlElement) -> None:
    """Reduce each ``<pre>`` to its text and its language. Its images and links are placed after the ``<pre>``."""
    for block in list(root.iter("pre")):
        if block.getparent() is not None:
            _rewrite(block)


def _rewrite(block: HtmlElement) -> None:
    language = language_of(block)
    followers = [_paragraph_of(image) for image in block.iter("img")]
    if (links := _links_of(block)) is not None:
        followers.append(links)
    text = _code_text(block)
    tail = block.tail
    block.clear()
    block.text, block.tail = text, tail
    if language:
        block.set("class", f"language-{language}")
    for follower in reversed(followers):
        insert_after(block, follower)
    if not text.strip():
        drop_tree(block)


def _code_text(block: HtmlElement) -> str:
    """Return the text of a code block with the line ends that a browser displays.

    A line ends before and after each inner block element, and at each ``<br>``.
    """
    parts: list[str] = []
    for event, element in etree.iterwalk(block, events=("start", "end")):
        if event == "start":
            if element is not block and element.tag in _LINES:
                _end_line(parts)
            if element.tag == "br":
                parts.append("\n")
            parts.append(element.text or "")
        elif element is not block:
            if element.tag in _LINES:
                _end_line(parts)
            parts.append(element.tail or "")
    return "".join(parts)


def _end_line(parts: list[str]) -> None:
    last = next((part for part in reversed(parts) if part), "\n")
    if not last.endswith("\n"):
        parts.append("\n")


def _drop_line_numbers(block: HtmlElement) -> None:
    for element in list(block.iter("span", "td", "a", "div", "pre", "code")):
        if element is not block and _is_line_number(element):
            drop_tree(element)


def _drop_cell_of_numbers(block: HtmlElement) -> None:
    """Remove the cell with line numbers if a table has code in one cell and line numbers in another.

    ``block`` is the ``<pre>`` in one of these two cells.
    """
    cell = next(block.iterancestors("td"), None)
    if cell is None or cell.getparent() is None:
        return
    neighbors = [other for other in parent_of(cell) if other is not cell]
    only_numbers = _NUMBERS.fullmatch(str(cell.text_content())) and any(o.find(".//pre") is not None for o in neighbors)
    if only_numbers or _has_line_number_class(cell):
        cell.drop_tree()
    elif neighbors and all(not str(o.text_content()).strip() or _is_line_number(o) for o in neighbors):
        for other in neighbors:
            other.drop_tree()


def _is_line_number(element: HtmlElement) -> bool:
    if _has_line_number_class(element) or "user-select:none" in (element.get("style") or "").replace(" ", ""):
        text = str(element.text_content())
        return not text.strip() or _NUMBERS.fullmatch(text) is not None
    return False


def _has_line_number_class(element: HtmlElement) -> bool:
    return bool(_LINE_NUMBERS.search(element.get("class") or ""))


def _links_of(block: HtmlElement) -> HtmlElement | None:
    """Return a ``<ul>`` of the links in a code block; None if it has none. Markdown has no links inside code."""
    code = str(block.text_content())
    links: dict[str, str] = {}
    for link in block.iter("a"):
        url, text = link.get("href") or "", " ".join(str(link.text_content()).split())
        if url and text and url not in code and not text.isdigit():  # a link whose text is a number is a line number
            links.setdefault(url, text)
    if not links:
        return None
    listed = block.makeelement("ul")
    for url, text in links.items():
        item, link = block.makeelement("li"), block.makeelement("a")
        link.set("href", url)
        link.text = text
        item.append(link)
        listed.append(item)
    return listed


def _paragraph_of(image: HtmlElement) -> HtmlElement:
    copied = deepcopy(image)
    copied.tail = None
    paragraph = image.makeelement("p")
    paragraph.append(copied)
    return paragraph
