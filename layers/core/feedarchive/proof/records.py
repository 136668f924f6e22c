"""The records of the chain in ``days/``, and their keys. No record is ever changed. There are two kinds:

- A day record such as ``days/2025-12-25.json`` is written after its day is over, when the day is announced to people,
  for example by mail. It contains the hash of the day record before it.
- A change record such as ``days/2025-12-20.after-2025-12-24.json`` is written when the files of a day change after the
  day was announced. In this example, files of 2025-12-20 changed after the day record of 2025-12-24 was written. The
  next day record contains the hash of the change record.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from feedarchive.kinds import Kind

RECORDS = "days/"
_RECORD_KEY = re.compile(r"days/(\d{4}-\d{2}-\d{2})\.json")
_CHANGE_KEY = re.compile(r"days/(\d{4}-\d{2}-\d{2})\.after-(\d{4}-\d{2}-\d{2})(?:\.\d+)?\.json")


class RemovalReason(Kind):
    """Why a digest does not list a file any more."""

    FORGOTTEN = "forgotten", "removed by `feedarchive forget`"
    DELETED = "deleted", "deleted in a versioned S3 bucket"
    RETENTION = "retention", "older than `retention_days`"
    ACCEPTED = "accepted", "missing or changed, and accepted with `--accept`"


@dataclass(frozen=True)
class Removal:
    """Why a file was removed from a digest. ``time`` is when its article was forgotten; None if that is unknown."""

    reason: RemovalReason
    time: datetime | None = None


@dataclass(frozen=True)
class DayHashes:
    """Two hashes of a day: the SHA-256 of its digest.json, and the SHA-256 of the list of its files (file_list.py)."""

    digest: str
    files: str


@dataclass(frozen=True)
class PreviousRecord:
    """The day and the SHA-256 of the previous day record in the chain."""

    day: date
    sha256: str


@dataclass(frozen=True)
class DayRecord:
    """The contents of a day record.

    - ``announced`` is the time when the day was announced and this record was written.
    - ``counts`` are numbers of articles.
    - ``hashes`` is None in a record that release 0.1.0 wrote.
    - ``previous`` is None in the first record, and in the record of a day that was announced after a later day.
    - ``changes`` maps the keys of change records to their hashes.
    - ``earlier`` maps all other days to the hashes of their lists of files. Only the first record after the records of
      release 0.1.0 has it, because the records of release 0.1.0 have no hashes.
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
        """Whether this record is part of the chain. Records of release 0.1.0 are not, because they have no hashes."""
        return self.hashes is not None


@dataclass(frozen=True)
class RemovedFile:
    """A file that a digest does not list any more: its SHA-256, and why it was removed."""

    sha256: str
    removal: Removal


@dataclass(frozen=True)
class ChangeRecord:
    """A change to the files of a day that already has a day record.

    - ``before`` is the hash of the list of files before the change. It is "" if no file changed, and this record only
      adds its day to the chain.
    - ``hashes`` are the hashes after the change.
    - ``added`` has the keys of the files that are new in the list.
    - ``removed`` maps the keys of the files that are no longer in the list to their hashes and the reasons.
    - ``accepted``: files were damaged, and a person accepted them as they are. ``added`` and ``removed`` may then be
      incomplete.
    """

    day: date
    recorded: datetime
    before: str
    hashes: DayHashes
    added: tuple[str, ...] = ()
    removed: Mapping[str, RemovedFile] = field(default_factory=dict)
    accepted: bool = False

    def is_same_change(self, other: ChangeRecord) -> bool:
        """Check whether both records describe the same change. The times when they were written may differ."""
        return (self.day, self.before, self.hashes, self.added) == (other.day, other.before, other.hashes, other.added)


def record_key(day: date) -> str:
    """The key of a day record, such as ``days/2025-12-25.json``."""
    return f"{RECORDS}{day.isoformat()}.json"


def change_key(day: date, after: date, number: int) -> str:
    """The key of a change record, such as ``days/2025-12-20.after-2025-12-24.json``.

    ``number``: 1 for the first change record with these two days, 2 for the second, whose key ends in ``.2.json``.
    """
    return f"{RECORDS}{day.isoformat()}.after-{after.isoformat()}{f'.{number}' if number > 1 else ''}.json"


def day_of_record(key: str) -> date | None:
    """The day in the key of a day record; None if ``key`` is not the key of a day record."""
    match = _RECORD_KEY.fullmatch(key)
    return _day(match[1]) if match else None


def days_of_change(key: str) -> tuple[date, date] | None:
    """The two days in the key of a change record; None if ``key`` is not the key of a change record.

    The first day is the day that changed. The second is the day of the newest day record when the change was recorded.
    """
    match = _CHANGE_KEY.fullmatch(key)
    if not match:
        return None
    changed, after = _day(match[1]), _day(match[2])
    return (changed, after) if changed and after else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
