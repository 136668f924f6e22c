"""Find the end of the chain: the newest day record, and the change records whose hashes are in no day record yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from feedarchive.digest.index import ChainEnd, NewestRecord
from feedarchive.hashes import sha256_of
from feedarchive.json_values import DamagedJSON
from feedarchive.proof.record_json import parse_record
from feedarchive.proof.records import DayRecord, day_of_record, days_of_change, record_key
from feedarchive.store.interface import Store


@dataclass(frozen=True)
class StoredRecord:
    """A day record: its day, the SHA-256 of its file, and its contents (None if the file is damaged)."""

    day: date
    sha256: str
    record: DayRecord | None


def newest_record(store: Store, keys: Iterable[str]) -> StoredRecord | None:
    """Return the newest day record; None if there is none. ``keys`` are the keys of all files in ``days/``."""
    newest = max((day for key in keys if (day := day_of_record(key))), default=None)
    return read_record(store, newest) if newest else None


def read_record(store: Store, day: date) -> StoredRecord | None:
    """Return the day record of ``day``; None if it is missing."""
    stored = store.read(record_key(day))
    if stored is None:
        return None
    try:
        record = parse_record(stored.data)
    except DamagedJSON:
        record = None
    return StoredRecord(day, sha256_of(stored.data), record)


def chain_end(store: Store, keys: Collection[str], known: ChainEnd) -> ChainEnd:
    """Return the newest day record, and the change records whose hashes are in no day record yet.

    - ``keys``: the keys of all files in ``days/``.
    - ``known``: the end of the chain in the index. Its hashes are used where possible, because files may be damaged.
    """
    newest = newest_record(store, keys)
    if newest is None:
        return ChainEnd()
    is_known = known.newest is not None and known.newest.day == newest.day
    committed = known.newest if is_known else NewestRecord(newest.day, newest.sha256)
    record = newest.record
    linked = record.changes if record else {}
    changes = {key: sha256 for key, sha256 in known.changes.items() if key not in linked}
    # The key of a change record names the newest day record of its time (".after-DAY"). If a new day record is written
    # at the same time, the change record names the previous day record.
    after = {newest.day, *([record.previous.day] if record and record.previous else [])}
    for key in keys:
        days = days_of_change(key)
        is_new = days is not None and days[1] in after and key not in linked and key not in changes
        if is_new and (change := store.read(key)):
            changes[key] = sha256_of(change.data)
    return ChainEnd(committed, changes)
