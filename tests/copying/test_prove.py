"""The commands in a proof give the hashes that the proof states, but not for another file."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from pathlib import Path

import pytest

from feedarchive.hashes import sha256_of
from feedarchive.proof.proof_text import proof_text
from feedarchive.proof.prove import CannotProve, prove
from feedarchive.store.folder import FolderStore
from tests.copying.archives import files, make_archive
from tests.harness.clock import Clock
from tests.harness.digests import ITEMS, SITE, build
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import Item


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> FolderStore:
    store = FolderStore(tmp_path / "my-archive")
    make_archive(store, clock)
    clock.move(days=1)
    FeedArchiver(store, clock).poll(*ITEMS, Item("Last", link=f"{SITE}/last", text="End."))
    build(store, clock())
    return store


def _key(store: FolderStore, name: str) -> str:
    return next(key for key in files(store) if key.endswith(".md") and name in key)


def _follow(text: str, file: bytes, name: str, folder: Path) -> list[tuple[str, str]]:
    """Run each command in a proof. For each, return the printed hash and the hash that the proof states."""
    folder.mkdir()
    (folder / name).write_bytes(file)
    (folder / "PROOF").write_text(text)
    found = []
    for command, expected in re.findall(r"^\$ (.*)\n([0-9a-f]{64})$", text, re.MULTILINE):
        done = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, check=True)
        found.append((done.stdout.split()[0].decode(), expected))
    return found


@pytest.mark.parametrize(
    ("name", "records"),
    [
        ("12/25/example.org/article-3", ["days/2025-12-25.after-2025-12-26.json", "days/2025-12-27.json"]),
        ("12/26/example.org/article-0", ["days/2025-12-26.json", "days/2025-12-27.json"]),
        ("12/27/example.org/of-another-day", ["days/2025-12-27.json"]),
    ],
    ids=["a day that changed since", "a day before", "the newest day"],
)
def test_the_commands_of_a_proof_give_its_hashes(
    store: FolderStore, tmp_path: Path, name: str, records: list[str]
) -> None:
    key = _key(store, name)
    proof = prove(store, key, "UTC")
    assert [link.key for link in proof.links] == records
    newest = store.read("days/2025-12-27.json")
    assert newest is not None
    assert proof.value == sha256_of(newest.data)
    hashes = {link.key: sha256_of(link.text.encode()) for link in proof.links}
    text = proof_text(proof, hashes)
    stored = store.read(key)
    assert stored is not None
    followed = _follow(text, stored.data, key.rpartition("/")[2], tmp_path / "follow")
    assert len(followed) == 2 + len(records)
    assert all(printed == expected for printed, expected in followed)
    assert f"{proof.sha256}  {key}\n" in proof.files
    assert all(link.commits_to in link.text for link in proof.links)
    other = _follow(text, stored.data + b"more", key.rpartition("/")[2], tmp_path / "other")
    assert [printed == expected for printed, expected in other] == [False, *[True] * (1 + len(records))]


def test_a_proof_can_end_at_an_earlier_day(store: FolderStore) -> None:
    proof = prove(store, _key(store, "12/26/example.org/article-0"), "UTC", until=date(2025, 12, 26))
    assert [link.key for link in proof.links] == ["days/2025-12-26.json"]


def test_what_cannot_be_proved_is_said(store: FolderStore, clock: Clock) -> None:
    with pytest.raises(CannotProve, match="no digest lists nothing"):
        prove(store, "nothing", "UTC")
    with pytest.raises(CannotProve, match="the day is not announced yet"):
        prove(store, _key(store, "12/28/example.org/last"), "UTC")
    key = _key(store, "12/26/example.org/article-0")
    (Path(store.location) / key).write_bytes(b"changed\n")
    with pytest.raises(CannotProve, match="was changed after its digest was built"):
        prove(store, key, "UTC")
