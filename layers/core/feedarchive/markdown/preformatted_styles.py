"""Keep the line ends in elements whose style preserves them, such as ``<div style="white-space: pre-wrap">``."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from feedarchive.markdown.tree import parent_of

_PREFORMATTED = re.compile(
    r"white-space\s*:\s*(?:pre|pre-wrap|pre-line|break-spaces)\s*(?:!important\s*)?(?:;|$)", re.I
)


def write_preformatted_lines(root: HtmlElement) -> None:
    """Write ``<br>`` instead of each line end in the elements whose style preserves line ends."""
    for outer in list(root.iter("div", "p", "span", "section", "li", "td", "blockquote")):
        if not _PREFORMATTED.search(outer.get("style") or "") or any(outer.iterancestors("pre")):
            continue
        outer.attrib.pop("style", None)
        for element in list(outer.iter()):
            if element.tag == "pre" or any(ancestor.tag == "pre" for ancestor in element.iterancestors()):
                continue
            if element.text and "\n" in element.text:
                _split(element, element.text, None)
            if element is not outer and element.tail and "\n" in element.tail:
                _split(parent_of(element), element.tail, element)


def _split(parent: HtmlElement, text: str, before: HtmlElement | None) -> None:
    """Replace the line ends in ``text`` with ``<br>``.

    ``text`` is the tail of ``before``, which is a child of ``parent``. If ``before`` is None, ``text`` is the text at
    the start of ``parent``.
    """
    first, *lines = text.split("\n")
    if before is None:
        parent.text = first
    else:
        before.tail = first
    for line in reversed(lines):
        line_break = parent.makeelement("br")
        line_break.tail = line
        if before is None:
            parent.insert(0, line_break)
        else:
            tail, before.tail = before.tail, None
            before.addnext(line_break)
            before.tail = tail
