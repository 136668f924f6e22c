"""Find and hash the XML element of each entry in a feed document.

Most entries of a document were already in it at the previous poll. Recognizing such an entry by the hash of its XML is
much faster than parsing it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container
from dataclasses import dataclass

from lxml import etree

from feedarchive.document.charset_detection import Decoded

_ENTRY_NAMES = {"item", "entry"}
_DOCTYPE = "<!DOCTYPE"
_DECLARATION_END = "?>"
_MAX_NAMESPACES = 50


@dataclass(frozen=True)
class Outline:
    """The entries of an XML feed. ``xml_hashes``: a hash of the XML of each entry, in the order of the document."""

    xml_hashes: tuple[str, ...]
    _root: etree._Element
    _entries: tuple[etree._Element, ...]

    def without(self, xml_hashes: Container[str]) -> str:
        """Remove the entries with these hashes, and return the XML of the rest of the document."""
        for xml_hash, entry in zip(self.xml_hashes, self._entries, strict=True):
            if xml_hash in xml_hashes and (parent := entry.getparent()) is not None:
                parent.remove(entry)
        return etree.tostring(self._root, encoding="unicode")


def outline_of(decoded: Decoded, url: str) -> Outline | None:
    """Find and hash the entries of an XML feed. Returns None if this is not possible."""
    if decoded.bad_bytes or _DOCTYPE in decoded.text:
        return None  # a DOCTYPE may declare entities, which the parser below does not resolve
    text = decoded.text.removeprefix("\ufeff")
    if text.startswith("<?xml"):
        # The XML declaration is removed. It names the encoding of the original bytes, but the text is parsed as UTF-8.
        text = text.partition(_DECLARATION_END)[2]
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=False, strip_cdata=False)
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    xml_hashes: list[str] = []
    entries: list[etree._Element] = []
    for parent in (root, *(child for child in root if _local_name(child) == "channel")):
        if len(parent.nsmap) > _MAX_NAMESPACES:
            return None  # hashing would be slow, because the XML of each entry repeats the namespaces
        context = _context_hash(parent, url)
        below = [element for element in parent if _local_name(element) in _ENTRY_NAMES]
        if below and entries:
            return None  # two elements contain entries, so the order of the entries is uncertain
        xml_hashes += [_xml_hash(entry, context) for entry in below]
        entries += below
    return Outline(tuple(xml_hashes), root, tuple(entries))


def _local_name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _context_hash(parent: etree._Element, url: str) -> bytes:
    """Hash what an entry inherits: the URL of the document, and the attributes of the elements around the entry."""
    digest = hashlib.sha256(url.encode("utf-8", "replace"))
    for ancestor in (parent, *parent.iterancestors()):
        digest.update(repr(sorted(ancestor.items())).encode("utf-8", "replace"))
    return digest.digest()


def _xml_hash(entry: etree._Element, context: bytes) -> str:
    return hashlib.sha256(context + etree.tostring(entry, encoding="utf-8", with_tail=False)).hexdigest()[:20]
