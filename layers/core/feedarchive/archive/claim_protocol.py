"""A claim and its file: written once, whoever comes first, whatever interrupts them.

The claim is created first, then the file; both only if nothing is there. Whoever finds a claim
without its file finishes the work. docs/archive-format.md, "Claims", tells the whole story.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from feedarchive.archive.claim import ArticleClaim, Claim, GuidClaim, claim_key, from_bytes, to_bytes
from feedarchive.archive.recovery import claim_from_file
from feedarchive.article.yaml_format import parse_front_matter
from feedarchive.identity.fingerprint import fingerprint
from feedarchive.store.interface import Presence, Store, StoreError

# An interrupted run's claim keeps its key and time this long; an older one would change a day
# that readers have long copied, so its article joins today.
_CLAIM_HOLDS = timedelta(days=7)
# A writer that slept this long between claim and file looks again before it writes.
_STALLED = timedelta(hours=1)
_ROUNDS = 10


class Outcome(Enum):
    """How a file stands after an attempt to write it."""

    NEW = "new"
    KNOWN = "known"
    DELETED = "deleted"


@dataclass(frozen=True)
class ClaimResult:
    """The outcome, and the claim that holds."""

    outcome: Outcome
    claim: ArticleClaim


@dataclass(frozen=True)
class ClaimProtocol:
    """Places files by claims. ``retention`` is how long files are kept, None for ever."""

    store: Store
    clock: Callable[[], datetime]
    retention: timedelta | None = None

    def read(self, name: str) -> Claim | None:
        """The claim of a name (an id, or an id and ".r2"); None if there is none, or a torn one."""
        stored = self.store.read(claim_key(name))
        return from_bytes(stored.data) if stored else None

    def place(
        self,
        name: str,
        fresh: Callable[[datetime], ArticleClaim],
        render: Callable[[ArticleClaim], bytes],
        belongs: Callable[[ArticleClaim], bool] = lambda held: True,
    ) -> ClaimResult | None:
        """Claim a name and write its file, or learn how it stands.

        ``fresh`` makes the claim for a moment, ``render`` the file's bytes for the claim that holds.
        None if the name is claimed and ``belongs`` says that it is not for this file.
        """
        for _ in range(_ROUNDS):
            claim = fresh(self.clock())
            held: Claim | None = None
            if not self.store.create(claim_key(name), to_bytes(claim)):
                stored = self.store.read(claim_key(name))
                if stored is None:
                    continue
                held = from_bytes(stored.data)
                if isinstance(held, GuidClaim):  # cannot be: the ids of guids are followed before
                    wrong = f"{self.store.location}/{claim_key(name)} is the claim of a guid, not of a file"
                    raise StoreError(f"{wrong}: remove it, and the next run goes on")
                if held is None and (found := claim_from_file(self.store, name)):
                    self.store.replace(claim_key(name), to_bytes(found), stored.version)
                    continue
                if held and not belongs(held):
                    return None
                if held and (outcome := self.stands(held)):
                    return ClaimResult(outcome, held)
                claim = self._taken_over(held, claim)
                if not self.store.replace(claim_key(name), to_bytes(claim), stored.version):
                    continue
            if outcome := self._write(name, claim, render(claim)):
                if isinstance(held, ArticleClaim) and outcome is Outcome.KNOWN:
                    # Its writer was only slow, and wrote what it had claimed.
                    claim = self._as_written(name, held)
                return ClaimResult(outcome, claim)
        raise StoreError(f"cannot claim {claim_key(name)}: other writers were in the way {_ROUNDS} times")

    def stands(self, claim: ArticleClaim) -> Outcome | None:
        """KNOWN or DELETED; None when the claim's file is still to be written."""
        if claim.deleted:
            return Outcome.DELETED
        presence = self.store.presence(claim.key)
        if presence is Presence.COMPLETE:
            return Outcome.KNOWN
        expired = self.retention is not None and self.clock() - claim.time > self.retention
        return Outcome.DELETED if expired or presence is Presence.DELETED else None

    def _as_written(self, name: str, held: ArticleClaim) -> ArticleClaim:
        """Make a claim say what its file says, after it was taken over from a writer that finished."""
        stored, file = self.store.read(claim_key(name)), self.store.read(held.key)
        fields = parse_front_matter(file.data.decode("utf-8", "replace")) if file else {}
        claim = replace(held, title=fingerprint(str(fields.get("title", ""))), wording=str(fields.get("wording", "")))
        if stored:
            self.store.replace(claim_key(name), to_bytes(claim), stored.version)
        return claim

    def _taken_over(self, held: ArticleClaim | None, fresh: ArticleClaim) -> ArticleClaim:
        """What an interrupted run claimed, with what is seen now."""
        if held is None:
            return fresh
        # A torn file is in its day already, whatever day that was.
        if fresh.time - held.time <= _CLAIM_HOLDS or self.store.presence(held.key) is Presence.TRUNCATED:
            return replace(fresh, key=held.key, time=held.time)
        return fresh

    def _write(self, name: str, claim: ArticleClaim, data: bytes) -> Outcome | None:
        """Create the file; None if this writer slept so long that it must look again."""
        if claim.time <= self.clock() - _STALLED and self.read(name) != claim:
            return None
        if self.store.create(claim.key, data):
            return Outcome.NEW
        torn = self.store.read(claim.key)
        if torn and not torn.is_complete and self.store.replace(claim.key, data, torn.version):
            return Outcome.NEW
        return Outcome.KNOWN
