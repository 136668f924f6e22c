"""Emphasis that CommonMark sees: ``**Note:**text`` would show its asterisks, ``**Note**:text`` is bold."""

from __future__ import annotations

import unicodedata

from lxml import etree
from lxml.html import HtmlElement

from feedarchive.markdown.element_edges import (
    first_text,
    last_text,
    move_end_out,
    move_line_breaks_out,
    move_start_out,
    spaces_at_start,
)
from feedarchive.markdown.tree import drop_tag, name_of, parent_of

_BOLD, _ITALIC, _STRUCK = "**", "*", "~~"
_KINDS = {
    **dict.fromkeys(("b", "strong"), _BOLD),
    **dict.fromkeys(("i", "em", "var"), _ITALIC),
    **dict.fromkeys(("del", "s", "strike"), _STRUCK),
}


def emphasis_between_words(root: HtmlElement) -> None:
    """Let every emphasis begin and end with a word where it touches one, and drop what emphasises nothing.

    Of delimiters, CommonMark 0.31 (6.2) wants those between a letter and a punctuation mark on the
    other side of the mark. That side is where the publisher's mark goes.
    """
    for element in list(root.iter(*_KINDS)):
        kind = _KINDS[name_of(element)]
        if not element.text_content().strip() or any(_KINDS.get(name_of(a)) == kind for a in element.iterancestors()):
            element.tag = "span"
    etree.strip_tags(root, "span")  # all at once: one by one, texts beside each other are copied again and again
    for element in reversed(list(root.iter(*_KINDS))):
        move_line_breaks_out(element)
        move_start_out(element, _misplaced(first_text(element), _char_before(element)))
        move_end_out(element, _misplaced(last_text(element)[::-1], _char_behind(element)))
        if not element.text_content().strip() or not _can_be_seen(element):
            drop_tag(element)


def _can_be_seen(element: HtmlElement) -> bool:
    """Not if it begins or ends with a link, a picture or code, right beside a word."""
    begins_with_text = bool(element.text) or not len(element) or _melt(element, element[0])
    ends_with_text = not len(element) or bool(element[-1].tail) or _melt(element, element[-1])
    return (begins_with_text or not _is_word(_char_before(element))) and (
        ends_with_text or not _is_word(_char_behind(element))
    )


def _melt(outer: HtmlElement, inner: HtmlElement) -> bool:
    """Are their delimiters, one beside the other, one run of asterisks?"""
    return {_KINDS.get(name_of(outer)), _KINDS.get(name_of(inner))} == {_BOLD, _ITALIC}


def _misplaced(text: str, neighbour: str) -> int:
    """How many characters at the edge of an emphasis cannot stand there, beside what is outside."""
    spaces = spaces_at_start(text)
    if spaces or not _is_word(neighbour):
        return spaces
    return next((position for position, char in enumerate(text) if _is_word(char)), len(text))


def _is_word(char: str) -> bool:
    return bool(char) and not char.isspace() and unicodedata.category(char)[0] not in "PS"


def _char_before(element: HtmlElement) -> str:
    """The character before an emphasis, delimiters aside; "" where there is none or another element."""
    previous, parent = element.getprevious(), parent_of(element)
    text = str((parent.text if previous is None else previous.tail) or "")
    if not text and previous is not None and name_of(previous) in _KINDS:
        text = str(previous.text_content())
    if not text and previous is None and name_of(parent) in _KINDS:
        return _char_before(parent)
    return text[-1:]


def _char_behind(element: HtmlElement) -> str:
    following, parent = element.getnext(), parent_of(element)
    text = str(element.tail or "")
    if not text and following is not None and name_of(following) in _KINDS:
        text = str(following.text_content())
    if not text and following is None and name_of(parent) in _KINDS:
        return _char_behind(parent)
    return text[:1]
