"""Replace methods of feedparser's parser classes that can take minutes for a small document.

For each new element, these methods search everything that was collected so far. The replacements search once, or stop
at a limit that no real feed reaches.

Other replacements only save time. Their comments say how much time each one saves for an average feed document, which
is parsed in 7 ms.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any
from xml.sax.xmlreader import AttributesNSImpl

import feedparser.mixin

_MAX_NAMESPACES = 200
_MAX_BASE_CHARS = 2_000
_MAX_LANGUAGE_CHARS = 100
# In longer texts, no e-mail address is searched, because feedparser's search takes quadratic time.
_MAX_AUTHOR_CHARS = 100
_EMAIL = re.compile(r"(?:mailto:)?([\w.+%-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24})(?:\?subject=\S+)?", re.ASCII)
_FEW_ATTRIBUTES = 10

# feedparser resolves the same base URL again for each element. A cache saves 1.4 ms for each document.
feedparser.mixin.make_safe_absolute_uri = lru_cache(maxsize=64)(feedparser.mixin.make_safe_absolute_uri)
_C1_CONTROLS = re.compile("[\x80-\x9f]")


class _TranslatedIfNeeded(str):
    """A text with a faster ``translate``, which feedparser calls on every text to replace control characters.

    Most texts have no control characters, and searching for them is faster than ``translate``. This saves 1 ms for each
    document.
    """

    __slots__ = ()

    def translate(self, table: Any) -> str:
        return super().translate(table) if _C1_CONTROLS.search(self) else str(self)


class LimitedHandlers:
    """Handlers that leave out what exceeds a limit, and then continue with the document."""

    def push_content(self: Any, tag: str, attributes: dict[str, str], content_type: str, expecting_text: int) -> None:
        super().push_content(tag, attributes, content_type, expecting_text)  # type: ignore[misc]
        # contentparams is read for every tag. A plain dict is faster than feedparser's class. This saves 0.8 ms for
        # each document.
        self.contentparams = dict(self.contentparams)

    def unknown_starttag(self: Any, tag: str, attributes: list[tuple[str, str]]) -> None:
        if any(len(value) > _MAX_LANGUAGE_CHARS for _, value in attributes):
            room = max(_MAX_BASE_CHARS - len(self.baseuri), 0)
            attributes = [(name, value) for name, value in attributes if len(value) <= _max_length(name.lower(), room)]
        elif len(self.baseuri) > _MAX_BASE_CHARS:
            attributes = [(name, value) for name, value in attributes if name.lower() not in ("xml:base", "base")]
        super().unknown_starttag(tag, attributes)  # type: ignore[misc]

    def track_namespace(self: Any, prefix: str | None, uri: str) -> None:
        if len(self.namespaces_in_use) < _MAX_NAMESPACES:
            super().track_namespace(prefix, uri)  # type: ignore[misc]

    def _add_tag(self: Any, term: str | None, scheme: str | None, label: str | None) -> None:
        # feedparser's own method takes quadratic time to find duplicates. xml_feed.py removes them later.
        tags = self._get_context().setdefault("tags", [])
        if term or scheme or label:
            tags.append({"term": term, "scheme": scheme, "label": label})

    def _sync_author_detail(self: Any, key: str = "author") -> None:
        # feedparser's own method would keep "mailto:" and cut the end of a domain such as ".museum" after four letters.
        context = self._get_context()
        author, people = context.get(key), context.get(f"{key}s")
        if isinstance(author, str) and people and not people[-1]:
            people[-1].update(_person(author))
        elif not isinstance(author, str) or len(author) <= _MAX_AUTHOR_CHARS:
            super()._sync_author_detail(key)  # type: ignore[misc]

    # Dates stay text: dates.py parses them later, so parsing them here would only take time.
    def _end_published(self: Any) -> None:
        self.pop("published")

    _end_issued = _end_pubdate = _end_published

    def _end_updated(self: Any) -> None:
        self.pop("updated")

    _end_modified = _end_lastbuilddate = _end_updated

    def _end_created(self: Any) -> None:
        self.pop("created")

    def _end_expirationdate(self: Any) -> None:
        self.pop("expired")

    def _end_dcterms_valid(self: Any) -> None:
        self.pop("validity")


def _person(author: str) -> dict[str, str]:
    """Find the name and the e-mail address in a text such as "ann@example.org (Ann)" or "Ann <ann@example.org>".

    Return a dict with the keys "name" and "email". A key is missing if its value was not found.
    """
    if len(author) > _MAX_AUTHOR_CHARS or not (found := _EMAIL.search(author)):
        return {"name": author} if author else {}
    name = author.replace(found.group(), "")
    for empty in ("()", "<>", "&lt;&gt;"):
        name = name.replace(empty, "")
    name = name.strip()
    if name.startswith("("):
        name = name[1:]
    if name.endswith(")"):
        name = name[:-1]
    return {key: value for key, value in (("name", name.strip()), ("email", found.group(1))) if value}


def _max_length(name: str, room: int) -> int | float:
    if name in ("xml:base", "base"):
        return room
    return _MAX_LANGUAGE_CHARS if name in ("xml:lang", "lang") else float("inf")


class LimitedStrictHandlers(LimitedHandlers):
    """The handlers for the strict parser, with faster versions of methods that Python's SAX reader calls."""

    def __init__(self: Any, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.contentparams = {}
        self._pieces: list[str] = []

    @staticmethod
    def decode_entities(element: str, data: str) -> str:
        return _TranslatedIfNeeded(data)

    def characters(self: Any, text: str) -> None:
        # The SAX reader passes a text in several pieces. Joining the pieces first saves 0.2 ms for each document.
        self._pieces.append(text)

    def _end_text(self: Any) -> None:
        if self._pieces:
            self.handle_data("".join(self._pieces))
            self._pieces.clear()

    def startElementNS(self: Any, name: Any, qname: Any, attributes: AttributesNSImpl) -> None:  # noqa: N802
        self._end_text()
        indexed = _IndexedAttributes(attributes) if len(attributes) > _FEW_ATTRIBUTES else attributes
        super().startElementNS(name, qname, indexed)  # type: ignore[misc]

    def endElementNS(self: Any, name: Any, qname: Any) -> None:  # noqa: N802
        self._end_text()
        super().endElementNS(name, qname)  # type: ignore[misc]


class _IndexedAttributes:
    """The attributes of an element, in a dict. Python's own class searches all attributes for each name."""

    def __init__(self, attributes: AttributesNSImpl) -> None:
        self.items = attributes.items
        self._values = {attributes.getQNameByName(name): value for name, value in attributes.items()}

    def getQNames(self) -> list[str]:  # noqa: N802
        return list(self._values)

    def getValueByQName(self, name: str) -> str:  # noqa: N802
        return self._values[name]
