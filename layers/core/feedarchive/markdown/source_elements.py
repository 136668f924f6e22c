"""Replace elements in the source of HTML, such as ``<svg>`` and ``<math>``, before the sanitizer removes them."""

from __future__ import annotations

import re
from collections.abc import Callable

_BEFORE_CHARS = 300


def replace_elements(source: str, name: str, replacement: Callable[[str, str], str]) -> str:
    """Replace each element that is called ``name`` with the result of ``replacement``. Elements must not be nested.

    The arguments of ``replacement`` are the source of the element, and up to 300 characters before it.
    """
    opening = re.compile(rf"<(?:\w+:)?{name}(?=[\s>])", re.IGNORECASE)
    closing = re.compile(rf"</(?:\w+:)?{name}\s*+>", re.IGNORECASE)
    parts: list[str] = []
    end = 0
    while (start := opening.search(source, end)) and (stop := closing.search(source, start.end())):
        first, last = start.start(), stop.end()
        parts += [source[end:first], replacement(source[first:last], source[max(first - _BEFORE_CHARS, 0) : first])]
        end = stop.end()
    return "".join((*parts, source[end:])) if parts else source
