"""digest.json and index.json with values that this program does not write count as missing, as a whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from feedarchive.digest.digest import make_digest
from feedarchive.digest.digest_json import parse_digest_json, to_json
from feedarchive.digest.index import IndexedDay, indexed_days, write_index
from feedarchive.digest.indexed_dates import INDEX
from feedarchive.store.folder import FolderStore
from tests.unit.digest.entries import DAY, numbered


def digest_json(change: Callable[[dict[str, Any]], object] = lambda document: None) -> bytes:
    document = json.loads(to_json(make_digest(DAY, "UTC", [numbered(1), numbered(2)])))
    change(document)
    return json.dumps(document).encode()


def test_a_digest_json_is_parsed_to_the_entries_it_was_made_of() -> None:
    found = parse_digest_json(digest_json(), DAY, "UTC")
    assert list(found.values()) == [numbered(1), numbered(2)]
    assert list(found) == [numbered(1).key, numbered(2).key]


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.update(version=3),
        lambda document: document.update(day="2025-12-24"),
        lambda document: document.update(time_zone="Asia/Tokyo"),
        lambda document: document.pop("files"),
        lambda document: document["files"][0].update(unknown="field"),
        lambda document: document["files"][0].pop("words"),
        lambda document: document["files"][0].pop("guid"),
        lambda document: document["files"][0].update(id=None),
        lambda document: document["files"][0].update(words=-1),
        lambda document: document["files"][0].update(words=True),
        lambda document: document["files"][0].update(revision="2"),
        lambda document: document["files"][0].update(tags=["a", 1]),
        lambda document: document["files"][0].update(published="25 Dec 2025"),
        lambda document: document["files"][0].update(archived=""),
        lambda document: document["files"][0].update(archived=None),
    ],
)
def test_a_digest_json_with_any_wrong_value_has_no_entries(change: Callable[[dict[str, Any]], object]) -> None:
    assert parse_digest_json(digest_json(change), DAY, "UTC") == {}


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.update(version=2),
        lambda document: document.update(time_zone="Asia/Tokyo"),
        lambda document: document["days"][0].update(day="2025-13-25"),
        lambda document: document["days"][0].update(counts={}),
        lambda document: document["days"][0].update(sha256="A" * 64),
        lambda document: document["days"][0]["counts"].pop("words"),
        lambda document: document["days"][0]["counts"].update(words="many"),
    ],
)
def test_an_index_with_any_wrong_value_has_no_days(
    folder_store: FolderStore, change: Callable[[dict[str, Any]], object]
) -> None:
    indexed = IndexedDay(make_digest(DAY, "UTC", [numbered(1)]).counts(), "a" * 64)
    days = {DAY: indexed, date(2025, 12, 24): indexed}
    assert write_index(folder_store, "UTC", days, all_days=True)
    assert indexed_days(folder_store, "UTC") == days
    stored = folder_store.read(INDEX)
    assert stored is not None
    document = json.loads(stored.data)
    change(document)
    assert folder_store.replace(INDEX, json.dumps(document).encode(), stored.version)
    assert indexed_days(folder_store, "UTC") == {}
