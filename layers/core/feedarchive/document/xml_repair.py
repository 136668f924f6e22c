"""What is wrong with an XML feed before a parser sees it, and the repairs that lose nothing."""

from __future__ import annotations

import html.entities
import re
from dataclasses import dataclass, field

from feedarchive.document.prolog import without_prolog
from feedarchive.text import remove_forbidden

_ROOT = re.compile(r"<((?:[A-Za-z_][\w.-]*:)?(?:rss|feed|rdf|channel))(?=[\s/>])[^<>]*>?", re.IGNORECASE)
# What is inside them is text, whatever it looks like. One that never ends goes on to the document's end.
_VERBATIM = r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
_NOT_MARKUP = re.compile(_VERBATIM, re.DOTALL)
# Verbatim parts are matched first so that they stay as they are. A "<" that starts no tag, or a tag
# that another "<" interrupts, is text.
_STRAY = re.compile(
    _VERBATIM + r"|<(?![A-Za-z_/!?])|<(?=[A-Za-z_][^<>]*<)"
    r"|&(?P<rest>#\d+;|#[xX][0-9a-fA-F]+;|[A-Za-z][A-Za-z0-9]*;)?",
    re.DOTALL,
)
_VERBATIM_OR_TAG = re.compile(_VERBATIM + "|<", re.DOTALL)
# Starts and ends of elements, several times as many as any feed of 5,000 entries has. feedparser takes 25 µs for each.
_MAX_TAGS = 250_000
_XML_ENTITIES = {"lt;", "gt;", "amp;", "quot;", "apos;"}


@dataclass(frozen=True)
class XmlText:
    """XML ready for a parser: nothing before its root, no forbidden characters.

    ``version`` is what the document type told of it, ``entities`` are those it declared, as characters.
    """

    text: str
    damage: tuple[str, ...]
    cut_off: bool
    version: str = ""
    entities: dict[str, str] = field(default_factory=dict)


def prepare(text: str) -> XmlText:
    """Remove what no XML parser may see, and tell what that was and whether the end is missing."""
    damage = []
    text = text.removeprefix("\ufeff")
    if text[:1].isspace():
        damage.append("white space before its first line")
        text = text.lstrip()
    text, forbidden = remove_forbidden(text)
    if forbidden:
        damage.append("control characters")
    # The characters are decoded already: a declaration could only lead the parser astray.
    text, version, entities = without_prolog(text)
    whole, text = text, first_tags(text, _MAX_TAGS)
    cut_off = text is not whole or _ends_early(text)
    if text is not whole:
        damage.append(f"more than {_MAX_TAGS:,} tags, of which the first were read")
    elif cut_off:
        damage.append("ends before its root element closes")
    return XmlText(text, tuple(damage), cut_off, version, entities)


def first_tags(text: str, most: int) -> str:
    """A text up to its first so many starts and ends of elements; the same text if it has no more."""
    if text.count("<") <= most:
        return text
    tags = 0
    for match in _VERBATIM_OR_TAG.finditer(text):
        tags += len(match.group()) == 1
        if tags > most:
            return text[: match.start()]
    return text


def _ends_early(text: str) -> bool:
    markup = _NOT_MARKUP.sub("", text)
    root = _ROOT.search(markup)
    if not root:
        return False
    closing = re.compile(rf"</{re.escape(root.group(1))}\s*>", re.IGNORECASE)
    return not root.group().endswith("/>") and not closing.search(markup, root.end())


def with_stray_markup_escaped(text: str) -> str:
    """Bare "&" and "<" escaped, and HTML's named entities, which XML lacks, turned into characters."""
    return _STRAY.sub(_repaired, text)


def _repaired(match: re.Match[str]) -> str:
    whole, rest = match.group(), match.group("rest")
    if whole == "<":
        return "&lt;"
    if not whole.startswith("&"):
        return whole
    if rest is None:
        return "&amp;"
    if rest.startswith("#") or rest in _XML_ENTITIES:
        return whole
    character = html.entities.html5.get(rest)
    return f"&amp;{rest}" if character is None or character in "<>&\"'" else character
