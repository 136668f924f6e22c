"""The generated feeds: the same bytes on any machine, and the expected entries."""

from __future__ import annotations

import hashlib

import pytest

from benchmarks.peers.generate import ENTRIES, KINDS, KINDS_WITH_OWN_GUID, document, kind_of
from feedarchive.document.model import Document, Entry
from feedarchive.document.parse_document import parse_document

NUMBERS = range(len(KINDS))


def entries(number: int, new_entries: int = 0) -> list[Entry]:
    parsed = parse_document(document(number, new_entries), f"http://127.1.0.{number}/")
    assert isinstance(parsed, Document)
    return list(parsed.entries)


def test_the_same_seed_gives_the_same_bytes_on_every_machine() -> None:
    documents = b"".join(document(number) for number in NUMBERS)
    assert hashlib.sha256(documents).hexdigest() == "3c3e3c95ca076fb58a25fd26312b16699e415b1bd2dc6ffcb9ce6508b275b03d"


def test_another_seed_gives_another_document() -> None:
    assert document(0, seed=1) != document(0, seed=2)


@pytest.mark.parametrize("number", NUMBERS)
def test_all_entries_are_parsed_and_differ(number: int) -> None:
    assert len({entry.link for entry in entries(number)}) == ENTRIES


@pytest.mark.parametrize("number", NUMBERS)
def test_a_new_entry_comes_first_and_the_oldest_is_removed(number: int) -> None:
    before, after = entries(number), entries(number, new_entries=1)
    assert after[1:] == before[:-1]
    assert after[0] not in before


@pytest.mark.parametrize("number", NUMBERS)
def test_the_kinds_have_the_guids_they_are_named_for(number: int) -> None:
    own = [entry.guid != entry.link for entry in entries(number)]
    assert own == [kind_of(number) in KINDS_WITH_OWN_GUID] * ENTRIES


def test_a_document_is_about_50_kb() -> None:
    sizes = [len(document(number)) for number in range(40)]
    assert 45_000 < sum(sizes) / len(sizes) < 55_000
