"""Write full texts of archived articles, as completing an article does."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from feedarchive.archive.claim_protocol import ClaimProtocol
from feedarchive.archive.companion_file import PendingCompanion
from feedarchive.article.file_names import CompanionKind, companion_kind, version_of
from feedarchive.article.yaml_format import parse_front_matter
from feedarchive.feeds.feed import default_id
from feedarchive.full_text.full_text_file import FullText
from feedarchive.full_text.write_full_text import FullTextOutcome, archived_full_texts, write_full_text
from feedarchive.rfc3339 import format_rfc3339
from feedarchive.store.interface import Store
from tests.harness.clock import Clock
from tests.harness.feed_documents import FEED

PAGE = "https://example.org/page"
EXTRACTOR = "tests 1.0"


def page_text(body: str, canonical: str = "") -> FullText:
    return FullText(body, PAGE, EXTRACTOR, canonical)


def complete(
    store: Store, clock: Clock, version: str, body: str, retention: timedelta | None = None, zone: str = "UTC"
) -> FullTextOutcome:
    """Write the full text of an article, as if its page said ``body``. ``version`` is the key of an article file."""
    claims = ClaimProtocol(store, clock, retention)
    stored = store.read(version)
    assert stored is not None
    article_id = str(parse_front_matter(stored.data.decode())["id"])
    before = archived_full_texts(claims, article_id)
    return write_full_text(claims, ZoneInfo(zone), version, page_text(body), before, default_id(FEED))


def add_media(store: Store, clock: Clock, version: str, zone: str = "UTC") -> str:
    """Write an empty list of pictures for a version of an article. Return the key of the list."""
    stored = store.read(version)
    assert stored is not None
    article_id = str(parse_front_matter(stored.data.decode())["id"])

    def make(archived: datetime) -> bytes:
        facts = {"id": article_id, "of": version, "archived": format_rfc3339(archived), "media": []}
        return (json.dumps(facts) + "\n").encode()

    pending = PendingCompanion(
        article_id, version, CompanionKind.MEDIA, 1, default_id(FEED), "", "", ZoneInfo(zone), make
    )
    return ClaimProtocol(store, clock).write_once(pending).claim.key


def full_texts(store: Store) -> dict[str, str]:
    """Every full text, by key."""
    keys = [key for key in store.list("archive/") if companion_kind(key) is CompanionKind.FULL_TEXT]
    return {key: stored.data.decode() for key in keys if (stored := store.read(key))}


def version_keys(store: Store) -> list[str]:
    """The keys of all versions of all articles."""
    return [key for key in store.list("archive/") if version_of(key)]
