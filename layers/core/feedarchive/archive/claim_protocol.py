"""Write every file exactly once, even if several processes try at the same time or are interrupted.

A process creates the claim of a file before it writes the file:

1. Create the claim. The store lets only one process succeed, and that process writes the file.
2. If both the claim and its file exist, the article is already archived. If the claim is a tombstone
   (which says that the article was deleted), or if the store remembers that the file was deleted, write nothing.
3. If the claim exists but its file was never written, the process that created the claim was interrupted. Take the
   claim over: replace it by compare-and-swap, and write the file.
4. If the claim is truncated but its file is complete, reconstruct the claim from the file. Then continue with step 2.
5. ``forget`` may turn the claim into a tombstone while the file is being written. So a process that needed longer than
   QUICK_WRITE reads the claim again after writing the file, and deletes the file if the claim is now a tombstone.

docs/archive-format.md, "Claims", describes the formats and gives the reasons.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

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
from feedarchive.archive.pending_file import ClaimOutcome, ClaimResult, PendingFile
from feedarchive.archive.recovery import claimed_facts, find_files
from feedarchive.store.interface import Presence, Store, Stored, StoreError
from feedarchive.store.update import update

# If a process takes over a claim that is older than this, it writes the file into today's folder, because people may
# already have copied the older folder.
_CLAIM_LIFETIME = timedelta(days=7)
# Another process may have taken over a claim that is older than this. So read the claim again before writing its file.
_SUSPENDED_AFTER = timedelta(hours=1)
_MAX_ATTEMPTS = 10
QUICK_WRITE = timedelta(seconds=0.25)
"""How long a process normally takes to create a claim and write its file.

``forget`` writes tombstones, waits twice this time, and then deletes the files. A process that needs longer
looks for a tombstone after it has written its file, and deletes the file if there is one.
"""


@dataclass(frozen=True)
class ClaimProtocol:
    """Creates claims and writes their files. ``retention`` is how long files are kept; None for forever."""

    store: Store
    clock: Callable[[], datetime]
    retention: timedelta | None = None

    def read(self, name: str) -> Claim | None:
        """Return the claim with this name; None if it does not exist or is truncated."""
        stored = self.store.read(claim_key(name))
        return parse_claim(stored.data) if stored else None

    def write_once(self, file: PendingFile) -> ClaimResult:
        """Create the claim of a file and write the file. If the file already exists or was deleted, write nothing."""
        for _ in range(_MAX_ATTEMPTS):
            if result := self._attempt(file):
                return result
        reason = f"{_MAX_ATTEMPTS} attempts failed because of other writers; run again"
        raise StoreError(f"cannot claim {self.store.location}/{claim_key(file.name)}: {reason}")

    def status(self, claim: ArticleClaim) -> ClaimOutcome | None:
        """Return ALREADY_ARCHIVED or DELETED for the file of a claim; None if the file was never written.

        If a file is missing and its claim is older than the retention, the file counts as deleted.
        """
        if claim.deleted:
            return ClaimOutcome.DELETED
        presence = self.store.presence(claim.key)
        if presence is Presence.COMPLETE:
            return ClaimOutcome.ALREADY_ARCHIVED
        is_expired = self.retention is not None and self.clock() - claim.time > self.retention
        return ClaimOutcome.DELETED if is_expired or presence is Presence.DELETED else None

    def _attempt(self, file: PendingFile) -> ClaimResult | None:
        """Go through the protocol once. Returns None if another process changed the claim meanwhile."""
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
            if moved := file.follow_guid_claim(existing.article_id):
                return self.write_once(moved)
            path = f"{self.store.location}/{claim_key(file.name)}"
            raise StoreError(f"expected the claim of a file, found the claim of a GUID: delete {path}")
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
        """Reconstruct a truncated claim from its file. Truncated files are deleted.

        Returns False if there is no complete file.
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
        """Replace the claim of an interrupted process (``existing``) with ``new``, and write the file."""
        is_recent = abs(new.time - existing.time) <= _CLAIM_LIFETIME
        # Use the folder of the old claim if the claim is recent, or if a truncated file there must be replaced.
        if is_recent or self.store.presence(existing.key) is Presence.TRUNCATED:
            new = replace(new, key=existing.key, time=existing.time)
        result = self._take_over(file, stored, new, started)
        if result is None or result.outcome is not ClaimOutcome.ALREADY_ARCHIVED:
            return result
        # The other process was not interrupted but slow, and has written the file. So put its claim back.
        return replace(result, claim=self._restore_claim(file.name, existing, new))

    def _take_over(
        self, file: PendingFile, stored: Stored, claim: ArticleClaim, started: datetime
    ) -> ClaimResult | None:
        """Replace the stored claim and write the file. Return None if another process changed the claim meanwhile."""
        if not self.store.replace(claim_key(file.name), claim_to_json(claim), stored.version):
            return None
        outcome = self._write_file(file, claim, started)
        return ClaimResult(outcome, claim, file.name) if outcome else None

    def _write_file(self, file: PendingFile, claim: ArticleClaim, started: datetime) -> ClaimOutcome | None:
        """Create the file of a claim.

        Returns None if this process was suspended for more than an hour and another process took over its claim.
        """
        data = file.render(claim)
        if claim.time <= self.clock() - _SUSPENDED_AFTER and self.read(file.name) != claim:
            return None
        if file.first_version and self._make_tombstone_if_deleted(file):
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
            if stored is None:  # The file was deleted just now, or the server wrongly said that it exists.
                if self.store.presence(key) is Presence.DELETED:
                    return ClaimOutcome.DELETED
                continue
            if not stored.is_complete and self.store.replace(key, data, stored.version):
                return ClaimOutcome.CREATED
            return ClaimOutcome.ALREADY_ARCHIVED
        reason = "the server says that the file exists, then that it does not; run again"
        raise StoreError(f"cannot write {self.store.location}/{key}: {reason}")

    def _make_tombstone_if_deleted(self, file: PendingFile) -> bool:
        """Turn the claim of a revision or companion into a tombstone if its article was deleted.

        Return whether the article was deleted.

        A run first creates the claim, and then looks for the article's tombstone. ``forget`` first writes the
        tombstone, and then looks for claims. So even if they run at the same time, the run finds the tombstone or
        ``forget`` finds the claim.
        """
        first = self.read(file.first_version)
        if not isinstance(first, ArticleClaim) or self.status(first) is not ClaimOutcome.DELETED:
            return False
        deleted = first.deleted or self.clock()
        update(
            self.store, claim_key(file.name), lambda stored: make_tombstone(stored.data, deleted) if stored else None
        )
        return True

    def _restore_claim(self, name: str, existing: ArticleClaim, taken_over: ArticleClaim) -> ArticleClaim:
        """Replace ``taken_over`` with ``existing``, because the process that created ``existing`` has written the file.

        The fingerprints of title and text in the claim are computed from the file.
        """
        file = self.store.read(existing.key)
        facts = claimed_facts(existing.key, file.data if file else b"")
        claim = replace(existing, title=facts.title, wording=facts.wording)

        def correct(stored: Stored | None) -> bytes | None:
            # Leave the claim alone if another process has changed it.
            is_unchanged = stored is not None and stored.data == claim_to_json(taken_over)
            return claim_to_json(claim) if is_unchanged else None

        update(self.store, claim_key(name), correct)
        return claim
