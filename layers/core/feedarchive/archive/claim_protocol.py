"""The protocol of claims: every file is written once, by whichever process claims it, even after interruptions.

1. Create the claim. Only one of any number of processes can. It then writes the file.
2. A process that finds the claim already there looks for the file. If the file exists, the article is already archived.
   If the claim is a tombstone, or the store recorded that the file was deleted, the article stays deleted.
3. Otherwise the process that made the claim was interrupted before it wrote the file. Take the claim over by
   compare-and-swap, and write the file.
4. If a claim is truncated but its file is complete, the claim is first recovered from the file.
5. An article may be forgotten while its file is being written. A process that took longer than QUICK_WRITE reads its
   claim again after it wrote the file, and deletes the file if the claim became a tombstone.

docs/archive-format.md, "Claims", describes the formats and gives the reasons.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from feedarchive.archive.claim import (
    ArticleClaim,
    Claim,
    GuidClaim,
    claim_key,
    claim_to_json,
    make_tombstone,
    parse_claim,
)
from feedarchive.archive.forgotten_files import delete_files_of_tombstones, delete_forgotten, is_tombstone
from feedarchive.archive.recovery import claimed_facts, find_files
from feedarchive.store.interface import Presence, Store, Stored, StoreError
from feedarchive.store.update import update

# A claim that is taken over keeps its key and time if it is younger than this. The article of an older claim goes into
# today's folder, because people may have copied the folder of the claim's day already.
_CLAIM_LIFETIME = timedelta(days=7)
# A process that was suspended for this long after creating a claim checks the claim again before it writes the file.
_SUSPENDED_AFTER = timedelta(hours=1)
_MAX_ATTEMPTS = 10
QUICK_WRITE = timedelta(seconds=0.25)
"""A process that needs longer than this, from creating a claim to writing its file, checks for a tombstone itself.
``forget`` waits twice this long after it wrote its tombstones, and then deletes what was written meanwhile."""


class ClaimOutcome(StrEnum):
    """How an attempt to write a file ended."""

    CREATED = "created"
    ALREADY_ARCHIVED = "already archived"
    DELETED = "deleted"
    OTHER_ARTICLE = "other article"
    """The name is claimed for another article."""


@dataclass(frozen=True)
class ClaimResult:
    """How an attempt to write a file ended, and the claim that is now valid for it.

    ``name`` is the name of that claim. If the URL belongs to an article that moved there, that is the article's claim.
    """

    outcome: ClaimOutcome
    claim: ArticleClaim
    name: str


class PendingFile(Protocol):
    """A file to be written once, and the claim to make for it."""

    @property
    def name(self) -> str:
        """The name of the file's claim: see ``claim_name`` in article/file_names.py."""

    @property
    def first_version(self) -> str:
        """The claim name of the article's first version; "" if this file is the first version."""

    def new_claim(self, now: datetime) -> ArticleClaim:
        """The claim to make for the file at this time."""

    def render(self, claim: ArticleClaim) -> bytes:
        """The bytes of the file if it is written under this claim."""

    def belongs_to(self, claim: ArticleClaim) -> bool:
        """Is ``claim``, which exists under the name of this file, for the same article?"""

    def of_article(self, name: str) -> PendingFile | None:
        """The same file for the article ``name``, which moved to this URL. None for later versions and companions."""


@dataclass(frozen=True)
class ClaimProtocol:
    """Writes files under claims. ``retention`` is how long files are kept; None for forever."""

    store: Store
    clock: Callable[[], datetime]
    retention: timedelta | None = None

    def read(self, name: str) -> Claim | None:
        """The claim with this name; None if there is none or if it is truncated."""
        stored = self.store.read(claim_key(name))
        return parse_claim(stored.data) if stored else None

    def write_once(self, file: PendingFile) -> ClaimResult:
        """Claim the name of a file and write the file, if it is neither in the archive nor was deleted from it."""
        for _ in range(_MAX_ATTEMPTS):
            if result := self._attempt(file):
                return result
        reason = f"{_MAX_ATTEMPTS} attempts failed because of other writers; run again"
        raise StoreError(f"cannot claim {self.store.location}/{claim_key(file.name)}: {reason}")

    def status(self, claim: ArticleClaim) -> ClaimOutcome | None:
        """ALREADY_ARCHIVED or DELETED; None if the claim's file has not been written yet."""
        if claim.deleted:
            return ClaimOutcome.DELETED
        presence = self.store.presence(claim.key)
        if presence is Presence.COMPLETE:
            return ClaimOutcome.ALREADY_ARCHIVED
        is_expired = self.retention is not None and self.clock() - claim.time > self.retention
        return ClaimOutcome.DELETED if is_expired or presence is Presence.DELETED else None

    def _attempt(self, file: PendingFile) -> ClaimResult | None:
        """One pass through the protocol; None if another process changed the claim meanwhile."""
        started = self.clock()
        claim = file.new_claim(started)
        if self.store.create(claim_key(file.name), claim_to_json(claim)):
            outcome = self._write_file(file, claim, started)
            return ClaimResult(outcome, claim, file.name) if outcome else None
        stored = self.store.read(claim_key(file.name))
        if stored is None:
            return None
        existing = parse_claim(stored.data)
        if isinstance(existing, GuidClaim):
            if moved := file.of_article(existing.article_id):
                return self.write_once(moved)
            path = f"{self.store.location}/{claim_key(file.name)}"
            raise StoreError(f"{path} is the claim of a GUID, but the claim of a file was expected: delete it")
        if existing is None:
            if self._recover(file.name, stored):
                return None
            return self._take_over(file, stored, claim, started)
        if not file.belongs_to(existing):
            return ClaimResult(ClaimOutcome.OTHER_ARTICLE, existing, file.name)
        if outcome := self.status(existing):
            if existing.deleted:
                delete_files_of_tombstones(self.store, file.first_version or file.name)
            return ClaimResult(outcome, existing, file.name)
        return self._take_over_interrupted(file, stored, existing, claim, started)

    def _recover(self, name: str, truncated: Stored) -> bool:
        """If the file of a truncated claim is complete, replace the claim by one made from the file.

        Truncated files are deleted. Return whether there was a complete file.
        """
        found = find_files(self.store, name)
        for key in found.truncated:
            self.store.delete(key)
        if found.claim:
            self.store.replace(claim_key(name), claim_to_json(found.claim), truncated.version)
        return found.claim is not None

    def _take_over_interrupted(
        self, file: PendingFile, stored: Stored, existing: ArticleClaim, new: ArticleClaim, started: datetime
    ) -> ClaimResult | None:
        """Take over the claim of an interrupted process.

        The key and time of the existing claim are kept if that claim is recent, or if its file exists but is truncated.
        Everything else comes from ``new``.
        """
        is_recent = abs(new.time - existing.time) <= _CLAIM_LIFETIME
        # A truncated file is in the folder of its day already, however old that day is.
        if is_recent or self.store.presence(existing.key) is Presence.TRUNCATED:
            new = replace(new, key=existing.key, time=existing.time)
        result = self._take_over(file, stored, new, started)
        if result is None or result.outcome is not ClaimOutcome.ALREADY_ARCHIVED:
            return result
        # The other process was not interrupted but slow, and has written the file under its own claim.
        return replace(result, claim=self._match_claim_to_file(file.name, existing, new))

    def _take_over(
        self, file: PendingFile, stored: Stored, claim: ArticleClaim, started: datetime
    ) -> ClaimResult | None:
        """Replace the stored claim and write the file; None if another process changed the claim meanwhile."""
        if not self.store.replace(claim_key(file.name), claim_to_json(claim), stored.version):
            return None
        outcome = self._write_file(file, claim, started)
        return ClaimResult(outcome, claim, file.name) if outcome else None

    def _write_file(self, file: PendingFile, claim: ArticleClaim, started: datetime) -> ClaimOutcome | None:
        """Create the file. None if this process was suspended for long and another one took over its claim."""
        data = file.render(claim)
        if claim.time <= self.clock() - _SUSPENDED_AFTER and self.read(file.name) != claim:
            return None
        if file.first_version and self._is_forgotten(file):
            return ClaimOutcome.DELETED
        outcome = self._create_file(claim.key, data)
        is_quick = timedelta(0) <= self.clock() - started < QUICK_WRITE
        if outcome is ClaimOutcome.CREATED and not is_quick and is_tombstone(self.store, file.name):
            delete_forgotten(self.store, claim.key)
            return ClaimOutcome.DELETED
        return outcome

    def _create_file(self, key: str, data: bytes) -> ClaimOutcome:
        for _ in range(_MAX_ATTEMPTS):
            if self.store.create(key, data):
                return ClaimOutcome.CREATED
            stored = self.store.read(key)
            if stored is None:  # the file was deleted meanwhile, or create() wrongly said that it exists
                if self.store.presence(key) is Presence.DELETED:
                    return ClaimOutcome.DELETED
                continue
            if not stored.is_complete and self.store.replace(key, data, stored.version):
                return ClaimOutcome.CREATED
            return ClaimOutcome.ALREADY_ARCHIVED
        reason = "the server says that it exists, but it cannot be read; run again"
        raise StoreError(f"cannot write {self.store.location}/{key}: {reason}")

    def _is_forgotten(self, file: PendingFile) -> bool:
        """Was the article removed since this run found it? If so, turn the claim of ``file`` into a tombstone too.

        ``file`` is a revision or a companion. ``forget`` first turns the article's claim into a tombstone, and then
        looks for its other claims. So either ``forget`` finds the claim of ``file``, or this process finds the
        tombstone.
        """
        first = self.read(file.first_version)
        if not isinstance(first, ArticleClaim) or self.status(first) is not ClaimOutcome.DELETED:
            return False
        deleted = first.deleted or self.clock()
        update(
            self.store, claim_key(file.name), lambda stored: make_tombstone(stored.data, deleted) if stored else None
        )
        return True

    def _match_claim_to_file(self, name: str, existing: ArticleClaim, taken_over: ArticleClaim) -> ArticleClaim:
        """After a claim was taken over too early, put the title and wording of the existing file into it."""
        file = self.store.read(existing.key)
        facts = claimed_facts(existing.key, file.data if file else b"")
        claim = replace(existing, title=facts.title, wording=facts.wording)

        def correct(stored: Stored | None) -> bytes | None:
            # Do not overwrite a claim that has changed again, for example to a tombstone.
            is_unchanged = stored is not None and stored.data == claim_to_json(taken_over)
            return claim_to_json(claim) if is_unchanged else None

        update(self.store, claim_key(name), correct)
        return claim
