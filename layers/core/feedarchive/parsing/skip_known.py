"""A document without the entries that were read before: the same outcome as reading all of it, for less."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from feedarchive.document.model import Document, NotAFeed
from feedarchive.document.parse_document import parse_document
from feedarchive.identity.article_id import Identity
from feedarchive.parsing.document_entries import MAX_ENTRIES, DocumentEntry, document_entries
from feedarchive.parsing.model import ParseRequest
from feedarchive.parsing.xml_entries import UTF_8, outline_of


@dataclass(frozen=True)
class Parsed:
    """A document's entries, but for those that are known by their bytes: of these there are the marks.

    ``seals`` is what the next poll is to know: each entry's mark and hashed names, by the seal of its bytes.
    """

    document: Document
    shown: Sequence[DocumentEntry]
    known: tuple[str, ...] = ()
    seals: Mapping[str, str] = field(default_factory=dict)


def parsed(request: ParseRequest) -> Parsed | NotAFeed:
    """Parse what has to be parsed of a document."""
    return _parsed_shortened(request) or _parsed_whole(request)


def _parsed_whole(request: ParseRequest) -> Parsed | NotAFeed:
    document = parse_document(request.body, request.url, request.content_type)
    if isinstance(document, NotAFeed):
        return document
    shown = document_entries(document, request.feed)
    outline = outline_of(request.body, request.url, request.content_type) if _is_sound(document) else None
    sealed = outline is not None and len(outline.seals) == len(shown)
    return Parsed(document, shown, seals=_sealed(outline.seals, shown) if outline and sealed else {})


def _parsed_shortened(request: ParseRequest) -> Parsed | None:
    """None where the entries left out might have a say in what the others are."""
    before = {seal: line for seal, line in request.seals.items() if line.split()[0] in request.known}
    outline = outline_of(request.body, request.url, request.content_type) if before else None
    if outline is None or len(outline.seals) > MAX_ENTRIES or len(set(outline.seals)) < len(outline.seals):
        return None
    left_out = {seal: before[seal] for seal in outline.seals if seal in before}
    fresh = [seal for seal in outline.seals if seal not in before]
    document = parse_document(outline.without(left_out), request.url, UTF_8) if left_out else None
    if not isinstance(document, Document) or not _is_sound(document) or len(document.entries) != len(fresh):
        return None
    shown = document_entries(document, request.feed)
    marks = [line.split()[0] for line in left_out.values()]
    if _meet(shown, left_out) or len({*marks, *(each.mark for each in shown)}) < len(marks) + len(shown):
        return None
    return Parsed(document, shown, tuple(reversed(marks)), {**left_out, **_sealed(fresh, shown)})


def _is_sound(document: Document) -> bool:
    return document.intact and not document.damage and not document.cut_off


def _meet(shown: Sequence[DocumentEntry], left_out: Mapping[str, str]) -> bool:
    """Has an entry no name, or one that an entry left out has too? Identity then depends on both."""
    taken = {name for line in left_out.values() for name in line.split()[1:]}
    return any(not each.identity.names or not taken.isdisjoint(_hashed(each.identity)) for each in shown)


def _sealed(seals: Sequence[str], shown: Sequence[DocumentEntry]) -> dict[str, str]:
    return {
        seal: " ".join((each.mark, *_hashed(each.identity))) for seal, each in zip(seals, shown, strict=True)
    }  # fmt: skip


def _hashed(identity: Identity) -> Iterator[str]:
    for name in identity.names:
        yield hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:16]
