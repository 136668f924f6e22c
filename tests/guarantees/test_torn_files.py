"""After a power cut a folder may hold torn files: they are replaced, and nothing is there twice."""

from __future__ import annotations

import pytest

from clock import Clock
from feedarchive.store.folder import FolderStore
from press import Item, Press, articles, everything

ITEM = Item("A bridge", link="https://example.org/a", guid="tag:1")


@pytest.fixture
def press(folder_store: FolderStore, clock: Clock) -> Press:
    return Press(folder_store, clock, forgetful=True)


@pytest.mark.parametrize("left", [b"", b'{"key": "archi', b'---\ntitle: "A br'])
@pytest.mark.parametrize("what", ["archive/", "claims/", ""])
@pytest.mark.parametrize("days", [0, 1, 30])
def test_torn_files_are_replaced_by_what_they_were(
    press: Press, clock: Clock, left: bytes, what: str, days: int
) -> None:
    press.poll(ITEM)
    whole = everything(press.store)
    _tear(press.store, what, left)
    clock.move(days=days)
    press.poll(ITEM)
    found = articles(press.store)
    assert len(found) == 1
    if what or days == 0:
        assert found == {key: data for key, data in whole.items() if key.startswith("archive/")}
    (text,) = found.values()
    assert text.endswith(b"happened.\n")
    after = everything(press.store)
    press.poll(ITEM)
    assert everything(press.store) == after


CLAIM = '{"key": "k", "time": "2025-12-25T10:00:00Z", "feed": "f", "guid": "", "title": "t", "wording": "w"}'
WRONG_CLAIMS = [
    "null", "7", "[]", "{}", "[" * 200_000, CLAIM.replace('"k"', "5"), CLAIM.replace('"w"', "null"),
    CLAIM.replace("Z", ""), CLAIM.replace('"guid"', '"gid"'), CLAIM.replace('"w"', '"w", "deleted": 5'),
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG_CLAIMS, ids=lambda wrong: wrong[-40:])
def test_claims_that_no_program_of_ours_wrote_are_made_again_from_their_files(
    press: Press, clock: Clock, wrong: str
) -> None:
    press.poll(ITEM)
    whole = everything(press.store)
    _tear(press.store, "claims/", wrong.encode() + b"\n")
    clock.move(days=1)
    press.poll(ITEM)
    assert articles(press.store) == {key: data for key, data in whole.items() if key.startswith("archive/")}
    after = everything(press.store)
    press.poll(ITEM)
    assert everything(press.store) == after


def _tear(store: object, prefix: str, left: bytes) -> None:
    assert isinstance(store, FolderStore)
    from pathlib import Path

    for key in list(store.list(prefix)):
        (Path(store.location) / key).write_bytes(left)
