"""Check the chain of records.

The record of a day contains two hashes: the hash of the previous record, and the hash of the list of the day's files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from feedarchive.digest.index import ChainEnd, NewestRecord
from feedarchive.hashes import sha256_of
from feedarchive.json_values import DamagedJSON
from feedarchive.proof.file_list import FileHashes, list_hash
from feedarchive.proof.record_json import change_to_json, parse_change, parse_record, record_to_json
from feedarchive.proof.records import RECORDS, ChangeRecord, DayRecord, day_of_record, days_of_change, record_key
from feedarchive.store.interface import Store
from feedarchive.verification.findings import Fault, Finding, Note


@dataclass
class Records:
    """All records of an archive.

    - ``days``: the day records, by day.
    - ``changes``: the change records, by key.
    - ``hashes``: the SHA-256 of each record's file, by key.
    """

    days: dict[date, DayRecord] = field(default_factory=dict)
    changes: dict[str, ChangeRecord] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class CheckedChain:
    """The result of checking the chain of records.

    - ``days``: how many days have a record in the chain.
    - ``newest``: the newest record of the chain.
    """

    findings: list[Finding]
    notes: list[Note]
    days: int
    newest: NewestRecord | None


def read_records(store: Store) -> Records:
    """Read and parse all records."""
    records = Records()
    for key in store.list(RECORDS):
        stored = store.read(key)
        if stored is None:
            continue
        records.hashes[key] = sha256_of(stored.data)
        try:
            if day := day_of_record(key):
                record = parse_record(stored.data)
                is_intact = record.day == day and record_to_json(record) == stored.data
                records.days[day] = record
            elif changed := days_of_change(key):
                change = parse_change(stored.data)
                is_intact = change.day == changed[0] and change_to_json(change) == stored.data
                records.changes[key] = change
            else:
                records.findings.append(Finding(key, Fault.FOREIGN))
                continue
        except DamagedJSON as error:
            records.findings.append(Finding(key, Fault.RECORD_CHANGED, detail=str(error)))
        else:
            if not is_intact:
                records.findings.append(Finding(key, Fault.RECORD_CHANGED))
    return records


@dataclass(frozen=True)
class ChainCheck:
    """Checks for each day whether its list of files matches the hash in the day record.

    Call ``check_day`` for each day, in any order, and then ``result``.
    """

    records: Records
    _notes: dict[date, list[Note] | None] = field(default_factory=dict)

    @cached_property
    def committed(self) -> dict[date, str]:
        """The first recorded hash of each day's list of files, by day.

        The day records of release 0.1.0 contain no hashes. The first record of a later release contains the hashes for
        the days of these records, in ``earlier``.
        """
        earlier = {day: files for record in self.records.days.values() for day, files in record.earlier.items()}
        own = {day: record.hashes.files for day, record in self.records.days.items() if record.hashes}
        return earlier | own

    def check_day(self, day: date, files: FileHashes | None) -> None:
        """Compare the files of a day with the records of the day. The day must be in ``committed``.

        ``files``: the hashes of the files in the day's digest; None if they are known to match the day's hash in
        ``committed``.
        """
        changes = [change for change in self.records.changes.values() if change.day == day]
        self._notes[day] = [] if files is None else _replay(dict(files), self.committed[day], changes)

    def result(self, end: ChainEnd) -> CheckedChain:
        """Check the links between the records, and return the result for all days and links.

        ``end``: what the index says about the end of the chain.
        """
        notes: list[Note] = []
        findings: list[Finding] = []
        for day, replayed in sorted(self._notes.items()):
            if replayed is None:
                findings.append(Finding(record_key(day), Fault.NOT_AS_RECORDED, day.isoformat()))
            else:
                notes += replayed
        return _checked_chain(self.records, end, findings, notes)


def _checked_chain(records: Records, end: ChainEnd, of_days: list[Finding], notes: list[Note]) -> CheckedChain:
    findings = [*records.findings, *_links(records, end), *of_days]
    linked = {day for day, record in records.days.items() if record.is_linked}
    linked |= {day for record in records.days.values() for day in record.earlier}
    last = max(records.days, default=None)
    head = NewestRecord(last, records.hashes[record_key(last)]) if last else None
    return CheckedChain(_unique(findings), notes, len(linked), head)


def _links(records: Records, end: ChainEnd) -> Iterator[Finding]:
    expected = dict(end.changes)
    if end.newest:
        expected[record_key(end.newest.day)] = end.newest.sha256
    linked: set[str] = set()
    for record in records.days.values():
        if record.previous:
            expected[record_key(record.previous.day)] = record.previous.sha256
        expected |= record.changes
        linked |= record.changes.keys()
    for key, hashed in expected.items():
        if key not in records.hashes:
            yield Finding(key, Fault.RECORD_MISSING)
        elif records.hashes[key] != hashed:
            yield Finding(key, Fault.RECORD_CHANGED)
    waiting = sorted(records.changes.keys() - linked)
    for number, key in enumerate(waiting):
        others = [*linked, *waiting[:number]]
        if any(k in records.changes and records.changes[k].is_same_change(records.changes[key]) for k in others):
            yield Finding(key, Fault.FOREIGN)


def _replay(files: dict[str, str], committed: str, changes: list[ChangeRecord]) -> list[Note] | None:
    """Undo the recorded changes of a day, the last one first, until the list of files has the hash ``committed``.

    Returns a note on each change. Returns None if the list never has this hash: a change was not recorded.
    """
    current, left, notes = list_hash(files), list(changes), []
    are_files_known = True
    while current != committed:
        change = next((each for each in left if each.hashes.files == current and each.before), None)
        if change is None:
            return None
        left.remove(change)
        notes.append(_note(change))
        if change.accepted or not are_files_known:
            # The record of an accepted change may not list all changed files. So the files before the change are
            # unknown, and only the hash of their list is known.
            current, are_files_known = change.before, False
            continue
        for key in change.added:
            files.pop(key, None)
        files |= {key: removed.sha256 for key, removed in change.removed.items()}
        current = list_hash(files)
        if current != change.before:
            return None
    return notes


def _note(change: ChangeRecord) -> Note:
    parts = [f"{len(change.added)} added"] if change.added else []
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    for key, removed in change.removed.items():
        reasons[removed.removal.reason.value].append(key)
    for reason, keys in reasons.items():
        parts.append(f"{len(keys)} {reason} ({', '.join(keys[:3])}{' …' if len(keys) > 3 else ''})")
    parts += ["a person accepted the files of the day as they are"] if change.accepted else []
    text = f"changed on {change.recorded:%Y-%m-%d}, after the day was announced: {', '.join(parts)}"
    return Note(change.day.isoformat(), text)


def _unique(findings: list[Finding]) -> list[Finding]:
    return list({(each.key, each.fault): each for each in findings}.values())
