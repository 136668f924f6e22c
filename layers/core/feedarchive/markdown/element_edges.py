"""The edges of an element within a line: what stands there and belongs outside of it."""

from __future__ import annotations

from lxml.html import HtmlElement

from feedarchive.markdown.tree import parent_of


def move_line_breaks_out(element: HtmlElement) -> None:
    """A line break at the edge parts what is around the element; inside, the converter writes half of it or none."""
    while len(element) and element[0].tag == "br" and not (element.text or "").strip():
        line_break = element[0]
        element.text, line_break.tail = line_break.tail, None
        element.addprevious(line_break)
    while len(element) and element[-1].tag == "br" and not (element[-1].tail or "").strip():
        put_behind(element, element[-1])


def put_behind(element: HtmlElement, other: HtmlElement) -> None:
    """Put another element between an element and the text behind it."""
    other.tail, element.tail = element.tail, None
    element.addnext(other)


def first_text(element: HtmlElement) -> str:
    """The text an element begins with, "" if it begins with another element."""
    return element.text or ""


def last_text(element: HtmlElement) -> str:
    """The text an element ends with, "" if it ends with another element."""
    return (element[-1].tail if len(element) else element.text) or ""


def move_start_out(element: HtmlElement, count: int) -> None:
    """Put so many characters of the first text before the element."""
    text, previous, parent = first_text(element), element.getprevious(), parent_of(element)
    element.text = text[count:]
    if previous is not None:
        previous.tail = (previous.tail or "") + text[:count]
    else:
        parent.text = (parent.text or "") + text[:count]


def move_end_out(element: HtmlElement, count: int) -> None:
    """Put so many characters of the last text behind the element."""
    text = last_text(element)
    kept = len(text) - count
    element.tail = text[kept:] + (element.tail or "")
    if len(element):
        element[-1].tail = text[:kept]
    else:
        element.text = text[:kept]


def spaces_at_start(text: str) -> int:
    """How many white space characters a text begins with."""
    return len(text) - len(text.lstrip())
