"""Write superscripts and subscripts as Unicode characters, because Markdown has no form for them."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement

_SUPERSCRIPT_NUMBERS = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_SUBSCRIPT_NUMBERS = str.maketrans("0123456789+-−", "₀₁₂₃₄₅₆₇₈₉₊₋₋")
_SUPERSCRIPTS = _SUPERSCRIPT_NUMBERS | str.maketrans("=()ni", "⁼⁽⁾ⁿⁱ")
_SUBSCRIPTS = _SUBSCRIPT_NUMBERS | str.maketrans("=()", "₌₍₎")


def rewrite_superscripts(root: HtmlElement) -> None:
    """Replace ``<sup>`` and ``<sub>`` with Unicode characters if these exist: 10<sup>3</sup> -> 10³."""
    if elements := list(root.iter("sup", "sub")):
        for element in elements:
            _rewrite(element)
        etree.strip_tags(root, "sup", "sub")


def to_superscript(text: str) -> str:
    """Return a text in superscript characters; "" if this is not possible."""
    return _translated(text, _SUPERSCRIPTS, _SUPERSCRIPT_NUMBERS)


def to_subscript(text: str) -> str:
    """Return a text in subscript characters; "" if this is not possible."""
    return _translated(text, _SUBSCRIPTS, _SUBSCRIPT_NUMBERS)


def _translated(text: str, characters: dict[int, int], numbers: dict[int, int]) -> str:
    table = _table_for(text, characters, numbers)
    return text.translate(table) if table else ""


def _table_for(text: str, characters: dict[int, int], numbers: dict[int, int]) -> dict[int, int] | None:
    if all(ord(char) in characters for char in text):
        return characters
    # Unicode has no superscript for some characters, such as "/". Then only the digits are replaced: "10³/²" is better
    # than "103/2".
    return numbers if ord(text[0]) in numbers and not re.search(r"\s", text) else None


def _rewrite(element: HtmlElement) -> None:
    tables = (_SUPERSCRIPTS, _SUPERSCRIPT_NUMBERS) if element.tag == "sup" else (_SUBSCRIPTS, _SUBSCRIPT_NUMBERS)
    table = _table_for(element.text_content().strip(), *tables)
    if table is None:
        return
    for part in element.iter():
        part.text = part.text and part.text.translate(table)
        if part is not element:
            part.tail = part.tail and part.tail.translate(table)
