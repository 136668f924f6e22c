"""Archive one entry exactly once: find the id of its article, create the article's claim, and write its file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from feedarchive.archive.article_lookup import ArticleLookup, FoundArticle
from feedarchive.archive.claim import ArticleClaim
from feedarchive.archive.claim_protocol import ClaimProtocol
from feedarchive.archive.pending_file import ClaimOutcome
from feedarchive.article.article import Article
from feedarchive.article.file_names import article_key
from feedarchive.article.front_matter import render
from feedarchive.identity.same_article import is_url_reused
from feedarchive.parsing.model import Candidate
from feedarchive.store.interface import Store
from feedarchive.store.probe_conditional_writes import check_daily


@dataclass(frozen=True)
class ArchivedEntry:
    """The result for one entry: what was done, the id of its article, and the article's claim."""

    outcome: ClaimOutcome
    id: str
    claim: ArticleClaim


@dataclass(frozen=True)
class Archiver:
    """Writes articles into one archive.

    - ``retention``: how long files are kept; None for forever.
    - ``deadline``: when the run must end; None for no limit. Callers check ``is_out_of_time`` before each entry.
    """

    store: Store
    time_zone: ZoneInfo
    clock: Callable[[], datetime]
    retention: timedelta | None = None
    deadline: datetime | None = None

    def is_out_of_time(self) -> bool:
        return self.deadline is not None and self.clock() > self.deadline

    @cached_property
    def claims(self) -> ClaimProtocol:
        check_daily(self.store, self.clock())
        return ClaimProtocol(self.store, self.clock, self.retention)

    def archive(self, candidate: Candidate, same_words: str = "") -> ArchivedEntry:
        """Write a candidate's article, unless it is already in the archive or was deleted from it.

        ``same_words``: the id of an article with the same words that is no longer in the feed; "" if there is none. If
        the title and date are the same too, the candidate is this article at a new URL.

        Raises StoreError if the archive cannot be read or written. What was written before the error stays valid.
        """
        lookup = ArticleLookup(self.claims)
        candidate = lookup.with_archived_identity(candidate)
        found = lookup.find(candidate)
        if same_words and not found.is_decided and lookup.move(candidate, same_words):
            found = FoundArticle(same_words, is_decided=True)
        archived = self._write(candidate, found.id, check_url_reuse=not found.is_decided)
        if archived.outcome is not ClaimOutcome.OTHER_ARTICLE:
            return archived
        reused_id = candidate.identity.reused_id
        lookup.rebind_guid(candidate, reused_id)
        return self._write(candidate, reused_id, check_url_reuse=False)

    def _write(self, candidate: Candidate, article_id: str, check_url_reuse: bool) -> ArchivedEntry:
        result = self.claims.write_once(_FirstVersion(candidate, article_id, self.time_zone, check_url_reuse))
        return ArchivedEntry(result.outcome, result.name, result.claim)


def name_of(article: Article) -> str:
    """Return the text from which an article's file name is made: its title, or its description if it has no title."""
    return article.title or article.description


@dataclass(frozen=True)
class _FirstVersion:
    """The file of an article's first version.

    - ``name``: the article's id, which is also the name of its claim.
    - ``check_url_reuse``: whether an existing claim of this name may belong to another article with the same URL.
    - ``is_from_claim``: whether the id was found in the claim of the article's GUID.
    """

    candidate: Candidate
    name: str
    time_zone: ZoneInfo
    check_url_reuse: bool
    first_version: str = ""
    is_from_claim: bool = False

    def new_claim(self, now: datetime) -> ArticleClaim:
        article, identity = self.candidate.article, self.candidate.identity
        return ArticleClaim(
            key=article_key(now, self.time_zone, self.candidate.folder, name_of(article), self.name),
            time=now,
            feed=self.candidate.feed_id,
            guid=identity.guid,
            title=identity.title_fingerprint,
            wording=article.wording,
        )

    def render(self, claim: ArticleClaim) -> bytes:
        return render(replace(self.candidate.article, id=self.name), claim.time)

    def belongs_to(self, claim: ArticleClaim) -> bool:
        return not (self.check_url_reuse and is_url_reused(claim.guid, claim.title, self.candidate.identity))

    def follow_guid_claim(self, article_id: str) -> _FirstVersion | None:
        # The claim of a GUID must lead to the claim of an article. If it leads to a second GUID, this is an error.
        return None if self.is_from_claim else replace(self, name=article_id, check_url_reuse=False, is_from_claim=True)
