"""Move links that contain blocks into those blocks, because Markdown has no link around several blocks."""

from __future__ import annotations

from lxml.html import HtmlElement

from feedarchive.markdown.blocks import BLOCKS
from feedarchive.markdown.tree import UNWRAPPED, has_text

_CONTAINERS = BLOCKS | frozenset(("li", "tr", "td", "th", "tbody", "thead", "dt", "dd", "figcaption", "caption"))
_MAX_DEPTH = 50


def move_link_into_blocks(link: HtmlElement) -> None:
    """If a link contains blocks, unwrap it, and link the content of each block instead."""
    if not any(element.tag in _CONTAINERS for element in link.iterdescendants()):
        return
    attributes = dict(link.attrib)
    link.attrib.clear()
    link.tag = "div"
    _link_content(link, attributes, 0)


def _link_content(block: HtmlElement, attributes: dict[str, str], depth: int) -> None:
    """Put the content of a block into links. A block inside the block gets its own link."""
    if depth > _MAX_DEPTH or block.tag == "pre":
        return
    text, block.text = block.text, None
    run = _new_link(block, attributes)
    run.text = text
    children = list(block)
    for child in children:
        block.remove(child)
    for child in children:
        if child.tag in _CONTAINERS or child.find(".//p") is not None:
            tail, child.tail = child.tail, None
            _append_link(block, run)
            block.append(child)
            _link_content(child, attributes, depth + 1)
            run = _new_link(block, attributes)
            run.text = tail
        else:
            run.append(child)
    _append_link(block, run)


def _new_link(block: HtmlElement, attributes: dict[str, str]) -> HtmlElement:
    link = block.makeelement("a")
    for name, value in attributes.items():
        link.set(name, value)
    return link


def _append_link(block: HtmlElement, link: HtmlElement) -> None:
    if not has_text(link) and link.find(".//img") is None:
        link.attrib.clear()
        link.tag = UNWRAPPED
    if link.text or len(link):
        block.append(link)
