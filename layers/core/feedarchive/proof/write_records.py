"""Write the records of the chain: when a day is announced, and when an announced day changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime

from feedarchive.digest.digest import Digest, to_json
from feedarchive.hashes import sha256_of
from feedarchive.json_values import DamagedJSON
from feedarchive.proof.file_list import FileHashes, file_hashes, list_hash
from feedarchive.proof.records import (
    RECORDS,
    ChangeRecord,
    DayHashes,
    DayRecord,
    PreviousRecord,
    Removal,
    RemovedFile,
    change_key,
    change_to_json,
    day_of_record,
    days_of_change,
    parse_change,
    parse_record,
    record_key,
    record_to_json,
)
from feedarchive.store.interface import Presence, Store


@dataclass(frozen=True)
class NewestRecord:
    """The newest record of the chain: its day, the SHA-256 of its file, and its content (None if it is damaged)."""

    day: date
    sha256: str
    record: DayRecord | None


def newest_record(store: Store, keys: Iterable[str]) -> NewestRecord | None:
    """The record of the last day among these keys of ``days/``; None if there is none."""
    newest = max((day for key in keys if (day := day_of_record(key))), default=None)
    stored = store.read(record_key(newest)) if newest else None
    if newest is None or stored is None:
        return None
    try:
        record = parse_record(stored.data)
    except DamagedJSON:
        record = None
    return NewestRecord(newest, sha256_of(stored.data), record)


def hashes_of(digest: Digest) -> DayHashes:
    """The hashes by which the chain commits to a day."""
    return DayHashes(sha256_of(to_json(digest)), list_hash(file_hashes(digest.listed)))


def recorded_lists(store: Store, day: date) -> list[str]:
    """The hashes of a day's list of files in its own record and in the records of its changes, the newest last.

    Empty for a day that was not announced, or that release 0.1.0 announced.
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

    - ``digest``: the new digest.
    - ``before``: the files that the old digest lists.
    - ``removed``: the files that are not listed any more, and why.
    - ``accepted``: a person accepted the files as they are. The old digest may have been damaged then.
    """

    digest: Digest
    before: FileHashes
    removed: Mapping[str, Removal]
    accepted: bool = False


@dataclass(frozen=True)
class RecordWriter:
    """Writes records at the time ``now``.

    ``other_days`` returns the hashes of the lists of files of all days except one. It is called only for the first
    record of a chain, if the archive has announced days before.
    """

    store: Store
    now: datetime
    other_days: Callable[[date], Mapping[date, str]]

    def record_announcement(self, day: date, counts: Mapping[str, int], hashes: DayHashes) -> None:
        """Write the record of a day that was announced. If another build has written it already, its record stays."""
        keys = list(self.store.list(RECORDS))
        if record_key(day) in keys:
            return
        newest = newest_record(self.store, keys)
        record = DayRecord(day, self.now, counts, hashes)
        if newest and newest.day > day:
            # A later record exists already. The next record commits to this day by a change record.
            self._write_change(ChangeRecord(day, self.now, "", hashes), newest.day, keys)
        elif newest:
            record = replace(
                record,
                previous=PreviousRecord(newest.day, newest.sha256),
                changes=self._changes_since(newest, keys),
                earlier=self._earlier(newest, day),
            )
        self.store.create(record_key(day), record_to_json(record))

    def record_change(self, change: DayChange) -> None:
        """Write a record of a change to a day, if the day was announced.

        Call this before digest.json is written: after an interruption, the next build makes the same change.
        """
        # Most changes are of today, which is not announced yet. This request costs a twelfth of the listing below.
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

    def _changes_since(self, newest: NewestRecord, keys: Iterable[str]) -> dict[str, str]:
        """The change records whose hashes are in no record of a day yet, with their hashes.

        Their keys name the newest record, or the one before it: a process may have listed the records before the newest
        one was written.
        """
        record = newest.record
        after = {newest.day, *([record.previous.day] if record and record.previous else [])}
        linked = record.changes if record else {}
        waiting = [k for k in keys if (days := days_of_change(k)) and days[1] in after and k not in linked]
        return {key: sha256_of(stored.data) for key in waiting if (stored := self.store.read(key))}

    def _earlier(self, newest: NewestRecord, day: date) -> Mapping[date, str]:
        """For the first record of a chain: the hashes of all other days, whose records have none. Otherwise empty."""
        return {} if newest.record and newest.record.is_linked else self.other_days(day)
