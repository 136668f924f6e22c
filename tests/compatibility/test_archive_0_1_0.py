"""This program writes the same bytes as release 0.1.0, and continues an archive of that release.

The tests undo intended changes of the formats before they compare files.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest

from feedarchive.archive.forget import forget
from feedarchive.archive.open_archive import open_archive
from feedarchive.builds.builder import DigestBuilder
from feedarchive.run import Run
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from feedarchive.subscriptions.article_counts import articles_by_source
from tests.compatibility import scenario
from tests.harness.clock import Clock
from tests.harness.digests import RecordingAnnouncer

OLD = Path(__file__).with_name("archive_0_1_0")
DIGEST = "archive/2025/12/25/digest.json"
_COMPARED = ("archive", "claims/", "days/", "feeds")
# Messages for people: any release may improve their wording.
MESSAGES = ("error", "damage")
NOT_IN_VERSION_1 = ("language", "guid", "wording", "words_added", "words_removed", "previous_title", "group")
"""Keys that digest.json got in version 2."""
# Later releases add fields, which 0.1.0 ignores.
ADDED = (
    "advertised_feeds", "text_rules", "validators_url", "unmodified_since", "untrue_304", "changes", "held",
    "reported_error", "reported_at",
)  # fmt: skip


def _run(store: Store, clock: Clock, documents: Mapping[str, scenario.Response]) -> None:
    archive = open_archive(store, scenario.FEEDS)
    with scenario.serving(clock, documents):
        run = Run(store, archive, clock, random=Random(1))
        run.execute(run.plan())


def _build(store: Store, clock: Clock) -> None:
    _builder(store, clock).build_due(RecordingAnnouncer())


def _builder(store: Store, clock: Clock) -> DigestBuilder:
    archive = open_archive(store, scenario.FEEDS)
    return DigestBuilder(store, archive.time_zone, archive.feeds.feeds, clock(), archive.feeds_file_error)


def _files(folder: Path) -> dict[str, bytes]:
    """Every file that programs read, except state, which is compared by value."""
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    kept = {key: data for key, data in files.items() if key.startswith(_COMPARED) and not key.endswith(".html")}
    forms = {"digest.json": _in_version_1, "digest.md": _without_edits, "index.json": _index_without_hashes}
    records = {key: _record_without_hashes(data) for key, data in kept.items() if key.startswith("days/")}
    return {key: forms.get(key.rpartition("/")[2], bytes)(data) for key, data in kept.items()} | records


def _index_without_hashes(index_json: bytes) -> bytes:
    """Remove the hashes of digests, which releases after 0.1.0 add to the index."""
    document = json.loads(index_json)
    document.pop("newest_record", None)
    for row in document["days"]:
        row.pop("sha256", None)
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _record_without_hashes(record: bytes) -> bytes:
    """Remove the hashes that releases after 0.1.0 add to the record of a day."""
    document = json.loads(record)
    return (json.dumps({name: document[name] for name in ("day", "announced", "counts")}) + "\n").encode()


def _without_edits(digest_md: bytes) -> bytes:
    """Remove the list of edits, because releases after 0.1.0 write more about each edit, and in another order."""
    return re.sub(rb"\n## Updated\n.*?(?=\n## |\Z)", b"\n## Updated\n", digest_md, flags=re.DOTALL)


def _in_version_1(digest_json: bytes) -> bytes:
    """Convert a digest.json to version 1, which 0.1.0 wrote."""
    document = json.loads(digest_json)
    if document["version"] == 1:
        return digest_json
    document["version"] = 1
    del document["updated"]
    for file in document["files"]:
        for name in NOT_IN_VERSION_1:
            del file[name]
        if file["revision"] is None:
            del file["revision"], file["previous"]
        file.update({name: "" for name, value in file.items() if value is None})
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _state(folder: Path) -> dict[str, Any]:
    state: dict[str, Any] = json.loads((folder / "state" / "all.json").read_bytes())
    for feed in state["feeds"].values():
        for name in (*MESSAGES, *ADDED):
            feed.pop(name, None)
    # In 0.1.0, a rate limit applied to a host without its port.
    state["hosts"] = {host.partition(":")[0]: limit for host, limit in state["hosts"].items()}
    return state


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # In 0.1.0, the file of a post without a title was named "untitled".
    monkeypatch.setattr("feedarchive.archive.archiver.name_of", lambda article: article.title)
    # In 0.1.0, a revision did not contain the numbers of added and removed words.
    monkeypatch.setattr("feedarchive.archive.revisions.changes_since", lambda before, article: None)
    scenario.play(FolderStore(tmp_path), Clock(), _run, _build, forget)
    assert _files(tmp_path) == _files(OLD)
    assert _state(tmp_path) == _state(OLD)


@pytest.mark.parametrize("lost", ["nothing", "state"])
def test_an_archive_of_0_1_0_continues_and_adds_nothing(tmp_path: Path, lost: str) -> None:
    shutil.copytree(OLD, tmp_path, dirs_exist_ok=True)
    if lost == "state":
        shutil.rmtree(tmp_path / "state")
    clock = Clock()
    clock.move(days=3)
    _run(FolderStore(tmp_path), clock, scenario.documents(edited=True))
    assert _files(tmp_path) == _files(OLD)


def test_an_old_digest_is_read_and_only_a_build_of_all_days_writes_it_again(tmp_path: Path) -> None:
    shutil.copytree(OLD, tmp_path, dirs_exist_ok=True)
    store, clock = FolderStore(tmp_path), Clock()
    old = (OLD / DIGEST).read_bytes()
    source = scenario.url("/news.xml")
    assert articles_by_source(store, "Europe/Berlin")[source] == 9
    clock.move(days=20)
    _build(store, clock)
    assert json.loads((tmp_path / "status.json").read_bytes())["new_by_day"]["2025-12-25"][source] == 9
    assert (tmp_path / DIGEST).read_bytes() == old
    _builder(store, clock).build_all()
    assert json.loads((tmp_path / DIGEST).read_bytes())["version"] == 2
    assert _files(tmp_path) == _files(OLD)
