"""Replace elements in HTML source before it is sanitized, because the sanitizer would remove their content."""

from __future__ import annotations

import re
from collections.abc import Callable

_BEFORE = 300  # characters


def replace_elements(source: str, name: str, replacement: Callable[[str, str], str]) -> str:
    """Replace each element of this name by the result of ``replacement`` for its source. Elements must not be nested.

    The second argument of ``replacement`` is a piece of the source before the element.

    Takes time in proportion to the length of ``source``: without an end tag the search stops.
    """
    opening = re.compile(rf"<(?:\w+:)?{name}(?=[\s>])", re.IGNORECASE)
    closing = re.compile(rf"</(?:\w+:)?{name}\s*+>", re.IGNORECASE)
    parts: list[str] = []
    end = 0
    while (start := opening.search(source, end)) and (stop := closing.search(source, start.end())):
        first, last = start.start(), stop.end()
        parts += [source[end:first], replacement(source[first:last], source[max(first - _BEFORE, 0) : first])]
        end = stop.end()
    return "".join((*parts, source[end:])) if parts else source
