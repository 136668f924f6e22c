"""How much of a document counts. No feed comes near; what is beyond is cut, and that is told as damage."""

from __future__ import annotations

from dataclasses import replace

from feedarchive.document.model import Document, Entry

MAX_ENTRIES_READ = 10_000
_MAX_NAMES = 1_000
_MAX_ENCLOSURES = 2_000
# Characters, of what is repeated for every entry of a document.
_MAX_TITLE = 1_000
_MAX_URL = 8_192
_MAX_LANGUAGE = 100
_MAX_NAMES_IN_COMMON = 100
_MAX_NAME_IN_COMMON = 200


def within_bounds(document: Document) -> Document:
    """The same document, without what is beyond all bounds."""
    damage = list(document.damage)
    entries = tuple(_entry(entry) for entry in document.entries)
    if cut := sum(new is not old for new, old in zip(entries, document.entries, strict=True)):
        damage.append(f"{cut} entries with more than {_MAX_NAMES:,} authors or tags, or {_MAX_ENCLOSURES:,} files")
    if len(document.title.value) > _MAX_TITLE:
        damage.append(f"a title of {len(document.title.value):,} characters")
    return replace(
        document,
        title=replace(document.title, value=document.title.value[:_MAX_TITLE]),
        # A longer one is none for a browser either.
        home_page=document.home_page if len(document.home_page) <= _MAX_URL else "",
        language=document.language if len(document.language) <= _MAX_LANGUAGE else "",
        entries=entries,
        damage=tuple(damage),
    )


def _entry(entry: Entry) -> Entry:
    if max(len(entry.authors), len(entry.tags)) <= _MAX_NAMES and len(entry.enclosures) <= _MAX_ENCLOSURES:
        return entry
    return replace(
        entry,
        authors=entry.authors[:_MAX_NAMES],
        tags=entry.tags[:_MAX_NAMES],
        enclosures=entry.enclosures[:_MAX_ENCLOSURES],
    )


def names_in_common(names: tuple[str, ...]) -> tuple[str, ...]:
    """The authors of a feed, who are those of each of its entries."""
    return tuple(name[:_MAX_NAME_IN_COMMON] for name in names[:_MAX_NAMES_IN_COMMON])
