"""Elements as lxml's types cannot promise them, with a name that is text and a parent; and how they go."""

from __future__ import annotations

from lxml.html import HtmlElement

# A text longer than this (characters) is not made longer by what stood beside an element that goes.
_LONG_TEXT = 5_000


def name_of(element: HtmlElement) -> str:
    """The element's name: after sanitising there are no comments or instructions, which have none."""
    return str(element.tag)


def parent_of(element: HtmlElement) -> HtmlElement:
    """The element it is in; not for the root."""
    parent = element.getparent()
    assert parent is not None
    return parent


def drop_tag(element: HtmlElement) -> None:
    """Leave of an element what is in it: at once, or beside a long text as a ``<span>``.

    Texts are copied when they become one: with 10,000 elements that go one by one, there would be nothing else to do.
    All ``<span>`` go together.
    """
    if _beside_long_text(element):
        element.attrib.clear()
        element.tag = "span"
        return
    # lxml's own drop_tag() counts all elements before this one.
    previous, parent = element.getprevious(), parent_of(element)
    if element.text and previous is not None:
        previous.tail = (previous.tail or "") + element.text
    elif element.text:
        parent.text = (parent.text or "") + element.text
    for child in list(element):
        element.addprevious(child)
    element.drop_tree()


def drop_tree(element: HtmlElement) -> None:
    """Leave nothing of an element, in the same way."""
    if _beside_long_text(element):
        tail = element.tail
        element.clear()
        element.tag, element.tail = "span", tail
    else:
        element.drop_tree()


def _beside_long_text(element: HtmlElement) -> bool:
    previous = element.getprevious()
    before = parent_of(element).text if previous is None else previous.tail
    return max(len(before or ""), len(element.tail or "")) > _LONG_TEXT
