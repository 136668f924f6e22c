"""Move text and line breaks from the start or end of an inline element out of it."""

from __future__ import annotations

from lxml.html import HtmlElement

from feedarchive.markdown.tree import parent_of


def move_line_breaks_out(element: HtmlElement) -> None:
    """Move each ``<br>`` at the start or end of an element out of it. The converter would write it wrongly."""
    while len(element) and element[0].tag == "br" and not (element.text or "").strip():
        line_break = element[0]
        element.text, line_break.tail = line_break.tail, None
        element.addprevious(line_break)
    while len(element) and element[-1].tag == "br" and not (element[-1].tail or "").strip():
        insert_after(element, element[-1])


def insert_after(element: HtmlElement, other: HtmlElement) -> None:
    """Insert ``other`` between an element and the text after that element."""
    other.tail, element.tail = element.tail, None
    element.addnext(other)


def first_text(element: HtmlElement) -> str:
    """Return the text at the start of an element; "" if the element begins with a child element."""
    return element.text or ""


def last_text(element: HtmlElement) -> str:
    """Return the text at the end of an element; "" if the element ends with a child element."""
    return (element[-1].tail if len(element) else element.text) or ""


def move_start_out(element: HtmlElement, count: int) -> None:
    """Remove the first ``count`` characters of an element's text, and insert them before the element."""
    text, previous, parent = first_text(element), element.getprevious(), parent_of(element)
    element.text = text[count:]
    if previous is not None:
        previous.tail = (previous.tail or "") + text[:count]
    else:
        parent.text = (parent.text or "") + text[:count]


def move_end_out(element: HtmlElement, count: int) -> None:
    """Remove the last ``count`` characters of an element's text, and insert them after the element."""
    text = last_text(element)
    kept = len(text) - count
    element.tail = text[kept:] + (element.tail or "")
    if len(element):
        element[-1].tail = text[:kept]
    else:
        element.text = text[:kept]


def count_leading_spaces(text: str) -> int:
    """Return the number of white space characters at the start of a text."""
    return len(text) - len(text.lstrip())
