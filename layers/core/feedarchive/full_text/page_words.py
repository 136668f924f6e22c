"""Split a page into lines, and each line into slots. Pure functions.

A line is what a browser shows without a line break. A slot is one text of the parsed page, with its place in the tree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from lxml import etree
from lxml.html import HtmlElement

from feedarchive.changes.words import words_of
from feedarchive.markdown.blocks import BLOCKS

# Text in these elements is ignored: it is not displayed, or it belongs to a control such as a button.
_NO_TEXT = frozenset(
    "head script style noscript template svg textarea select option button iframe object embed video audio canvas "
    "title map datalist dialog".split()
)
# These elements begin and end a line.
_SEPARATING = BLOCKS | frozenset(
    "br li tr td th dt dd thead tbody tfoot figcaption caption summary details nav form fieldset option address "
    "hgroup legend iframe img video".split()
)


@dataclass(frozen=True)
class Slot:
    """One text of the tree.

    If ``is_tail``, it is ``element.tail``, the text right after the element. Otherwise it is ``element.text``, the text
    in the element before its first child.
    """

    element: HtmlElement
    is_tail: bool
    words: tuple[str, ...]
    is_in_link: bool = False

    @property
    def text(self) -> str:
        return (self.element.tail if self.is_tail else self.element.text) or ""

    @property
    def is_visible(self) -> bool:
        """Check whether the text has words or signs, not only white space."""
        return bool(self.words) or bool(self.text.strip())


@dataclass
class Line:
    """One line of a page, such as a paragraph or a heading."""

    slots: list[Slot] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        return [word for slot in self.slots for word in slot.words]

    @property
    def words_outside_links(self) -> int:
        return sum(len(slot.words) for slot in self.slots if not slot.is_in_link)


def lines_of(root: HtmlElement) -> list[Line]:
    """The lines of text in an element. A line may consist of signs only (``* * *``), but not of white space only."""
    numbered = _slots(root)
    lines = [Line([slot for _, slot in group]) for _, group in groupby(numbered, key=lambda each: each[0])]
    return [line for line in lines if any(slot.is_visible for slot in line.slots)]


def all_words(lines: Sequence[Line]) -> list[str]:
    """The words of these lines in order."""
    return [word for line in lines for word in line.words]


def _slots(root: HtmlElement) -> Iterator[tuple[int, Slot]]:
    """Yield each displayed text as a slot, with the number of its line."""
    line, hidden, links = 0, 0, 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        is_hidden = element.tag in _NO_TEXT
        if element.tag in _SEPARATING:
            line += 1
        if event == "start":
            hidden += is_hidden
            links += element.tag == "a"
            if element.text and not hidden:
                yield line, Slot(element, False, slot_words(element.text), links > 0)
        else:
            hidden -= is_hidden
            links -= element.tag == "a"
            if element.tail and not hidden and element is not root:
                yield line, Slot(element, True, slot_words(element.tail), links > 0)


def slot_words(text: str) -> tuple[str, ...]:
    """The words of a text in lower case, for comparison."""
    return tuple(word.text.casefold() for word in words_of([text]) if word.is_word)
