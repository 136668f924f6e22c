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
# A selector with the declarations after it. Of nested rules, the selector is empty or the rest is left over.
_RULE = re.compile(r"([^{}]*)\{([^{}]*)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_NAME = re.compile(r"[\w-]+")
_ANY_ELEMENT = re.compile(r"[*:&@\[]")  # a selector with one of these may be for any element
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")


@dataclass(frozen=True)
class _Rule:
    """A rule of a style sheet: the ids that it refers to, and the names in its selector, empty if it may be for any
    element.
    """

    targets: tuple[str, ...]
    names: frozenset[str] = frozenset()

    def is_for(self, names: set[str]) -> bool:
        """Whether it may be for an element with these names: its own, its id and its classes."""
        return not self.names or bool(self.names & names)


class _TooHard(Exception):
    """More elements would be drawn than MAX_DRAWN, or without end."""


@dataclass
class _Drawing:
    """The elements of an SVG by their id, and how many elements each of them draws, as far as that is known."""

    targets: dict[str, etree._Element]
    rules: tuple[_Rule, ...] = ()
    drawn: dict[str, int] = field(default_factory=dict)
    steps: int = 0

    def count(self, element: etree._Element, depth: int = 0) -> int:
        """How many elements an element draws, with itself and all that it repeats. Raises _TooHard."""
        total = 0
        for each in element.iter():
            self.steps += 1
            total += 1 + sum(self._count_of(name, depth) for name in self._references(each))
            if total > MAX_DRAWN or self.steps > _MAX_STEPS:
                raise _TooHard
        return total

    def _references(self, element: etree._Element) -> list[str]:
        found = _references(element)
        if self.rules:
            classes = str(element.get("class", "")).split()
            names = {etree.QName(element).localname, str(element.get("id", "")), *classes}
            found += [target for rule in self.rules if rule.is_for(names) for target in rule.targets]
        return found

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
    targets = {str(element.get("id")): element for element in root.iter() if element.get("id")}
    drawing = _Drawing(targets, _rules(root))
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


def _rules(root: etree._Element) -> tuple[_Rule, ...]:
    """The rules of the style sheets in an SVG that refer to elements."""
    sheets = ("".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}style"))
    css = _COMMENT.sub(" ", "\n".join(sheets))
    found = [_Rule(tuple(_URL.findall(_RULE.sub(" ", css))))]
    for selector, declarations in _RULE.findall(css):
        is_for_any = _ANY_ELEMENT.search(selector) or "--" in declarations
        names = frozenset() if is_for_any else frozenset(_NAME.findall(selector))
        found.append(_Rule(tuple(_URL.findall(declarations)), names))
    return tuple(rule for rule in found if rule.targets)
