"""Find SVGs that a few elements make endless: elements that repeat elements that repeat others. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

MAX_DRAWN = 200_000
"""As many elements may be drawn, counted once for each time that they are repeated."""
_MAX_STEPS = 1_000_000  # this check itself must end
_MAX_DEPTH = 200
_URL = re.compile(r"url\(\s*['\"]?\s*#([^'\")]+)")
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")


class _TooHard(Exception):
    """More elements would be drawn than MAX_DRAWN, or without end."""


@dataclass
class _Drawing:
    """The elements of an SVG by their id, and how many elements each of them draws, as far as that is known."""

    targets: dict[str, etree._Element]
    drawn: dict[str, int] = field(default_factory=dict)
    steps: int = 0

    def count(self, element: etree._Element, depth: int = 0) -> int:
        """How many elements an element draws, with itself and all that it repeats. Raises _TooHard."""
        total = 0
        for each in element.iter():
            self.steps += 1
            total += 1 + sum(self._count_of(name, depth) for name in _references(each))
            if total > MAX_DRAWN or self.steps > _MAX_STEPS:
                raise _TooHard
        return total

    def _count_of(self, name: str, depth: int) -> int:
        if name not in self.targets:
            return 0
        if name not in self.drawn:
            if depth == _MAX_DEPTH:
                raise _TooHard
            self.drawn[name] = MAX_DRAWN  # too much, for an element that repeats itself
            self.drawn[name] = self.count(self.targets[name], depth + 1)
        return self.drawn[name]


def is_too_hard(root: etree._Element) -> bool:
    """Whether more elements would be drawn than MAX_DRAWN."""
    drawing = _Drawing({str(element.get("id")): element for element in root.iter() if element.get("id")})
    try:
        drawing.count(root)
    except _TooHard:
        return True
    return False


def _references(element: etree._Element) -> list[str]:
    """The ids that an element refers to."""
    found = [value[1:] for name in _HREFS if (value := str(element.get(name, ""))).startswith("#")]
    for value in element.attrib.values():
        if "url(" in str(value):
            found += _URL.findall(str(value))
    return found
