"""Parse a feed document, but skip the entries that were parsed before.

The result for the new entries is the same as if all entries were parsed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from feedarchive.document.charset_detection import Decoded, decode
from feedarchive.document.model import Document, NotAFeed
from feedarchive.document.parse_document import parse_decoded
from feedarchive.identity.article_id import Identity
from feedarchive.parsing.document_entries import MAX_ENTRIES, DocumentEntry, document_entries
from feedarchive.parsing.known_entry import KnownEntry
from feedarchive.parsing.model import ParseRequest
from feedarchive.parsing.xml_outline import Outline, outline_of


@dataclass(frozen=True)
class ParsedEntries:
    """The result of parsing a document.

    - ``entries`` are the entries that were parsed.
    - ``known`` are the entry hashes of the skipped entries.
    - ``entries_by_xml``: see ParsedDocument.
    """

    document: Document
    entries: Sequence[DocumentEntry]
    known: tuple[str, ...] = ()
    entries_by_xml: Mapping[str, KnownEntry] = field(default_factory=dict)


def parse_entries(request: ParseRequest) -> ParsedEntries | NotAFeed:
    """Parse a document. Entries that were parsed before are skipped, unless new entries may depend on them."""
    decoded = decode(request.body, request.content_type)
    is_xml = request.body.lstrip()[:1] == b"<"
    known = {xml_hash: each for xml_hash, each in request.entries_by_xml.items() if each.entry_hash in request.known}
    xml_hashes: tuple[str, ...] = ()
    if known and is_xml and (outline := outline_of(decoded, request.url)):
        xml_hashes = outline.xml_hashes
        if parsed := _parse_without(known, outline, request):
            return parsed
        del outline  # frees memory before the whole document is parsed
    document = parse_decoded(decoded, request.url)
    if isinstance(document, NotAFeed):
        return document
    entries = document_entries(document, request.feed)
    if is_xml and not xml_hashes and _is_sound(document) and (outline := outline_of(decoded, request.url)):
        xml_hashes = outline.xml_hashes
    all_have_hashes = _is_sound(document) and len(xml_hashes) == len(entries)
    return ParsedEntries(document, entries, entries_by_xml=_by_xml(xml_hashes, entries) if all_have_hashes else {})


def _parse_without(known: Mapping[str, KnownEntry], outline: Outline, request: ParseRequest) -> ParsedEntries | None:
    """Parse the document without its known entries.

    Returns None if no entry is known, or if the result for a new entry may depend on a known entry.
    """
    xml_hashes = outline.xml_hashes
    if len(xml_hashes) > MAX_ENTRIES or len(set(xml_hashes)) < len(xml_hashes):
        return None
    skipped = {xml_hash: known[xml_hash] for xml_hash in xml_hashes if xml_hash in known}
    new = [xml_hash for xml_hash in xml_hashes if xml_hash not in known]
    if not skipped:
        return None
    document = parse_decoded(Decoded(outline.without(skipped), "utf-8"), request.url)
    if isinstance(document, NotAFeed) or not _is_sound(document) or len(document.entries) != len(new):
        return None
    entries = document_entries(document, request.feed)
    hashes = [each.entry_hash for each in skipped.values()]
    if len({*hashes, *(each.entry_hash for each in entries)}) < len(hashes) + len(entries):
        return None
    if _depend_on(skipped, entries):
        return None
    return ParsedEntries(document, entries, tuple(reversed(hashes)), {**skipped, **_by_xml(new, entries)})


def _is_sound(document: Document) -> bool:
    return document.intact and not document.damage and not document.cut_off


def _depend_on(skipped: Mapping[str, KnownEntry], entries: Sequence[DocumentEntry]) -> bool:
    """Check whether the identity of one of ``entries`` may depend on a skipped entry.

    It may if the entry has neither a GUID nor a link, or has the same GUID or link as the skipped entry.
    """
    taken = {name_hash for known in skipped.values() for name_hash in known.name_hashes}
    return any(not each.identity.names or not taken.isdisjoint(_name_hashes(each.identity)) for each in entries)


def _by_xml(xml_hashes: Sequence[str], entries: Sequence[DocumentEntry]) -> dict[str, KnownEntry]:
    return {
        xml_hash: KnownEntry(each.entry_hash, _name_hashes(each.identity))
        for xml_hash, each in zip(xml_hashes, entries, strict=True)
    }


def _name_hashes(identity: Identity) -> tuple[str, ...]:
    return tuple(hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:16] for name in identity.names)
