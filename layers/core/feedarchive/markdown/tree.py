"""What every element here has, though lxml's types cannot promise it: a name that is text, and a parent."""

from __future__ import annotations

from lxml.html import HtmlElement


def name_of(element: HtmlElement) -> str:
    """The element's name: after sanitising there are no comments or instructions, which have none."""
    return str(element.tag)


def parent_of(element: HtmlElement) -> HtmlElement:
    """The element it is in; not for the root."""
    parent = element.getparent()
    assert parent is not None
    return parent
