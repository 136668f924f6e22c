"""Write a companion of an article exactly once.

A companion is a file beside the article: the text of its page, or a list of its pictures and where they are stored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from feedarchive.archive.claim import ArticleClaim
from feedarchive.archive.claim_protocol import ClaimProtocol
from feedarchive.archive.pending_file import ClaimOutcome
from feedarchive.article.file_names import CompanionKind, claim_name, companion_key


@dataclass(frozen=True)
class ArchivedCompanions:
    """The companions of one kind that an article has: its full texts, or its lists of pictures.

    - ``number``: how many companions there are.
    - ``wording``: the fingerprint of the last full text; "" if there is none, or for lists of pictures.
    - ``is_deleted``: the article or one of these companions was deleted, so no companion may be added.
    """

    number: int
    wording: str
    is_deleted: bool


@dataclass(frozen=True)
class PendingCompanion:
    """A companion to write with ``ClaimProtocol.write_once``.

    - ``version``: the key of the article or revision to which the companion belongs.
    - ``number``: 1 for the first companion of this kind.
    - ``feed``: the id of the article's feed.
    - ``title``, ``wording``: the fingerprints to store in the claim. Both are "" for a list of pictures.
    - ``make``: renders the file, for a given time of archiving. The file must contain this time as ``archived`` and end
      with a newline.
    """

    article_id: str
    version: str
    kind: CompanionKind
    number: int
    feed: str
    title: str
    wording: str
    time_zone: ZoneInfo
    make: Callable[[datetime], bytes]

    @property
    def name(self) -> str:
        return claim_name(self.article_id, self.number, self.kind)

    @property
    def first_version(self) -> str:
        return self.article_id

    def new_claim(self, now: datetime) -> ArticleClaim:
        key = companion_key(self.version, self.kind, self.number, now, self.time_zone)
        return ArticleClaim(key, now, self.feed, "", self.title, self.wording)

    def render(self, claim: ArticleClaim) -> bytes:
        return self.make(claim.time)

    def belongs_to(self, claim: ArticleClaim) -> bool:
        return True

    def follow_guid_claim(self, article_id: str) -> None:
        """Return None: a companion has no GUID."""


def archived_companions(claims: ClaimProtocol, article_id: str, kind: CompanionKind) -> ArchivedCompanions:
    """Find the companions of one kind that an article has. Companions whose files were never written do not count."""
    first = claims.read(article_id)
    if isinstance(first, ArticleClaim) and first.deleted:
        return ArchivedCompanions(0, "", is_deleted=True)
    number, wording = 0, ""
    while isinstance(claim := claims.read(claim_name(article_id, number + 1, kind)), ArticleClaim):
        status = claims.status(claim)
        if status is ClaimOutcome.DELETED:
            return ArchivedCompanions(number, wording, is_deleted=True)
        if status is None:
            break
        number, wording = number + 1, claim.wording
    return ArchivedCompanions(number, wording, is_deleted=False)
