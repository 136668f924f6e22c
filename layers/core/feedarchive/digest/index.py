"""Read and write the index, ``archive/index.json``. It lists every day with its counts and the hash of its digest."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from feedarchive.concurrency import in_parallel
from feedarchive.digest import indexed_dates
from feedarchive.digest.digest import Digest, day_folder
from feedarchive.hashes import sha256_of
from feedarchive.json_values import DamagedJSON, JSONObject, checked_integer, parse_json
from feedarchive.store.interface import Store, Stored
from feedarchive.store.update import update

INDEX = indexed_dates.INDEX
_VERSION = 1
_SHA256 = re.compile(r"[0-9a-f]{64}")

Counts = dict[str, int]
_COUNTED = Digest(date.min, "UTC", ()).counts().keys()


@dataclass(frozen=True)
class IndexedDay:
    """A day in the index.

    - ``counts``: the numbers of articles, words and so on, as in ``Digest.counts``.
    - ``sha256``: the SHA-256 (hex) of the day's digest.json; "" if release 0.1.0 wrote the index.
    """

    counts: Counts
    sha256: str = ""


@dataclass(frozen=True)
class NewestRecord:
    """The day record that was the newest when the index was written. ``sha256`` is the hash of the record's file."""

    day: date
    sha256: str


@dataclass(frozen=True)
class ChainEnd:
    """The newest records in ``days/``, with their hashes.

    The index contains these hashes until the next day record contains them.

    - ``newest``: the newest day record; None if there is no day record yet.
    - ``changes``: the SHA-256 of each change record that was written after the newest day record, by key.
    """

    newest: NewestRecord | None = None
    changes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ParsedIndex:
    """The contents of an index: the time zone, the days, and the end of the chain of records."""

    time_zone: str
    days: dict[date, IndexedDay]
    end: ChainEnd = field(default_factory=ChainEnd)


def read_index(store: Store, time_zone: str) -> ParsedIndex:
    """Read the index. The result has no days if the index is missing or damaged, or has another time zone."""
    return _from_json(store.read(INDEX), time_zone)


def indexed_days(store: Store, time_zone: str) -> dict[date, IndexedDay]:
    """Read the days of the index. Returns {} if the index is missing or damaged, or has another time zone."""
    return read_index(store, time_zone).days


def write_index(
    store: Store,
    time_zone: str,
    built: Mapping[date, IndexedDay],
    all_days: bool,
    removed: Collection[date] = (),
    end: ChainEnd = ChainEnd(),
) -> dict[date, IndexedDay]:
    """Write days to the index. Return all days of the new index.

    - ``built``: the days to add or replace.
    - ``all_days``: True if ``built`` contains every day of the archive. Then the days of the old index are dropped.
    - ``removed``: the days to remove.
    - ``end``: the end of the chain of records.
    """
    merged: dict[date, IndexedDay] = {}
    hashed: dict[date, str] = {}

    def index(stored: Stored | None) -> bytes:
        merged.clear()
        merged.update({} if all_days else _from_json(stored, time_zone).days)
        merged.update(built)
        for day in removed:
            merged.pop(day, None)
        hashed.update(_hash_digests(store, [day for day in merged if not merged[day].sha256 and day not in hashed]))
        merged.update({day: replace(merged[day], sha256=sha) for day, sha in hashed.items() if not merged[day].sha256})
        return index_to_json(merged, time_zone, end)

    update(store, INDEX, index)
    return merged


def parse_index(data: bytes) -> ParsedIndex:
    """Parse an index. Raises DamagedJSON if it is damaged or has an unknown version."""
    document = parse_json(data)
    if document.integer("version") != _VERSION:
        raise DamagedJSON(f"version {document.integer('version')}")
    days = {row.day("day"): _indexed_day(row) for row in document.objects("days")}
    newest = document.object("newest_record") if "newest_record" in document else None
    record = NewestRecord(newest.day("day"), newest.text("sha256")) if newest else None
    changes = document.text_by_name("changes") if "changes" in document else {}
    return ParsedIndex(document.text("time_zone"), days, ChainEnd(record, changes))


def _hash_digests(store: Store, days: list[date]) -> dict[date, str]:
    """Compute the hashes of the digests of these days. Indexes that release 0.1.0 wrote do not contain them."""

    def hash_digest(day: date) -> str:
        stored = store.read(f"{day_folder(day)}digest.json")
        return sha256_of(stored.data) if stored else ""

    hashes = in_parallel(hash_digest, days, store.threads)
    return {day: sha for day, sha in zip(days, hashes, strict=True) if sha}


def _relative(day: date) -> str:
    return day_folder(day).removeprefix("archive/")


def index_to_json(days: Mapping[date, IndexedDay], time_zone: str, end: ChainEnd = ChainEnd()) -> bytes:
    """Return the text of ``archive/index.json`` with these days, newest first."""
    rows = [_row(day, days[day]) for day in sorted(days, reverse=True)]
    newest = end.newest
    record = {"newest_record": {"day": newest.day.isoformat(), "sha256": newest.sha256}} if newest else {}
    changes = {"changes": dict(sorted(end.changes.items()))} if end.changes else {}
    document = {"version": _VERSION, "time_zone": time_zone, **record, **changes, "days": rows}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _row(day: date, indexed: IndexedDay) -> dict[str, object]:
    sha256 = {"sha256": indexed.sha256} if indexed.sha256 else {}
    return {"day": day.isoformat(), "digest": f"{_relative(day)}digest.json", **sha256, "counts": indexed.counts}


def _from_json(stored: Stored | None, time_zone: str) -> ParsedIndex:
    nothing = ParsedIndex(time_zone, {})
    if stored is None:
        return nothing
    try:
        index = parse_index(stored.data)
    except DamagedJSON:
        return nothing
    return index if index.time_zone == time_zone else nothing


def _indexed_day(row: JSONObject) -> IndexedDay:
    sha256 = row.text("sha256") if "sha256" in row else ""
    if sha256 and not _SHA256.fullmatch(sha256):
        raise DamagedJSON(f"expected a SHA-256 in hex, got {sha256!r:.80}")
    return IndexedDay(_counts(row.object("counts")), sha256)


def _counts(written: JSONObject) -> Counts:
    counts = {name: checked_integer(count) for name, count in written.fields.items()}
    if not counts.keys() >= _COUNTED:
        raise DamagedJSON("counts are missing")
    return counts
