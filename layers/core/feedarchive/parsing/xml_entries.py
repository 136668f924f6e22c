"""A feed document as a list of elements, before anybody asks what is in them.

Most of a document has been seen at the poll before. Its entries are recognised by their XML, which costs a
fraction of reading them, and left out of what is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container
from dataclasses import dataclass

from lxml import etree

from feedarchive.document.charset import decode

UTF_8 = "application/xml; charset=utf-8"
"""The content type of what :meth:`Outline.without` returns."""

_ENTRY_NAMES = {"item", "entry"}
# Entities are declared there; what they stand for is feedparser's business.
_DOCTYPE = "<!DOCTYPE"
_DECLARATION_END = "?>"
_MAX_NAMESPACES = 50


@dataclass(frozen=True)
class Outline:
    """``seals`` has a short hash for each entry, in the document's order: of its XML, and of what it is relative to."""

    seals: tuple[str, ...]
    _root: etree._Element
    _entries: tuple[etree._Element, ...]

    def without(self, seals: Container[str]) -> bytes:
        """The document without these entries, as UTF-8. Good for one call: the elements are gone afterwards."""
        for seal, entry in zip(self.seals, self._entries, strict=True):
            if seal in seals and (parent := entry.getparent()) is not None:
                parent.remove(entry)
        return etree.tostring(self._root, encoding="utf-8")


def outline_of(body: bytes, url: str, content_type: str) -> Outline | None:
    """The outline of a document that is an XML feed without a fault; None for all others."""
    if body.lstrip()[:1] != b"<":
        return None
    decoded = decode(body, content_type)
    if decoded.bad_bytes or _DOCTYPE in decoded.text:
        return None
    text = decoded.text.removeprefix("\ufeff")
    if text.startswith("<?xml"):
        text = text.partition(_DECLARATION_END)[2]  # it names the encoding of bytes that are no more
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=False, strip_cdata=False)
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    seals: list[str] = []
    entries: list[etree._Element] = []
    for parent in (root, *(child for child in root if _name(child) == "channel")):
        if len(parent.nsmap) > _MAX_NAMESPACES:
            return None  # each entry would be written with all of them
        around = _surroundings(parent, url)
        below = [element for element in parent if _name(element) in _ENTRY_NAMES]
        if below and entries:
            return None  # entries in two places: no feed is like that, and their order would be a guess
        seals += [_seal(entry, around) for entry in below]
        entries += below
    return Outline(tuple(seals), root, tuple(entries))


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _surroundings(parent: etree._Element, url: str) -> bytes:
    """What is around entries counts as far as it changes what they say: addresses their links are relative to."""
    digest = hashlib.sha256(url.encode("utf-8", "replace"))
    for ancestor in (parent, *parent.iterancestors()):
        digest.update(repr(sorted(ancestor.items())).encode("utf-8", "replace"))
    return digest.digest()


def _seal(entry: etree._Element, around: bytes) -> str:
    return hashlib.sha256(around + etree.tostring(entry, encoding="utf-8", with_tail=False)).hexdigest()[:20]
