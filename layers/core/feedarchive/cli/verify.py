"""``feedarchive verify`` checks an archive or a copy; ``feedarchive repair`` repairs an archive."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping

from feedarchive.archive.manifest import MANIFEST
from feedarchive.archive.open_archive import open_for_reading
from feedarchive.cli.copy_progress import copy_progress
from feedarchive.clock import now
from feedarchive.copying.selection import Selection
from feedarchive.copying.transfer import CONNECTIONS
from feedarchive.digest.index import INDEX, ParsedIndex, parse_index
from feedarchive.json_values import DamagedJSON
from feedarchive.media.remove_unused import remove_unused
from feedarchive.store.interface import Store
from feedarchive.store.location import open_store
from feedarchive.text import bytes_of, count_of
from feedarchive.urls import without_credentials
from feedarchive.verification.findings import Fault, Finding
from feedarchive.verification.hash_files import sha256_in_parts
from feedarchive.verification.repair_claims import ClaimRepair
from feedarchive.verification.repair_files import expected_hashes, repair_files
from feedarchive.verification.verify_archive import ArchiveCheck, Verification
from feedarchive.verification.verify_chain import read_records

_MAX_PRINTED_FINDINGS = 50
# The first pass may put back a list of media. The second pass then puts back the pictures that the list names.
_PASSES = 2
_CLAIMS = (Fault.CLAIM_MISSING, Fault.CLAIM_DAMAGED, Fault.CLAIMS_LOST)


def verify(arguments: argparse.Namespace) -> int:
    """Check an archive or a copy. Returns 0 if all is well, otherwise 1."""
    store = open_store(arguments.location, CONNECTIONS)
    selection = Selection(arguments.days, arguments.since, arguments.until)
    with copy_progress(sys.stdout.isatty() and not arguments.json, "verifying") as progress:
        found = ArchiveCheck(store, now(), selection, arguments.quick, progress).run()
    good = _good_copies(store, open_store(arguments.against, CONNECTIONS), found) if arguments.against else {}
    if arguments.json:
        print(json.dumps(_as_json(found, good)))
    else:
        _print(found, good, arguments.against)
    return 1 if found.findings else 0


def repair(arguments: argparse.Namespace) -> int:
    """Write lost claims again, and put back files from a copy. Returns 0 if all is well afterwards, otherwise 1."""
    store = open_store(arguments.archive, CONNECTIONS)
    archive = open_for_reading(store)
    with copy_progress(sys.stdout.isatty(), "verifying") as progress:
        found = left = ArchiveCheck(store, now(), progress=progress).run()
    copy = open_store(arguments.source, CONNECTIONS) if arguments.source else None
    tried = set[str]()
    for _ in range(_PASSES):
        expected = {key: sha256 for key, sha256 in _expected(store, left).items() if copy and key not in tried}
        if copy and expected:
            _put_back(store, copy, expected, arguments.source)
        if left is found and any(each.fault in _CLAIMS for each in found.findings):
            feed_ids = {without_credentials(feed.url): feed.id for feed in archive.feeds.feeds}
            written = ClaimRepair(store, archive.time_zone.key, feed_ids).repair()
            print(f"wrote {count_of(written, 'claim')} again from the articles")
        elif not expected:
            break
        tried |= expected.keys()
        left = ArchiveCheck(store, now()).run()
    # If anything is damaged, keep the unused pictures: a damaged list of media may name them.
    if left.media.unused and not left.findings:
        for key in remove_unused(store, left.media.unused):
            print(f"removed {key}: no article uses it")
        left = ArchiveCheck(store, now()).run()
    _print(left, {}, "")
    return 1 if left.findings else 0


def _put_back(store: Store, copy: Store, expected: Mapping[str, str], source: str) -> None:
    done = repair_files(store, copy, expected)
    for key in done.repaired:
        print(f"repaired {key}")
    for key in done.not_found:
        print(f"feedarchive: {key}: not repaired, because {source} has no undamaged copy of it", file=sys.stderr)


def _expected(store: Store, found: Verification) -> dict[str, str]:
    stored = store.read(INDEX)
    try:
        index: ParsedIndex | None = parse_index(stored.data) if stored else None
    except DamagedJSON:
        index = None
    return expected_hashes(found.findings, found.days.hashes, index, read_records(store))


def _good_copies(store: Store, other: Store, found: Verification) -> dict[str, bool]:
    """Check which damaged files have an undamaged copy in ``other``."""
    expected = _expected(store, found)
    return {key: sha256_in_parts(other.stream(key)) == wanted for key, wanted in expected.items()}


def _as_json(found: Verification, good: Mapping[str, bool]) -> dict[str, object]:
    newest = found.chain.newest if found.chain else None
    return {
        "files": found.days.files,
        "bytes": found.days.bytes,
        "media": {"files": found.media.objects, "bytes": found.media.bytes},
        "claims_checked": found.has_claims,
        "documents": {"documents": found.documents.documents, "bytes": found.documents.bytes}
        if found.documents
        else None,
        "chain": {"days": found.chain.days, "newest": newest.day.isoformat(), "sha256": newest.sha256}
        if found.chain and newest
        else None,
        "findings": [{**each.as_json(), **_good(each, good)} for each in found.findings],
        "notes": [{"key": note.key, "text": note.text} for note in found.notes],
    }


def _good(finding: Finding, good: Mapping[str, bool]) -> dict[str, bool]:
    return {"good_in_other": good[finding.key]} if finding.key in good else {}


def _print(found: Verification, good: Mapping[str, bool], other: str) -> None:
    for each in found.findings[:_MAX_PRINTED_FINDINGS]:
        which = {True: f"; undamaged in {other}", False: f"; no undamaged copy in {other}"}
        print(each.line + (which[good[each.key]] if each.key in good else ""))
    if len(found.findings) > _MAX_PRINTED_FINDINGS:
        print(f"and {len(found.findings) - _MAX_PRINTED_FINDINGS} more problems: --json lists all")
    for note in found.notes:
        print(f"{note.key}: {note.text}")
    read = f" ({bytes_of(found.days.bytes)})" if found.days.bytes else ""
    print(f"files that match the digests: {found.days.files:,}{read}; {_checked(found)}")
    if found.media.objects:
        size = bytes_of(found.media.bytes)
        print(f"media files that match the lists of media: {found.media.objects:,} ({size})")
    if found.documents and found.documents.documents:
        read = bytes_of(found.documents.bytes)
        print(f"{count_of(found.documents.documents, 'feed document')} checked ({read})")
    if found.chain and found.chain.newest:
        newest = found.chain.newest
        days = count_of(found.chain.days, "day")
        print(f"the chain of records covers {days}; its newest record: {newest.sha256}  days/{newest.day}.json")


def _checked(found: Verification) -> str:
    number = len(found.findings)
    why = f"because {MANIFEST} is missing or only some days were checked"
    claims = "" if found.has_claims else f"; claims were not checked, {why}"
    return (f"{count_of(number, 'problem')} found" if number else "all is well") + claims
