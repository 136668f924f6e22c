"""Collect the proof that an archive contained a file on a day: the list of the day's files, and the later records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from feedarchive.archive.manifest import InvalidArchive
from feedarchive.digest.calendar import day_of
from feedarchive.digest.digest import day_folder
from feedarchive.digest.digest_json import parse_digest
from feedarchive.hashes import sha256_of
from feedarchive.json_values import DamagedJSON
from feedarchive.proof.file_list import file_hashes, file_list, list_hash
from feedarchive.proof.record_json import parse_change, parse_record
from feedarchive.proof.records import RECORDS, DayRecord, day_of_record, days_of_change, record_key
from feedarchive.store.interface import Store


class CannotProve(InvalidArchive):
    """There is no proof for the file. The message says why."""


@dataclass(frozen=True)
class Link:
    """A record in a proof.

    - ``text`` is the contents of the record's file: one line with the newline.
    - ``commits_to`` is a hash in ``text``: the hash of the list of files, or the hash of the previous record.
    """

    key: str
    text: str
    commits_to: str


@dataclass(frozen=True)
class Proof:
    """The proof that a file was in an archive.

    - ``key`` is the key of the file, and ``sha256`` its hash.
    - ``files`` is the list of all files of its day (file_list.py).
    - ``links`` are the records from this day on. The first record contains the hash of ``files``, and each later record
      contains the hash of the record before it.
    """

    key: str
    sha256: str
    day: date
    files: str
    links: tuple[Link, ...]

    @property
    def value(self) -> str:
        """The hash of the last record. With this hash from another source, anyone can check the proof."""
        return sha256_of(self.links[-1].text.encode())


def prove(store: Store, key: str, time_zone: str, until: date | None = None) -> Proof:
    """Collect the proof that an article file was in the archive on its day. Raises CannotProve.

    ``until``: leave out the records of the days after this day.
    """
    day = day_of(key)
    digest = store.read(f"{day_folder(day)}digest.json") if day else None
    listed = parse_digest(digest.data, day, time_zone).listed if digest and day else {}
    if day is None or key not in listed:
        raise CannotProve(f"no digest lists {key}: give the key of an article, such as archive/2025/12/25/…")
    stored = store.read(key)
    if stored is None or sha256_of(stored.data) != listed[key].sha256:
        raise CannotProve(f"{key} is missing, or was changed after its digest was built: run feedarchive verify")
    files = file_hashes(listed.values())
    first = _first_links(store, day, list_hash(files))
    links = [*first, *_later_links(store, first[-1], until)]
    return Proof(key, listed[key].sha256, day, file_list(files).decode(), tuple(links))


def _first_links(store: Store, day: date, wanted: str) -> list[Link]:
    """Return the record that contains ``wanted``, the hash of the list of the day's files. Raises CannotProve.

    If the record is a change record, also return the day record that contains its hash.
    """
    record = _read(store, record_key(day))
    has_list = record is not None and record[1].hashes is not None and record[1].hashes.files == wanted
    if record and has_list and (record[1].previous or not _is_late(store, day)):
        return [Link(record_key(day), record[0], wanted)]
    for key in store.list(f"{RECORDS}{day.isoformat()}.after-"):
        stored, days = store.read(key), days_of_change(key)
        try:
            change = parse_change(stored.data) if stored else None
        except DamagedJSON:
            continue
        if stored and days and change and change.hashes.files == wanted:
            link = Link(key, stored.data.decode(), wanted)
            return [link, _record_with(store, days[1], key, sha256_of(stored.data))]
    for later in sorted(each for key in store.list(RECORDS) if (each := day_of_record(key)) and each >= day):
        found = _read(store, record_key(later))
        if found and found[1].earlier.get(day) == wanted:
            return [Link(record_key(later), found[0], wanted)]
    reason = "the day is not announced yet" if record is None else "no record matches its current files"
    raise CannotProve(f"cannot prove {day}: {reason}; run feedarchive digest and feedarchive verify")


def _is_late(store: Store, day: date) -> bool:
    """Check whether the day was announced after a later day. Its day record is then not part of the chain."""
    changes = store.list(f"{RECORDS}{day.isoformat()}.after-")
    return any((days := days_of_change(key)) and days[1] > day for key in changes)


def _record_with(store: Store, after: date, key: str, hashed: str) -> Link:
    """The day record that contains the hash of a change record. Raises CannotProve if there is none yet.

    - ``after``: search only the records of the days after this day.
    - ``key`` and ``hashed`` are the key and the hash of the change record.
    """
    for day in sorted(each for name in store.list(RECORDS) if (each := day_of_record(name)) and each > after):
        found = _read(store, record_key(day))
        if found and found[1].changes.get(key) == hashed:
            return Link(record_key(day), found[0], hashed)
    raise CannotProve(f"no day record contains the hash of {key} yet: run feedarchive digest tomorrow")


def _later_links(store: Store, first: Link, until: date | None) -> list[Link]:
    """The day records after ``first``, up to the day ``until``. Each contains the hash of the previous record."""
    start = day_of_record(first.key)
    days = sorted(day for key in store.list(RECORDS) if (day := day_of_record(key)) and start and day > start)
    links, last = [], first
    for day in days:
        if until and day > until:
            break
        found = _read(store, record_key(day))
        hashed = sha256_of(last.text.encode())
        if found and found[1].previous and found[1].previous.sha256 == hashed:
            last = Link(record_key(day), found[0], hashed)
            links.append(last)
    return links


def _read(store: Store, key: str) -> tuple[str, DayRecord] | None:
    stored = store.read(key)
    try:
        return (stored.data.decode(), parse_record(stored.data)) if stored else None
    except (DamagedJSON, UnicodeDecodeError):
        return None
