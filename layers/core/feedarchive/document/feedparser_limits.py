"""feedparser's parser classes, changed where a small document keeps them busy for minutes.

Where feedparser looks through all it has for each thing that comes, this looks once, or stops at a number that no feed
reaches. Measured in tests/hostile. What it does for every element of every feed is done for less (`make bench`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any
from xml.sax.xmlreader import AttributesNSImpl

import feedparser.mixin

_MAX_NAMESPACES = 200
# Characters: of a base that elements inherit, in all; of a language.
_MAX_BASE = 2_000
_MAX_LANGUAGE = 100
# feedparser looks for an e-mail address in an author by an expression that needs the square of the text's length.
_MAX_WITH_ADDRESS = 100
_FEW_ATTRIBUTES = 10

# Every element asks for its base, and nearly all have the same.
feedparser.mixin.make_safe_absolute_uri = lru_cache(maxsize=64)(feedparser.mixin.make_safe_absolute_uri)
_C1_CONTROLS = re.compile("[\x80-\x9f]")


class _Decoded(str):
    """A text in which feedparser looks at every character for those of Windows-1252: as a rule there are none."""

    __slots__ = ()

    def translate(self, table: Any) -> str:
        return super().translate(table) if _C1_CONTROLS.search(self) else str(self)


class Bounded:
    """feedparser's handlers within bounds. What goes beyond them is not read; the rest of the document is."""

    def push_content(self: Any, tag: str, attributes: dict[str, str], kind: str, expecting_text: int) -> None:
        super().push_content(tag, attributes, kind, expecting_text)  # type: ignore[misc]
        # These are asked for several times for each element, which takes a dict of feedparser's own ten times as long.
        self.contentparams = dict(self.contentparams)

    def unknown_starttag(self: Any, tag: str, attributes: list[tuple[str, str]]) -> None:
        if any(len(value) > _MAX_LANGUAGE for _, value in attributes):
            room = max(_MAX_BASE - len(self.baseuri), 0)
            attributes = [(name, value) for name, value in attributes if len(value) <= _most(name.lower(), room)]
        elif len(self.baseuri) > _MAX_BASE:
            attributes = [(name, value) for name, value in attributes if name.lower() not in ("xml:base", "base")]
        super().unknown_starttag(tag, attributes)  # type: ignore[misc]

    def track_namespace(self: Any, prefix: str | None, uri: str) -> None:
        if len(self.namespaces_in_use) < _MAX_NAMESPACES:
            super().track_namespace(prefix, uri)  # type: ignore[misc]

    def _add_tag(self: Any, term: str | None, scheme: str | None, label: str | None) -> None:
        # Not compared with all the others, as feedparser does: a tag that comes twice counts once later.
        tags = self._get_context().setdefault("tags", [])
        if term or scheme or label:
            tags.append({"term": term, "scheme": scheme, "label": label})

    def _sync_author_detail(self: Any, key: str = "author") -> None:
        context = self._get_context()
        written, people = context.get(key), context.get(f"{key}s")
        if not isinstance(written, str) or len(written) <= _MAX_WITH_ADDRESS:
            super()._sync_author_detail(key)  # type: ignore[misc]
        elif people and not people[-1]:
            people[-1]["name"] = written

    # feedparser tries eight forms of dates on each of them; document/dates.py reads them as they are written.
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


def _most(name: str, room: int) -> int | float:
    if name in ("xml:base", "base"):
        return room
    return _MAX_LANGUAGE if name in ("xml:lang", "lang") else float("inf")


class BoundedStrictly(Bounded):
    """The same for the strict parser, which gets its attributes from Python's SAX."""

    def __init__(self: Any, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.contentparams = {}
        self._waiting: list[str] = []

    @staticmethod
    def decode_entities(element: str, data: str) -> str:
        return _Decoded(data)  # the last that is asked before feedparser's look at all characters

    def characters(self: Any, text: str) -> None:
        # A text comes in pieces, one for each "&lt;" in it.
        self._waiting.append(text)

    def _end_text(self: Any) -> None:
        if self._waiting:
            self.handle_data("".join(self._waiting))
            self._waiting.clear()

    def startElementNS(self: Any, name: Any, qname: Any, attributes: AttributesNSImpl) -> None:  # noqa: N802
        self._end_text()
        found = _ByName(attributes) if len(attributes) > _FEW_ATTRIBUTES else attributes
        super().startElementNS(name, qname, found)  # type: ignore[misc]

    def endElementNS(self: Any, name: Any, qname: Any) -> None:  # noqa: N802
        self._end_text()
        super().endElementNS(name, qname)  # type: ignore[misc]


class _ByName:
    """Attributes that are found by their names at once: Python's own look through all of them for each."""

    def __init__(self, attributes: AttributesNSImpl) -> None:
        self.items = attributes.items
        self._values = {attributes.getQNameByName(name): value for name, value in attributes.items()}

    def getQNames(self) -> list[str]:  # noqa: N802
        return list(self._values)

    def getValueByQName(self, name: str) -> str:  # noqa: N802
        return self._values[name]
