"""The records of the chain in ``days/``: of announced days, and of changes to announced days. None is ever changed.

- ``days/2025-12-25.json`` is written when the day is announced. It has the hash of the record before it.
- ``days/2025-12-20.after-2025-12-24.json`` is a change record. It says that the files of 2025-12-20 changed, after that
  day was announced, while the record of 2025-12-24 was the newest one. The next record of a day has its hash.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from feedarchive.json_values import DamagedJSON, JSONObject, parse_json
from feedarchive.kinds import Kind
from feedarchive.rfc3339 import format_rfc3339

RECORDS = "days/"
_RECORD_KEY = re.compile(r"days/(\d{4}-\d{2}-\d{2})\.json")
_CHANGE_KEY = re.compile(r"days/(\d{4}-\d{2}-\d{2})\.after-(\d{4}-\d{2}-\d{2})(?:\.\d+)?\.json")
_HASH = re.compile(r"[0-9a-f]{64}")


class RemovalReason(Kind):
    """Why a digest does not list a file any more."""

    FORGOTTEN = "forgotten", "removed by `feedarchive forget`"
    DELETED = "deleted", "deleted in a versioned S3 bucket"
    RETENTION = "retention", "older than `retention_days`"
    ACCEPTED = "accepted", "missing or changed, and accepted with `--accept`"


@dataclass(frozen=True)
class Removal:
    """Why a file was removed from a digest. ``time``: when it was forgotten; None if that is unknown."""

    reason: RemovalReason
    time: datetime | None = None


@dataclass(frozen=True)
class DayHashes:
    """The SHA-256 of a day's digest.json, and of the list of its article files (file_list.py)."""

    digest: str
    files: str


@dataclass(frozen=True)
class PreviousRecord:
    """The record that a record follows, and the SHA-256 of its file."""

    day: date
    sha256: str


@dataclass(frozen=True)
class DayRecord:
    """A day that was announced.

    - ``hashes``: None in a record of release 0.1.0.
    - ``previous``: None in the first record, and in the record of a day that was announced after a later day.
    - ``changes``: the hashes of change records, by key.
    - ``earlier``: for days that release 0.1.0 announced without hashes, the hashes of their lists of files.
    """

    day: date
    announced: datetime
    counts: Mapping[str, int]
    hashes: DayHashes | None = None
    previous: PreviousRecord | None = None
    changes: Mapping[str, str] = field(default_factory=dict)
    earlier: Mapping[date, str] = field(default_factory=dict)

    @property
    def is_linked(self) -> bool:
        """Is this record a link of the chain? It is if it has the day's hashes."""
        return self.hashes is not None


@dataclass(frozen=True)
class RemovedFile:
    """A file that a digest does not list any more: its SHA-256, and why it was removed."""

    sha256: str
    removal: Removal


@dataclass(frozen=True)
class ChangeRecord:
    """A change to a day that was announced. ``hashes`` are those after the change.

    - ``before``: the hash of the list of files before the change; "" if the day was announced after a later day.
    - ``added``, ``removed``: the keys of new files, and the files that are not listed any more.
    - ``accepted``: a person accepted the files as they are after damage. ``added`` and ``removed`` may be incomplete.
    """

    day: date
    recorded: datetime
    before: str
    hashes: DayHashes
    added: tuple[str, ...] = ()
    removed: Mapping[str, RemovedFile] = field(default_factory=dict)
    accepted: bool = False

    def is_same_change(self, other: ChangeRecord) -> bool:
        """Do both records describe the same change, perhaps at different times?"""
        return (self.day, self.before, self.hashes, self.added) == (other.day, other.before, other.hashes, other.added)


def record_key(day: date) -> str:
    """``days/2025-12-25.json``"""
    return f"{RECORDS}{day.isoformat()}.json"


def change_key(day: date, after: date, number: int) -> str:
    """``days/2025-12-20.after-2025-12-24.json``; a second change record for the same days ends in ``.2.json``."""
    return f"{RECORDS}{day.isoformat()}.after-{after.isoformat()}{f'.{number}' if number > 1 else ''}.json"


def day_of_record(key: str) -> date | None:
    """The day of a record; None for any other key."""
    match = _RECORD_KEY.fullmatch(key)
    return _day(match[1]) if match else None


def days_of_change(key: str) -> tuple[date, date] | None:
    """The day that changed, and the day whose record was the newest at that time; None if this is no change record."""
    match = _CHANGE_KEY.fullmatch(key)
    if not match:
        return None
    changed, after = _day(match[1]), _day(match[2])
    return (changed, after) if changed and after else None


def record_to_json(record: DayRecord) -> bytes:
    """The record as one line of JSON."""
    document: dict[str, Any] = {
        "day": record.day.isoformat(),
        "announced": format_rfc3339(record.announced),
        "counts": dict(record.counts),
    }
    if record.hashes:
        document |= {"digest": record.hashes.digest, "files": record.hashes.files}
    if record.previous:
        document["previous"] = {"day": record.previous.day.isoformat(), "sha256": record.previous.sha256}
    if record.changes:
        document["changes"] = dict(sorted(record.changes.items()))
    if record.earlier:
        document["earlier"] = {day.isoformat(): record.earlier[day] for day in sorted(record.earlier)}
    return (json.dumps(document) + "\n").encode()


def parse_record(data: bytes) -> DayRecord:
    """Parse the record of a day. Raises DamagedJSON."""
    document = parse_json(data)
    counts = {name: count for name, count in document.object("counts").fields.items() if isinstance(count, int)}
    return DayRecord(
        day=document.day("day"),
        announced=document.time("announced"),
        counts=counts,
        hashes=_hashes(document) if "files" in document else None,
        previous=_previous(document.object("previous")) if "previous" in document else None,
        changes=document.text_by_name("changes") if "changes" in document else {},
        earlier=_earlier(document.text_by_name("earlier")) if "earlier" in document else {},
    )


def change_to_json(change: ChangeRecord) -> bytes:
    """The change record as one line of JSON."""
    removed = {
        key: {
            "sha256": file.sha256,
            "reason": file.removal.reason.value,
            **({"time": format_rfc3339(file.removal.time)} if file.removal.time else {}),
        }
        for key, file in sorted(change.removed.items())
    }
    document = {
        "day": change.day.isoformat(),
        "recorded": format_rfc3339(change.recorded),
        "before": change.before,
        "digest": change.hashes.digest,
        "files": change.hashes.files,
        "added": list(change.added),
        "removed": removed,
        **({"accepted": True} if change.accepted else {}),
    }
    return (json.dumps(document) + "\n").encode()


def parse_change(data: bytes) -> ChangeRecord:
    """Parse a change record. Raises DamagedJSON."""
    document = parse_json(data)
    before = document.text("before")
    removed = document.object("removed")
    return ChangeRecord(
        day=document.day("day"),
        recorded=document.time("recorded"),
        before=_hash(before) if before else "",
        hashes=_hashes(document),
        added=document.texts("added"),
        removed={key: _removed_file(removed.object(key)) for key in removed.fields},
        accepted="accepted" in document and document.boolean("accepted"),
    )


def _removed_file(written: JSONObject) -> RemovedFile:
    reason = written.text("reason")
    if reason not in _REASONS:
        raise DamagedJSON(f"unknown reason: {reason!r:.80}")
    removal = Removal(_REASONS[reason], written.time("time") if "time" in written else None)
    return RemovedFile(_hash(written.text("sha256")), removal)


_REASONS = {reason.value: reason for reason in RemovalReason}


def _hashes(written: JSONObject) -> DayHashes:
    return DayHashes(_hash(written.text("digest")), _hash(written.text("files")))


def _previous(written: JSONObject) -> PreviousRecord:
    return PreviousRecord(written.day("day"), _hash(written.text("sha256")))


def _earlier(written: Mapping[str, str]) -> dict[date, str]:
    found = {}
    for name, files in written.items():
        day = _day(name)
        if day is None:
            raise DamagedJSON(f"expected a day, got {name!r:.80}")
        found[day] = _hash(files)
    return found


def _hash(text: str) -> str:
    if not _HASH.fullmatch(text):
        raise DamagedJSON(f"expected a SHA-256 in hex, got {text!r:.80}")
    return text


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
