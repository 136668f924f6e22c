"""Compare the words of an entry's HTML with those of its rendered Markdown."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

import lxml.html
from markdown_it import MarkdownIt

_INVISIBLE = ("script", "style", "template", "iframe")
_BLOCKS = frozenset(
    "p div br li ul ol tr td th table h1 h2 h3 h4 h5 h6 blockquote pre hr dd dt dl section article figure img "
    "figcaption header footer aside nav option address main details summary caption iframe video audio".split()
)
_RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


@dataclass(frozen=True)
class Kept:
    """``words`` in the source, and those ``missing`` in the Markdown. ``share`` is 1.0 if none is missing."""

    words: int
    missing: tuple[str, ...]

    @property
    def share(self) -> float:
        return 1.0 - len(self.missing) / self.words if self.words else 1.0


def words_kept(source_html: str, markdown: str) -> Kept:
    """Compare the words of HTML with those of its Markdown, in order."""
    source, rendered = words_of_html(source_html), words_of_html(_RENDERER.render(markdown))
    missing: list[str] = []
    for tag, start, end, _, _ in SequenceMatcher(None, source, rendered, autojunk=False).get_opcodes():
        if tag in ("replace", "delete"):
            missing += source[start:end]
    return Kept(len(source), tuple(missing))


def words_of_html(html: str) -> list[str]:
    """The words a browser displays, with a different parser from the program's."""
    if not html.strip():
        return []
    root = lxml.html.fragment_fromstring(html, create_parent="div", parser=lxml.html.HTMLParser(huge_tree=True))
    text = unicodedata.normalize("NFKC", "".join(_texts(root))).replace("\u2060", "")
    return re.findall(r"\w+", text)


def _texts(root: lxml.html.HtmlElement) -> list[str]:
    texts: list[str] = []
    stack: list[tuple[lxml.html.HtmlElement, bool]] = [(root, False)]
    while stack:
        element, closing = stack.pop()
        block = element.tag in _BLOCKS
        if closing:
            texts += [" " if block else "", element.tail or ""]
            continue
        stack.append((element, True))
        if isinstance(element.tag, str) and element.tag not in _INVISIBLE:
            texts += [" " if block else "", element.text or ""]
            stack += [(child, False) for child in reversed(element)]
    return texts
