"""Repair an XML feed before it is parsed, and describe its damage."""

from __future__ import annotations

import html.entities
import re
from dataclasses import dataclass, field

from feedarchive.document.doctype_entities import without_prolog
from feedarchive.text import remove_forbidden

_ROOT = re.compile(r"<((?:[A-Za-z_][\w.-]*:)?(?:rss|feed|rdf|channel))(?=[\s/>])[^<>]*>?", re.IGNORECASE)
# Matches a CDATA section or a comment, whose content is text even if it looks like markup. If its end is missing, the
# section or comment reaches to the end of the document.
VERBATIM = r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
_VERBATIM_PART = re.compile(VERBATIM, re.DOTALL)
# Matches "<" and "&" that are text, and also CDATA sections and comments, which stay unchanged. A "<" is text if no tag
# can start there, or if another "<" comes before the next ">".
_STRAY = re.compile(
    VERBATIM + r"|<(?![A-Za-z_/!?])|<(?=[A-Za-z_][^<>]*<)"
    r"|&(?P<rest>#\d+;|#[xX][0-9a-fA-F]+;|[A-Za-z][A-Za-z0-9]*;)?",
    re.DOTALL,
)
_VERBATIM_OR_TAG = re.compile(VERBATIM + "|<", re.DOTALL)
# This limits the time, because feedparser takes 25 µs for each start or end tag. A feed of 5,000 entries has far fewer.
_MAX_TAGS = 250_000
_XML_ENTITIES = {"lt;", "gt;", "amp;", "quot;", "apos;"}


@dataclass(frozen=True)
class XmlText:
    """An XML document without a prolog and without forbidden characters.

    - ``cut_off`` is True if the end of the document is missing.
    - ``version`` is the feed version that the DOCTYPE names, "" if there is none.
    - ``entities`` are the values of the entities that the DOCTYPE declares, by name.
    """

    text: str
    damage: tuple[str, ...]
    cut_off: bool
    version: str = ""
    entities: dict[str, str] = field(default_factory=dict)


def prepare(text: str) -> XmlText:
    """Remove what an XML parser does not accept. ``damage`` of the result says what was wrong."""
    damage = []
    text = text.removeprefix("\ufeff")
    if text[:1].isspace():
        damage.append("white space before the first line")
        text = text.lstrip()
    text, forbidden = remove_forbidden(text)
    if forbidden:
        damage.append("control characters")
    # The prolog declares an encoding, which would mislead the parser, because the text is already decoded.
    text, version, entities = without_prolog(text)
    complete, text = text, first_tags(text, _MAX_TAGS)
    cut_off = text is not complete or _ends_early(text)
    if text is not complete:
        damage.append(f"more than {_MAX_TAGS:,} tags, so only the first part was parsed")
    elif cut_off:
        damage.append("ends before its root element closes")
    return XmlText(text, tuple(damage), cut_off, version, entities)


def first_tags(text: str, count: int) -> str:
    """Return the beginning of a text, with ``count`` tags; the whole text if it does not have more tags."""
    if text.count("<") <= count:
        return text
    tags = 0
    for match in _VERBATIM_OR_TAG.finditer(text):
        tags += len(match.group()) == 1
        if tags > count:
            return text[: match.start()]
    return text


def _ends_early(text: str) -> bool:
    if _surely_ends(text):
        return False
    markup = _VERBATIM_PART.sub("", text)
    root = _ROOT.search(markup)
    if not root:
        return False
    closing = re.compile(rf"</{re.escape(root.group(1))}\s*>", re.IGNORECASE)
    return not root.group().endswith("/>") and not closing.search(markup, root.end())


def _surely_ends(text: str) -> bool:
    """Check quickly whether a document is complete. False means that it may or may not be complete.

    A document is complete if it starts and ends with the tags of its root element, and no CDATA section or comment is
    open at its end.
    """
    root = _ROOT.match(text, len(text) - len(text.lstrip()))
    if not root or not text.rstrip().endswith(f"</{root.group(1)}>"):
        return False
    comment = text.rfind("<!--")
    return text.rfind("<![CDATA[") <= text.rfind("]]>") and (comment < 0 or text.find("-->", comment + 4) >= 0)


def escape_stray_markup(text: str) -> str:
    """Escape stray "&" and "<", and replace the named entities of HTML, which XML does not have, with characters."""
    return _STRAY.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    found, rest = match.group(), match.group("rest")
    if found == "<":
        return "&lt;"
    if not found.startswith("&"):
        return found
    if rest is None:
        return "&amp;"
    if rest.startswith("#") or rest in _XML_ENTITIES:
        return found
    character = html.entities.html5.get(rest)
    return f"&amp;{rest}" if character is None or character in "<>&\"'" else character
