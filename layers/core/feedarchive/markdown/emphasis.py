"""Rewrite emphasis so that CommonMark recognizes it.

For example, ``**Note:**text`` would be displayed with its asterisks, but ``**Note**:text`` is bold.
"""

from __future__ import annotations

import unicodedata

from lxml import etree
from lxml.html import HtmlElement

from feedarchive.markdown.element_edges import (
    count_leading_spaces,
    first_text,
    last_text,
    move_end_out,
    move_line_breaks_out,
    move_start_out,
)
from feedarchive.markdown.tree import drop_tag, has_text, name_of, parent_of

_BOLD, _ITALIC, _STRUCK = "**", "*", "~~"
_DELIMITERS = {
    **dict.fromkeys(("b", "strong"), _BOLD),
    **dict.fromkeys(("i", "em", "var"), _ITALIC),
    **dict.fromkeys(("del", "s", "strike"), _STRUCK),
}


def rewrite_emphasis(root: HtmlElement) -> None:
    """Rewrite all emphasis in a tree.

    - Spaces at the start and end of emphasis are moved out of it.
    - CommonMark 0.31 (section 6.2) does not recognize ``**Note:**text``, because the last asterisks are between a
      punctuation mark and a letter. So such punctuation marks are moved out.
    - Empty emphasis, and emphasis inside emphasis of the same kind, is dropped.
    """
    for element in list(root.iter(*_DELIMITERS)):
        delimiter = _DELIMITERS[name_of(element)]
        if not has_text(element) or _is_inside(element, delimiter):
            element.tag = "span"
    etree.strip_tags(root, "span")  # called once at the end, because each call copies texts
    for element in reversed(list(root.iter(*_DELIMITERS))):
        move_line_breaks_out(element)
        move_start_out(element, _count_misplaced(first_text(element), _char_before(element)))
        move_end_out(element, _count_misplaced(last_text(element)[::-1], _char_after(element)))
        if not has_text(element) or not _is_recognized(element):
            drop_tag(element)


def _is_inside(element: HtmlElement, delimiter: str) -> bool:
    return any(_DELIMITERS.get(name_of(ancestor)) == delimiter for ancestor in element.iterancestors())


def _is_recognized(element: HtmlElement) -> bool:
    """Check whether CommonMark recognizes the emphasis. For example, it does not recognize ``word**[link](url)**``."""
    begins_with_text = bool(element.text) or not len(element) or _share_delimiter(element, element[0])
    ends_with_text = not len(element) or bool(element[-1].tail) or _share_delimiter(element, element[-1])
    before, after = _char_before(element), _char_after(element)
    return (begins_with_text or not (_is_word(before) or _is_symbol(before))) and (
        ends_with_text or not (_is_word(after) or _is_symbol(after))
    )


def _share_delimiter(outer: HtmlElement, inner: HtmlElement) -> bool:
    """Check whether two nested elements are bold and italic, so that they share the delimiter ``***``."""
    return {_DELIMITERS.get(name_of(outer)), _DELIMITERS.get(name_of(inner))} == {_BOLD, _ITALIC}


def _count_misplaced(text: str, neighbor: str) -> int:
    """Count the characters at the start of ``text`` that must move out of the emphasis.

    ``neighbor`` is the character before ``text``, outside the emphasis. For the end of the emphasis, ``text`` is
    reversed, and ``neighbor`` is the character after the emphasis.
    """
    spaces = count_leading_spaces(text)
    if spaces or not (_is_word(neighbor) or _is_symbol(neighbor)):
        return spaces
    return next((position for position, char in enumerate(text) if _is_word(char)), len(text))


def _is_word(char: str) -> bool:
    return bool(char) and not char.isspace() and unicodedata.category(char)[0] not in "PS"


def _is_symbol(char: str) -> bool:
    """Check for a symbol beyond ASCII, such as "€". CommonMark 0.31 treats it as punctuation, older versions do not."""
    return bool(char) and not char.isascii() and unicodedata.category(char)[0] == "S"


def _char_before(element: HtmlElement) -> str:
    """Return the character that is displayed before an emphasis; "" if there is none."""
    previous, parent = element.getprevious(), parent_of(element)
    text = str((parent.text if previous is None else previous.tail) or "")
    if not text and previous is not None and name_of(previous) in _DELIMITERS:
        text = str(previous.text_content())
    if not text and previous is None and name_of(parent) in _DELIMITERS:
        return _char_before(parent)
    return text[-1:]


def _char_after(element: HtmlElement) -> str:
    following, parent = element.getnext(), parent_of(element)
    text = str(element.tail or "")
    if not text and following is not None and name_of(following) in _DELIMITERS:
        text = str(following.text_content())
    if not text and following is None and name_of(parent) in _DELIMITERS:
        return _char_after(parent)
    return text[:1]
