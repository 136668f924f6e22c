"""Rewrite HTML lists that Markdown cannot express: lists directly in lists, unusual numbers, and checkboxes."""

from __future__ import annotations

from lxml.html import HtmlElement

from feedarchive.markdown.tree import drop_tag, parent_of

_LISTS = ("ul", "ol")


def rewrite_lists(root: HtmlElement) -> None:
    """Put each list that is directly in another list into an item, and set the numbers of ordered lists."""
    for inner in list(root.iter(*_LISTS)):
        if inner.getparent() is not None and parent_of(inner).tag in _LISTS:
            _move_into_item(inner)
    for ordered in root.iter("ol"):
        _number(ordered)


def write_checkboxes(root: HtmlElement) -> None:
    """Write each checkbox as a character, and drop all other input elements.

    Markdown's "[x]" is not used, because a renderer would turn it into an input element again.
    """
    for box in list(root.iter("input")):
        if (box.get("type") or "").lower() == "checkbox":
            box.text = "☑ " if box.get("checked") is not None else "☐ "
            box.tail = (box.tail or "").lstrip(" ")
        drop_tag(box)


def _move_into_item(inner: HtmlElement) -> None:
    item = inner.getprevious()
    if item is None or item.tag != "li":
        item = inner.makeelement("li")
        inner.addprevious(item)
    item.append(inner)


def _number(ordered: HtmlElement) -> None:
    """Set the number at which an ordered list starts.

    If the numbers do not increase by one, the list becomes an unordered list with the numbers as text.
    """
    items = [item for item in ordered if item.tag == "li"]
    is_reversed = ordered.attrib.pop("reversed", None) is not None
    values = [item.attrib.pop("value", "") for item in items]
    if not is_reversed and not any(values):
        return
    step = -1 if is_reversed else 1
    start = ordered.get("start") or ""
    number = int(start) if _is_number(start) else (len(items) if is_reversed else 1)
    numbers: list[int] = []
    for value in values:
        number = int(value) if _is_number(value) else number
        numbers.append(number)
        number += step
    if numbers == list(range(numbers[0], numbers[0] + len(numbers))):
        ordered.set("start", str(numbers[0]))
        return
    ordered.tag = "ul"
    for item, written in zip(items, numbers, strict=True):
        item.text = f"{written}. {(item.text or '').lstrip()}"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 9
