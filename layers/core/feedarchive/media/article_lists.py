"""Read an article's lists of media, its text and its full text. They name its pictures and enclosures."""

from __future__ import annotations

from collections.abc import Iterator

from feedarchive.archive.claim import ArticleClaim
from feedarchive.archive.claim_protocol import ClaimProtocol
from feedarchive.article.file_names import CompanionKind, claim_name
from feedarchive.json_values import DamagedJSON
from feedarchive.media.media_list import MediaList, parse_media_list
from feedarchive.store.interface import Store


def media_lists(claims: ClaimProtocol, article_id: str) -> list[MediaList]:
    """The lists of media of an article, the oldest first. Missing and damaged lists are left out."""
    keys = _keys(claims, article_id, CompanionKind.MEDIA)
    return [found for key in keys if (found := read_media_list(claims.store, key))]


def read_media_list(store: Store, key: str) -> MediaList | None:
    """A list of media; None if it is missing or damaged."""
    stored = store.read(key)
    try:
        return parse_media_list(stored.data) if stored else None
    except DamagedJSON:
        return None


def texts_of_article(claims: ClaimProtocol, article_id: str, version: str) -> list[bytes]:
    """The contents of two files: the file with the key ``version`` and the newest full text of the article.

    The result has fewer items if a file is missing or truncated.
    """
    full_texts = [*_keys(claims, article_id, CompanionKind.FULL_TEXT)]
    found = (claims.store.read(key) for key in (version, *full_texts[-1:]))
    return [stored.data for stored in found if stored and stored.is_complete]


def _keys(claims: ClaimProtocol, article_id: str, kind: CompanionKind) -> Iterator[str]:
    number = 1
    while isinstance(claim := claims.read(claim_name(article_id, number, kind)), ArticleClaim):
        yield claim.key
        number += 1
