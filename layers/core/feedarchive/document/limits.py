"""Limit how many authors, tags and enclosures a feed document has, and how long its texts are.

No real feed reaches the limits.
"""

from __future__ import annotations

from dataclasses import replace

from feedarchive.document.model import Document, Entry

MAX_ENTRIES_PARSED = 10_000
_MAX_NAMES = 1_000
_MAX_ENCLOSURES = 2_000
# Limits in characters for the feed's own title, links and authors. They are low, because articles repeat these texts.
_MAX_TITLE = 1_000
_MAX_URL = 8_192
_MAX_LANGUAGE = 100
_MAX_FEED_AUTHORS = 100
_MAX_FEED_AUTHOR = 200


def within_limits(document: Document) -> Document:
    """Leave out what exceeds the limits. ``damage`` of the result says what was left out."""
    damage = list(document.damage)
    entries = tuple(_within_limits(entry) for entry in document.entries)
    if count := sum(new is not old for new, old in zip(entries, document.entries, strict=True)):
        entries_have = "entry with" if count == 1 else "entries with"
        too_many = f"more than {_MAX_NAMES:,} authors or tags, or more than {_MAX_ENCLOSURES:,} enclosures"
        damage.append(f"{count} {entries_have} {too_many}")
    if len(document.title.value) > _MAX_TITLE:
        damage.append(f"a feed title of {len(document.title.value):,} characters")
    return replace(
        document,
        title=replace(document.title, value=document.title.value[:_MAX_TITLE]),
        home_page=document.home_page if len(document.home_page) <= _MAX_URL else "",
        language=document.language if len(document.language) <= _MAX_LANGUAGE else "",
        entries=entries,
        damage=tuple(damage),
    )


def _within_limits(entry: Entry) -> Entry:
    if max(len(entry.authors), len(entry.tags)) <= _MAX_NAMES and len(entry.enclosures) <= _MAX_ENCLOSURES:
        return entry
    return replace(
        entry,
        authors=entry.authors[:_MAX_NAMES],
        tags=entry.tags[:_MAX_NAMES],
        enclosures=entry.enclosures[:_MAX_ENCLOSURES],
    )


def limit_feed_authors(names: tuple[str, ...]) -> tuple[str, ...]:
    """Limit the number and length of a feed's authors, because every entry without authors repeats them."""
    return tuple(name[:_MAX_FEED_AUTHOR] for name in names[:_MAX_FEED_AUTHORS])
