"""Recognize SVGs that would take a browser too long to draw. Pure functions.

Even an SVG with few elements can take too long. For example, each element draws the next one ten times
(``<use href="#b">``), or an element draws itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

MAX_DRAWN = 200_000
"""The maximum number of elements that are drawn. An element that is drawn several times counts each time."""
_MAX_STEPS = 1_000_000
_MAX_DEPTH = 200
_URL = re.compile(r"url\(\s*['\"]?\s*#([^'\")]+)")
# Matches a CSS rule: its selector and its declarations. The selector of a nested rule is not matched.
_RULE = re.compile(r"([^{}]*)\{([^{}]*)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_NAME = re.compile(r"[\w-]+")
_ANY_ELEMENT = re.compile(r"[*:&@\[]")  # a selector with one of these characters may match any element
# Matches properties that child elements inherit, such as "fill". The target of such a property is drawn once for each
# child. The target of a "marker" is drawn once for each point of each child.
_INHERITED = re.compile(r"fill|stroke|marker|--")
_NUMBER = re.compile(r"[\d.]+")
_GRADIENTS = ("{http://www.w3.org/2000/svg}linearGradient", "{http://www.w3.org/2000/svg}radialGradient")
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")


@dataclass(frozen=True)
class _Rule:
    """A rule of a style sheet.

    - ``targets`` are the ids to which its declarations refer.
    - ``names`` are the tag names, ids and classes in its selector. Empty if the rule may apply to any element.
    - ``is_inherited``: whether child elements inherit the declarations.
    """

    targets: tuple[str, ...]
    names: frozenset[str] = frozenset()
    is_inherited: bool = True

    def is_for(self, names: set[str]) -> bool:
        """Check whether the rule may apply to an element with these names: its tag name, its id and its classes."""
        return not self.names or bool(self.names & names)


class _TooHard(Exception):
    """A browser would draw more than MAX_DRAWN elements."""


@dataclass
class _Drawing:
    """Counts the elements that a browser draws for an SVG.

    - ``targets`` maps each id to the element with this id.
    - ``rules`` are the CSS rules that refer to elements.
    - ``drawn`` maps ids to results of ``count`` for the element with this id.
    - ``steps`` is the number of elements that were visited so far.
    """

    targets: dict[str, etree._Element]
    rules: tuple[_Rule, ...] = ()
    drawn: dict[str, int] = field(default_factory=dict)
    steps: int = 0

    def count(self, element: etree._Element, depth: int = 0) -> int:
        """Return how many elements are drawn for ``element``. Raises _TooHard if there are too many.

        Counts ``element``, the elements in it, and the elements to which they refer.
        """
        total = 0
        for each in element.iter():
            self.steps += 1
            total += 1 + sum(self._count_of(name, depth) * times for name, times in self._references(each))
            if total > MAX_DRAWN or self.steps > _MAX_STEPS:
                raise _TooHard
        return total

    def _references(self, element: etree._Element) -> list[tuple[str, int]]:
        """Return the ids to which an element refers, and for each id how many times its target is drawn."""
        found = _references(element)
        if self.rules:
            classes = str(element.get("class", "")).split()
            names = {etree.QName(element).localname, str(element.get("id", "")), *classes}
            rules = [rule for rule in self.rules if rule.is_for(names)]
            found += [(target, rule.is_inherited) for rule in rules for target in rule.targets]
        return [(name, self._count_of_points(element, name) if is_inherited else 1) for name, is_inherited in found]

    def _count_of_points(self, element: etree._Element, name: str) -> int:
        if name not in self.targets or self.targets[name].tag in _GRADIENTS:
            return 1  # a gradient takes little time, even if many elements use it
        below = [*element.iter()]
        self.steps += len(below)
        return sum(1 + len(_NUMBER.findall(f"{each.get('d', '')} {each.get('points', '')}")) // 2 for each in below)

    def _count_of(self, name: str, depth: int) -> int:
        if name not in self.targets:
            return 0
        if name not in self.drawn:
            if depth == _MAX_DEPTH:
                raise _TooHard
            self.drawn[name] = MAX_DRAWN  # an element that refers to itself counts as too many elements
            self.drawn[name] = self.count(self.targets[name], depth + 1)
        return self.drawn[name]


def is_too_hard(root: etree._Element) -> bool:
    """Check whether a browser would draw more than MAX_DRAWN elements for an SVG."""
    targets = {str(element.get("id")): element for element in root.iter() if element.get("id")}
    drawing = _Drawing(targets, _rules(root))
    try:
        drawing.count(root)
    except _TooHard:
        return True
    return False


def _references(element: etree._Element) -> list[tuple[str, bool]]:
    """Return pairs ``(id, is_inherited)`` for the ids to which an element's attributes refer.

    ``is_inherited``: whether child elements inherit the attribute.
    """
    hrefs = (str(element.get(name, "")) for name in _HREFS)
    found = [(href[1:], False) for href in hrefs if href.startswith("#")]
    for name, value in element.attrib.items():
        if "url(" in str(value):
            is_inherited = bool(_INHERITED.search(str(value if name == "style" else name)))
            found += [(target, is_inherited) for target in _URL.findall(str(value))]
    return found


def _rules(root: etree._Element) -> tuple[_Rule, ...]:
    """The rules in an SVG's style sheets. Rules without a reference to an id are left out."""
    sheets = ("".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}style"))
    css = _COMMENT.sub(" ", "\n".join(sheets))
    # Declarations that _RULE does not match are after a nested rule. They may apply to any element.
    found = [_Rule(tuple(_URL.findall(_RULE.sub(" ", css))))]
    for selector, declarations in _RULE.findall(css):
        is_for_any = _ANY_ELEMENT.search(selector) or "--" in declarations
        names = frozenset() if is_for_any else frozenset(_NAME.findall(selector))
        found.append(_Rule(tuple(_URL.findall(declarations)), names, bool(_INHERITED.search(declarations))))
    return tuple(rule for rule in found if rule.targets)
