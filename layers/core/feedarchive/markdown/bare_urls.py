"""Link bare URLs in text explicitly where a renderer would take more than the URL into its automatic link.

GitHub links a bare URL up to the next space or "<". Where an escaping backslash, a line break or markup follows, it
would become part of the link.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from feedarchive.markdown.tree import parent_of

_URL = re.compile(
    r"(?i:(?<![\w/@.-])(?:https?://|ftp://|www\.(?=\w))[^\s<>\"'`\\\[\]{}|^*]*[^\s<>\"'`\\\[\]{}|^*.,;:!?)_~])"
)
# What follows a URL without joining it: punctuation that renderers cut off, then a space or the end.
_HARMLESS = re.compile(r"[.,;:!?)'\"]*(?=\s|$)")
_SKIPPED = frozenset("a pre code kbd samp tt formula".split())
_INLINE_AFTER = frozenset("br b strong i em var del s strike code kbd samp tt a img formula".split())


def link_bare_urls(root: HtmlElement) -> None:
    """Wrap bare URLs that something could join in ``<a>``."""
    for element in list(root.iter()):
        if (text := element.text) and _may_have_url(text) and not _is_skipped(element):
            _link(text, None, element, element[0] if len(element) else None)
        if (
            (tail := element.tail)
            and _may_have_url(tail)
            and element is not root
            and not _is_skipped(parent_of(element))
        ):
            _link(tail, element, parent_of(element), element.getnext())


def _may_have_url(text: str) -> bool:
    return "://" in text or "www." in text or "WWW." in text


def _is_skipped(element: HtmlElement) -> bool:
    return element.tag in _SKIPPED or any(ancestor.tag in _SKIPPED for ancestor in element.iterancestors())


def _link(text: str, before: HtmlElement | None, parent: HtmlElement, after: HtmlElement | None) -> None:
    """Wrap the URLs in one text. ``before`` is the element that the text is the tail of, ``after`` the one after it."""
    pieces: list[tuple[str, str]] = []  # (text before a URL, the URL)
    end = 0
    for url in _URL.finditer(text):
        harmless = _HARMLESS.match(text, url.end())
        at_end = harmless is not None and harmless.end() == len(text)
        joined = at_end and after is not None and after.tag in _INLINE_AFTER
        if harmless is None or joined:
            pieces.append((text[end : url.start()], url.group()))
            end = url.end()
    if not pieces:
        return
    last = before
    for leading, found in pieces:
        link = parent.makeelement("a")
        link.set("href", found if "://" in found else f"http://{found}")
        link.text = found
        if last is None:
            parent.text = leading
            parent.insert(0, link)
        else:
            last.tail = None
            last.addnext(link)
            last.tail = leading
        last = link
    assert last is not None
    last.tail = text[end:]
