"""Write the day record of a day, and a change record for each later change to the files of the day (records.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime

from feedarchive.digest.digest import Digest
from feedarchive.digest.digest_json import to_json
from feedarchive.digest.index import ChainEnd
from feedarchive.hashes import sha256_of
from feedarchive.json_values import DamagedJSON
from feedarchive.proof.chain_end import chain_end, read_record
from feedarchive.proof.file_list import FileHashes, file_hashes, list_hash
from feedarchive.proof.record_json import change_to_json, parse_change, parse_record, record_to_json
from feedarchive.proof.records import (
    RECORDS,
    ChangeRecord,
    DayHashes,
    DayRecord,
    PreviousRecord,
    Removal,
    RemovedFile,
    change_key,
    day_of_record,
    days_of_change,
    record_key,
)
from feedarchive.store.interface import Presence, Store


def hashes_of(digest: Digest) -> DayHashes:
    """The two hashes that the record of a day contains."""
    return DayHashes(sha256_of(to_json(digest)), list_hash(file_hashes(digest.listed)))


def recorded_lists(store: Store, day: date) -> list[str]:
    """Read all records of a day. Return the hash of the list of files in each record, the oldest record first.

    Returns [] if the day has no records, or only a record of release 0.1.0, which has no hashes.
    """
    found: list[tuple[datetime, str]] = []
    for key in store.list(f"{RECORDS}{day.isoformat()}."):
        stored = store.read(key)
        if stored is None:
            continue
        with suppress(DamagedJSON):
            if days_of_change(key):
                change = parse_change(stored.data)
                found.append((change.recorded, change.hashes.files))
            elif (record := parse_record(stored.data)).hashes:
                found.append((record.announced, record.hashes.files))
    return [files for _, files in sorted(found)]


@dataclass(frozen=True)
class DayChange:
    """A change that a build is about to make to a digest.

    - ``digest`` is the new digest.
    - ``before`` are the files that the old digest lists.
    - ``removed`` has each file that the new digest does not list any more, and the reason.
    - ``accepted``: a person accepted the files of the day as they are.
    """

    digest: Digest
    before: FileHashes
    removed: Mapping[str, Removal]
    accepted: bool = False


@dataclass(frozen=True)
class RecordWriter:
    """Writes day records and change records. ``now`` is the time that they contain.

    - ``known_end`` returns the end of the chain according to the index.
    - ``other_days(day)`` returns the hash of the list of files for every day except ``day``. It is called only if
      release 0.1.0 wrote the newest day record.
    """

    store: Store
    now: datetime
    known_end: Callable[[], ChainEnd]
    other_days: Callable[[date], Mapping[date, str]]

    def record_announcement(self, day: date, counts: Mapping[str, int], hashes: DayHashes) -> None:
        """Write the day record of a day. Does nothing if the day has a record already."""
        keys = list(self.store.list(RECORDS))
        if record_key(day) in keys:
            return
        end = chain_end(self.store, keys, self.known_end())
        record = DayRecord(day, self.now, counts, hashes)
        if end.newest and end.newest.day > day:
            # The chain continues after the record of the later day. A change record adds the hashes of ``day`` to the
            # chain.
            self._write_change(ChangeRecord(day, self.now, "", hashes), end.newest.day, keys)
        elif end.newest:
            record = replace(
                record,
                previous=PreviousRecord(end.newest.day, end.newest.sha256),
                changes=end.changes,
                earlier=self._earlier(end.newest.day, day),
            )
        self.store.create(record_key(day), record_to_json(record))

    def record_change(self, change: DayChange) -> None:
        """Write a change record. Does nothing if the day has no day record yet.

        Call this before the new digest.json is written, so that an interruption cannot leave a change without a record.
        """
        # Most changes are to the current day, which has no record yet. Checking this first avoids a listing, which is
        # expensive on S3.
        if self.store.presence(record_key(change.digest.day)) in (Presence.ABSENT, Presence.DELETED):
            return
        keys = list(self.store.list(RECORDS))
        newest = max((day for key in keys if (day := day_of_record(key))), default=change.digest.day)
        before, after = list_hash(change.before), file_hashes(change.digest.listed)
        if change.accepted:
            recorded = recorded_lists(self.store, change.digest.day)
            if list_hash(after) in recorded[-1:]:
                return
            before = before if before in recorded or not recorded else recorded[-1]
        gone = {key: sha for key, sha in change.before.items() if after.get(key) != sha}
        record = ChangeRecord(
            change.digest.day, self.now, before, hashes_of(change.digest),
            added=tuple(sorted(key for key in after if change.before.get(key) != after[key])),
            removed={key: RemovedFile(sha, change.removed[key]) for key, sha in gone.items()},
            accepted=change.accepted,
        )  # fmt: skip
        self._write_change(record, newest, keys)

    def _write_change(self, change: ChangeRecord, newest: date, keys: Iterable[str]) -> None:
        known = set(keys)
        number = 1
        while (key := change_key(change.day, newest, number)) in known or not self.store.create(
            key, change_to_json(change)
        ):
            if self._is_recorded(key, change):
                return
            number += 1

    def _is_recorded(self, key: str, change: ChangeRecord) -> bool:
        stored = self.store.read(key)
        try:
            return stored is not None and parse_change(stored.data).is_same_change(change)
        except DamagedJSON:
            return False

    def _earlier(self, newest: date, day: date) -> Mapping[date, str]:
        """Return ``DayRecord.earlier`` for a new day record; {} if the newest record has hashes."""
        found = read_record(self.store, newest)
        return {} if found and found.record and found.record.is_linked else self.other_days(day)
