"""Cut the article out of its page: copy its texts, the elements around them, and its media.

Pure functions.
"""

from __future__ import annotations

import re
from copy import deepcopy

from lxml import etree
from lxml.html import HtmlElement

from feedarchive.full_text.article_media import MEDIA, MediaCheck, Place
from feedarchive.full_text.page_words import Slot

# Names that lxml accepts for elements and attributes. Pages may have other names too, such as "g:plusone".
_NAME = re.compile(r"[A-Za-z][\w-]*")
_CELLS = frozenset(("td", "th"))
_WITHOUT_CONTENT = frozenset(("br", "hr", "wbr"))


def article_tree(page: HtmlElement, kept: set[Slot]) -> HtmlElement | None:
    """A new ``<div>`` with the texts and media of an article; None if no text is visible. The page is not changed.

    ``kept``: the texts of the page that belong to the article.
    """
    cut = _Cut(kept)
    return cut.made(page) if cut.has_texts else None


class _Cut:
    def __init__(self, kept: set[Slot]) -> None:
        self._texts = {(slot.element, slot.is_tail): slot.is_visible for slot in kept}
        self._with_text: set[HtmlElement] = set()  # elements that contain a text of the article at any depth
        for (element, is_tail), is_visible in self._texts.items():
            holder = element.getparent() if is_tail else element
            while is_visible and holder is not None and holder not in self._with_text:
                self._with_text.add(holder)
                holder = holder.getparent()
        self._count = sum(self._texts.values())
        self._seen = 0
        self._media = MediaCheck()

    @property
    def has_texts(self) -> bool:
        return bool(self._count)

    def made(self, page: HtmlElement) -> HtmlElement:
        root = self._root(page)
        made = self._copy(root)
        assert made is not None
        made.tag, made.tail = "div", None
        made.attrib.clear()
        return made

    def _root(self, page: HtmlElement) -> HtmlElement:
        """The element to copy: the ``<article>`` around all kept texts, or else the smallest element around them."""
        smallest = page
        while len(below := [child for child in smallest if child in self._with_text]) == 1 and not any(
            self._texts.get((child, True)) for child in smallest
        ):
            if self._texts.get((smallest, False)):
                break
            smallest = below[0]
        return next(smallest.iterancestors("article"), smallest)

    def _copy(self, element: HtmlElement) -> HtmlElement | None:
        """A copy of an element with its kept texts and media; None if nothing of it is kept."""
        if element.tag in MEDIA or (element.tag == "figure" and element not in self._with_text):
            return self._copy_medium(element)
        copy = _without_content(element)
        self._append(copy, None, element, is_tail=False)
        last: HtmlElement | None = None
        is_empty = True
        for child in element:
            if isinstance(child.tag, str) and (made := self._copy(child)) is not None:
                copy.append(made)
                last = made
                is_empty &= made.tag in _WITHOUT_CONTENT
            self._append(copy, last, child, is_tail=True)
        is_cell = element.tag in _CELLS and element.getparent() in self._with_text
        is_kept = element in self._with_text or not is_empty or is_cell or element.tag in _WITHOUT_CONTENT
        return copy if is_kept else None

    def _append(self, copy: HtmlElement, last: HtmlElement | None, element: HtmlElement, *, is_tail: bool) -> None:
        """Append the text of an element to ``copy`` if it belongs to the article.

        - ``last``: the last child of ``copy``; None if it has no child yet.
        - ``is_tail``: whether to append ``element.tail`` instead of ``element.text``.
        """
        is_visible = self._texts.get((element, is_tail))
        if is_visible is None:
            return
        self._seen += is_visible
        text = (element.tail if is_tail else element.text) or ""
        if last is None:
            copy.text = (copy.text or "") + text
        else:
            last.tail = (last.tail or "") + text

    def _copy_medium(self, medium: HtmlElement) -> HtmlElement | None:
        place = Place.BEFORE if not self._seen else Place.AFTER if self._seen == self._count else Place.AMONG
        branch = medium
        while (parent := branch.getparent()) is not None and parent not in self._with_text:
            branch = parent
        if not self._media.is_of_the_article(medium, branch, place):
            return None
        copy = deepcopy(medium)
        copy.tail = None
        etree.strip_elements(copy, "script", "style", with_tail=False)
        return copy


def _without_content(element: HtmlElement) -> HtmlElement:
    name = element.tag if _NAME.fullmatch(str(element.tag)) else "span"
    copy: HtmlElement = element.makeelement(name, {k: v for k, v in element.items() if _NAME.fullmatch(k)})
    return copy
