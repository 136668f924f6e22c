"""Typed access to lxml elements, and removal of elements in linear time."""

from __future__ import annotations

from lxml.html import HtmlElement

UNWRAPPED = "unwrapped"
"""A temporary name for elements. Later, the tags of all elements with this name are removed; their content stays."""

_LONG_TEXT_CHARS = 5_000


def name_of(element: HtmlElement) -> str:
    """Return the element's name. The element must not be a comment or a processing instruction."""
    return str(element.tag)


def parent_of(element: HtmlElement) -> HtmlElement:
    """Return the element's parent. The element must not be the root."""
    parent = element.getparent()
    assert parent is not None
    return parent


def has_text(element: HtmlElement) -> bool:
    """Check whether an element contains more than white space at any depth."""
    text = element.text
    return bool((text and text.strip()) or (len(element) and element.text_content().strip()))


def drop_tag(element: HtmlElement) -> None:
    """Remove the tag of an element, but keep its content. Beside a long text, rename the element to ``<span>`` instead.

    Removing a tag copies the texts around it, so it would take quadratic time to remove many tags within a long text.
    All ``<span>`` tags are removed together later.
    """
    if _is_beside_long_text(element):
        element.attrib.clear()
        element.tag = "span"
        return
    # lxml's own drop_tag() is not used: it counts all elements before this one, which takes quadratic time.
    previous, parent = element.getprevious(), parent_of(element)
    if element.text and previous is not None:
        previous.tail = (previous.tail or "") + element.text
    elif element.text:
        parent.text = (parent.text or "") + element.text
    for child in list(element):
        element.addprevious(child)
    element.drop_tree()


def drop_tree(element: HtmlElement) -> None:
    """Remove an element with its content, but not the text after it.

    Beside a long text, an empty ``<span>`` replaces the element. ``drop_tag`` explains why.
    """
    if _is_beside_long_text(element):
        tail = element.tail
        element.clear()
        element.tag, element.tail = "span", tail
    else:
        element.drop_tree()


def _is_beside_long_text(element: HtmlElement) -> bool:
    previous = element.getprevious()
    before = parent_of(element).text if previous is None else previous.tail
    return max(len(before or ""), len(element.tail or "")) > _LONG_TEXT_CHARS
