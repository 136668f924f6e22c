"""Restore missing and damaged files from a copy. A file of the copy is used only if it has the expected hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from tempfile import TemporaryFile

from feedarchive.digest.digest import day_folder
from feedarchive.digest.index import ParsedIndex
from feedarchive.hashes import sha256_of
from feedarchive.media.object_key import sha256_of_key
from feedarchive.proof.records import record_key
from feedarchive.store.interface import Store
from feedarchive.verification.findings import Fault, Finding
from feedarchive.verification.verify_chain import Records

_FILES = (Fault.MISSING, Fault.CHANGED, Fault.TRUNCATED)
_MEDIA = (Fault.MEDIA_MISSING, Fault.MEDIA_CHANGED)
_DIGESTS = (Fault.DIGEST_MISSING, Fault.DIGEST_CHANGED)
_RECORDS = (Fault.RECORD_MISSING, Fault.RECORD_CHANGED)


def expected_hashes(
    findings: Iterable[Finding], files: Mapping[str, str], index: ParsedIndex | None, records: Records
) -> dict[str, str]:
    """The SHA-256 that each missing or damaged file must have, by key. A file is left out if its hash is unknown.

    ``files``: the hashes of article files in the digests, by key.
    """
    known = dict(files)
    for day, indexed in index.days.items() if index else ():
        if indexed.sha256:
            known[f"{day_folder(day)}digest.json"] = indexed.sha256
    for record in records.days.values():
        known |= record.changes
        if record.previous:
            known[record_key(record.previous.day)] = record.previous.sha256
    if index:
        known = {**index.end.changes, **known}
    if index and index.end.newest:
        known.setdefault(record_key(index.end.newest.day), index.end.newest.sha256)
    known |= {each.key: sha256_of_key(each.key) for each in findings if each.fault in _MEDIA}
    wanted = {each.key for each in findings if each.fault in (*_MEDIA, *_FILES, *_DIGESTS, *_RECORDS)}
    return {key: known[key] for key in sorted(wanted) if key in known}


@dataclass(frozen=True)
class RepairedFiles:
    """The keys of the files that were put back, and the keys of the files that are missing or damaged in the copy."""

    repaired: tuple[str, ...]
    not_found: tuple[str, ...]


def repair_files(store: Store, copy: Store, expected: Mapping[str, str]) -> RepairedFiles:
    """Put back files from a copy.

    ``expected``: the SHA-256 that each file must have, by key.
    """
    repaired: list[str] = []
    not_found: list[str] = []
    for key, wanted in expected.items():
        done = _put_back_object(store, copy, key) if sha256_of_key(key) else _put_back(store, copy, key, wanted)
        (repaired if done else not_found).append(key)
    store.sync()
    return RepairedFiles(tuple(repaired), tuple(not_found))


def _put_back(store: Store, copy: Store, key: str, wanted: str) -> bool:
    good = copy.read(key)
    if good is None or sha256_of(good.data) != wanted:
        return False
    stored = store.read(key)
    return store.replace(key, good.data, stored.version) if stored else store.create(key, good.data)


def _put_back_object(store: Store, copy: Store, key: str) -> bool:
    """Put back a picture or an enclosure from a copy. It may be large, so it is not read into memory."""
    with TemporaryFile() as file:
        for part in copy.stream(key) or ():
            file.write(part)
        file.seek(0)
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256_of_key(key):
            return False
        store.delete(key)
        return store.create_from(key, file)
