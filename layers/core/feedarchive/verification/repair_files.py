"""Put back what is missing or damaged from a good copy, only where a hash proves that it is the right file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from feedarchive.digest.digest import day_folder
from feedarchive.digest.index import ParsedIndex
from feedarchive.proof.file_list import sha256
from feedarchive.proof.records import record_key
from feedarchive.store.interface import Store
from feedarchive.verification.findings import Fault, Finding
from feedarchive.verification.verify_chain import Records

_FILES = (Fault.MISSING, Fault.CHANGED, Fault.TRUNCATED)
_DIGESTS = (Fault.DIGEST_MISSING, Fault.DIGEST_CHANGED)
_RECORDS = (Fault.RECORD_MISSING, Fault.RECORD_CHANGED)


def expected_hashes(
    findings: Iterable[Finding], files: Mapping[str, str], index: ParsedIndex | None, records: Records
) -> dict[str, str]:
    """The SHA-256 that each damaged file must have, by key, as far as the archive knows it.

    ``files`` are the hashes of articles by the digests.
    """
    known = dict(files)
    for day, indexed in index.days.items() if index else ():
        if indexed.sha256:
            known[f"{day_folder(day)}digest.json"] = indexed.sha256
    for record in records.days.values():
        known |= record.changes
        if record.previous:
            known[record_key(record.previous.day)] = record.previous.sha256
    if index and index.newest:
        known.setdefault(record_key(index.newest.day), index.newest.sha256)
    wanted = {each.key for each in findings if each.fault in (*_FILES, *_DIGESTS, *_RECORDS)}
    return {key: known[key] for key in sorted(wanted) if key in known}


@dataclass(frozen=True)
class RepairedFiles:
    """The keys of files that were put back, and of those that the copy does not have either."""

    repaired: tuple[str, ...]
    not_found: tuple[str, ...]


def repair_files(store: Store, copy: Store, expected: Mapping[str, str]) -> RepairedFiles:
    """Put back these files from a copy."""
    repaired: list[str] = []
    not_found: list[str] = []
    for key, wanted in expected.items():
        good = copy.read(key)
        if good is None or sha256(good.data) != wanted:
            not_found.append(key)
            continue
        stored = store.read(key)
        done = store.replace(key, good.data, stored.version) if stored else store.create(key, good.data)
        (repaired if done else not_found).append(key)
    store.sync()
    return RepairedFiles(tuple(repaired), tuple(not_found))
