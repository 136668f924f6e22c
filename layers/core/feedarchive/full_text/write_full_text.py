"""Write the full text of an article exactly once. It is a companion: a file beside the article's file."""

from __future__ import annotations

from enum import StrEnum
from zoneinfo import ZoneInfo

from feedarchive.archive.claim import ArticleClaim
from feedarchive.archive.claim_protocol import ClaimProtocol
from feedarchive.archive.companion_file import ArchivedCompanions, PendingCompanion, archived_companions
from feedarchive.archive.pending_file import ClaimOutcome
from feedarchive.article.file_names import CompanionKind, claim_name
from feedarchive.article.yaml_format import parse_front_matter
from feedarchive.full_text.full_text_file import FullText, FullTextPlace, render_full_text, wording_of
from feedarchive.identity.fingerprint import fingerprint


class FullTextOutcome(StrEnum):
    """How an attempt to write a full text ended."""

    CREATED = "created"
    ALREADY_ARCHIVED = "already archived"
    """Another run has written the full text meanwhile."""
    UNCHANGED = "unchanged"
    """The newest full text of the article has the same words, so nothing was written."""
    DELETED = "deleted"
    """The article or its full text was deleted, so nothing was written."""
    NO_ARTICLE = "no article"
    """The article's file is missing or damaged."""


def archived_full_texts(claims: ClaimProtocol, article_id: str) -> ArchivedCompanions:
    """Return the full texts that an article has. Call this before the page is requested.

    Do not request the page if ``is_deleted`` is True. If the article has a full text already (``number`` is not 0),
    request the page only if the article was edited after the full text was written.
    """
    return archived_companions(claims, article_id, CompanionKind.FULL_TEXT)


def write_full_text(
    claims: ClaimProtocol,
    time_zone: ZoneInfo,
    version: str,
    text: FullText,
    before: ArchivedCompanions,
    feed: str = "",
) -> FullTextOutcome:
    """Write the text of an article's page, unless the newest full text has the same words or another run was faster.

    - ``version`` is the key of the article version that links to the page.
    - ``before`` is what ``archived_full_texts`` returned before the page was requested.
    - ``feed`` is the id of the article's feed.

    The new full text gets the number ``before.number + 1``. If two runs fetch the page at the same time, both use the
    same number, so only one of them can write. Raises StoreError if storage fails.
    """
    if before.is_deleted:
        return FullTextOutcome.DELETED
    wording = wording_of(text)
    if before.number and wording == before.wording:
        return FullTextOutcome.UNCHANGED
    stored = claims.store.read(version)
    article = parse_front_matter(stored.data.decode("utf-8", "replace")) if stored and stored.is_complete else {}
    article_id = article.get("id")
    if not isinstance(article_id, str):
        return FullTextOutcome.NO_ARTICLE
    place = FullTextPlace(version, before.number + 1, _full_text_key(claims, article_id, before.number))
    pending = PendingCompanion(
        article_id, version, CompanionKind.FULL_TEXT, place.number, feed,
        title=fingerprint(str(article.get("title", ""))),
        wording=wording,
        time_zone=time_zone,
        make=lambda archived: render_full_text(article, place, text, wording, archived),
    )  # fmt: skip
    return _OUTCOMES[claims.write_once(pending).outcome]


def _full_text_key(claims: ClaimProtocol, article_id: str, number: int) -> str:
    claim = claims.read(claim_name(article_id, number, CompanionKind.FULL_TEXT)) if number else None
    return claim.key if isinstance(claim, ArticleClaim) else ""


_OUTCOMES: dict[ClaimOutcome, FullTextOutcome] = {
    ClaimOutcome.CREATED: FullTextOutcome.CREATED,
    ClaimOutcome.ALREADY_ARCHIVED: FullTextOutcome.ALREADY_ARCHIVED,
    ClaimOutcome.DELETED: FullTextOutcome.DELETED,
    ClaimOutcome.OTHER_ARTICLE: FullTextOutcome.NO_ARTICLE,
}
