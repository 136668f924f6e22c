"""Find out why a file that a digest lists no longer exists: it was removed on purpose, or it is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from feedarchive.archive.claim import ArticleClaim, claim_key, parse_claim
from feedarchive.archive.retention import effective_retention
from feedarchive.digest.digest import ListedFile
from feedarchive.proof.records import Removal, RemovalReason
from feedarchive.rfc3339 import parse_rfc3339
from feedarchive.store.interface import Presence, Store


@dataclass(frozen=True)
class RemovedFiles:
    """Finds out why files were removed.

    - ``now``: the current time; None to ignore the age of files.
    - ``retention``: how long files are kept; None for forever.
    """

    store: Store
    now: datetime | None = None
    retention: timedelta | None = None

    def removal_of(self, entry: ListedFile) -> Removal | None:
        """Return why a missing file was removed on purpose; None if it is lost."""
        # If the article was forgotten, the claims of the file and of the article both say so. One of them may be lost.
        for name in (entry.claim_name, entry.id):
            stored = self.store.read(claim_key(name))
            claim = parse_claim(stored.data) if stored else None
            if isinstance(claim, ArticleClaim) and claim.deleted:
                return Removal(RemovalReason.FORGOTTEN, claim.deleted)
        if self._is_older_than_retention(parse_rfc3339(entry.archived)):
            return Removal(RemovalReason.RETENTION)
        return Removal(RemovalReason.DELETED) if self.store.presence(entry.key) is Presence.DELETED else None

    def is_expired(self, day: date) -> bool:
        """Whether all files of a day are older than the retention."""
        end = datetime.combine(day + timedelta(days=1), time(), UTC)
        return self._is_older_than_retention(end)

    def _is_older_than_retention(self, moment: datetime) -> bool:
        if self.now is None:
            return False
        limit = effective_retention(self.store, self.retention, self.now)
        return limit is not None and self.now - moment > limit
