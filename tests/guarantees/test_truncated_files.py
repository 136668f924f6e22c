"""A power cut may leave truncated files in a folder: they are replaced, and no article is archived twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from tests.harness.clock import Clock
from tests.harness.feed_archiver import FeedArchiver, articles, everything
from tests.harness.feed_documents import Item

ITEM = Item("A bridge", link="https://example.org/a", guid="tag:1")


@pytest.fixture
def archiver(folder_store: FolderStore, clock: Clock) -> FeedArchiver:
    return FeedArchiver(folder_store, clock, stateless=True)


@pytest.mark.parametrize("left", [b"", b'{"key": "archi', b'---\ntitle: "A br'])
@pytest.mark.parametrize("prefix", ["archive/", "claims/", ""])
@pytest.mark.parametrize("days", [0, 1, 30])
def test_truncated_files_are_replaced_by_the_same_files(
    archiver: FeedArchiver, clock: Clock, left: bytes, prefix: str, days: int
) -> None:
    archiver.poll(ITEM)
    complete = everything(archiver.store)
    _overwrite(archiver.store, prefix, left)
    clock.move(days=days)
    archiver.poll(ITEM)
    found = articles(archiver.store)
    assert len(found) == 1
    if prefix or days == 0:  # if both file and claim are truncated, the day is unknown
        assert found == {key: data for key, data in complete.items() if key.startswith("archive/")}
    (text,) = found.values()
    assert text.endswith(b"happened.\n")
    after = everything(archiver.store)
    archiver.poll(ITEM)
    assert everything(archiver.store) == after


CLAIM = '{"key": "k", "time": "2025-12-25T10:00:00Z", "feed": "f", "guid": "", "title": "t", "wording": "w"}'
WRONG_CLAIMS = [
    "null", "7", "[]", "{}", "[" * 200_000, CLAIM.replace('"k"', "5"), CLAIM.replace('"w"', "null"),
    CLAIM.replace("Z", ""), CLAIM.replace('"guid"', '"gid"'), CLAIM.replace('"w"', '"w", "deleted": 5'),
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG_CLAIMS, ids=lambda wrong: wrong[-40:])
def test_claims_with_other_contents_are_recovered_from_their_files(
    archiver: FeedArchiver, clock: Clock, wrong: str
) -> None:
    archiver.poll(ITEM)
    complete = everything(archiver.store)
    _overwrite(archiver.store, "claims/", wrong.encode() + b"\n")
    clock.move(days=1)
    archiver.poll(ITEM)
    assert articles(archiver.store) == {key: data for key, data in complete.items() if key.startswith("archive/")}
    after = everything(archiver.store)
    archiver.poll(ITEM)
    assert everything(archiver.store) == after


def _overwrite(store: Store, prefix: str, left: bytes) -> None:
    keys = list(store.list(prefix))
    assert keys
    for key in keys:
        (Path(store.location) / key).write_bytes(left)
