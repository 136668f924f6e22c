"""A feed document as a list of elements, before anybody asks what is in them.

Most of a document has been seen at the poll before. Its entries are recognised by their XML, which costs a
twentieth of reading them, and left out of what is read.
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
    entries = tuple(_entries(root))
    return Outline(tuple(_seal(entry, url) for entry in entries), root, entries)


def _entries(root: etree._Element) -> list[etree._Element]:
    """Where RSS, RDF and Atom have their entries: below the root, or below the channel."""
    found = []
    for child in root:
        name = _name(child)
        if name in _ENTRY_NAMES:
            found.append(child)
        elif name == "channel":
            found += [element for element in child if _name(element) in _ENTRY_NAMES]
    return found


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _seal(entry: etree._Element, url: str) -> str:
    """What surrounds an entry counts as far as it changes what the entry says: addresses its links are relative to."""
    digest = hashlib.sha256(url.encode("utf-8", "replace"))
    for ancestor in entry.iterancestors():
        digest.update(repr(sorted(ancestor.items())).encode("utf-8", "replace"))
    digest.update(etree.tostring(entry, encoding="utf-8", with_tail=False))
    return digest.hexdigest()[:20]
