"""A time stamp is requested once for each record, and ``verify`` checks it. Commands go on if a request fails."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedarchive.stamps.last_error import last_error
from feedarchive.stamps.stamp_newest import stamp_newest
from feedarchive.store.folder import FolderStore
from feedarchive.verification.findings import Fault
from feedarchive.verification.verify_archive import ArchiveCheck, Verification
from tests.cli.command import Workspace
from tests.copying.archives import copy, files, make_archive
from tests.harness.clock import Clock
from tests.stamps.authority import Authority, authority

STAMP = "proofs/2025-12-26.tsr"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Authority]:
    with authority(tmp_path / "authority") as found:
        yield found


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> FolderStore:
    store = FolderStore(tmp_path / "my-archive")
    make_archive(store, clock)
    return store


def _verify(store: FolderStore, clock: Clock) -> Verification:
    return ArchiveCheck(store, clock()).run()


def test_the_newest_record_is_stamped_once_and_openssl_agrees(
    store: FolderStore, running: Authority, clock: Clock, tmp_path: Path
) -> None:
    for _ in range(2):
        assert stamp_newest(store, running.url, clock()) == ""
    assert running.requests == 1
    command = ["openssl", "ts", "-verify", "-data", "days/2025-12-26.json", "-in", STAMP, "-CAfile"]
    done = subprocess.run([*command, running.folder / "root.pem"], cwd=store.location, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [note.text[:13] for note in _verify(store, clock).notes if note.key == STAMP] == ["the signature"]
    store.create("proofs/authority.pem", (running.folder / "root.pem").read_bytes())
    found = _verify(store, clock)
    assert found.findings == ()
    assert [note.text[:14] for note in found.notes if note.key == STAMP] == ["time stamp of "]
    copied = FolderStore(tmp_path / "copy")
    copy(store, copied)
    assert files(copied) == files(store)


@pytest.mark.parametrize("change", ["another record", "a byte of the signature", "no stamp at all"])
def test_a_wrong_stamp_is_found(store: FolderStore, running: Authority, clock: Clock, change: str) -> None:
    stamp_newest(store, running.url, clock())
    store.create("proofs/authority.pem", (running.folder / "root.pem").read_bytes())
    path = Path(store.location) / STAMP
    data = path.read_bytes()
    if change == "another record":
        path.rename(path.with_name("2025-12-25.tsr"))
    elif change == "a byte of the signature":
        path.write_bytes(data[:-3] + bytes([data[-3] ^ 1]) + data[-2:])
    else:
        path.write_bytes(b"")
    assert [each.fault for each in _verify(store, clock).findings] == [Fault.STAMP_WRONG]


@pytest.mark.parametrize(
    ("answer", "status", "error"),
    [
        (b"<html>", 503, "503 Server Error"),
        (b"<html>", 200, "not a time stamp"),
        (b"\x30\x05\x30\x03\x02\x01\x02", 200, "the authority refused the request (status 2)"),
        (b"\x30\x05\x30\x03\x02\x01\x00", 200, "the stamp is for another request"),
    ],
)
def test_a_failure_is_a_line_in_status_until_the_next_success(
    store: FolderStore, running: Authority, clock: Clock, answer: bytes, status: int, error: str
) -> None:
    running.answer, running.status = answer, status
    assert error in stamp_newest(store, running.url, clock())
    assert error in last_error(store)
    assert store.read(STAMP) is None
    assert _verify(store, clock).findings == ()
    running.answer, running.status = b"", 200
    assert stamp_newest(store, running.url, clock()) == ""
    assert last_error(store) == ""


def test_the_commands_ask_for_a_stamp_and_name_a_failure(
    tmp_path: Path, store: FolderStore, running: Authority
) -> None:
    workspace = Workspace(tmp_path)
    feeds = workspace.archive / "feeds.toml"
    feeds.write_text(f'[archive]\ntimestamp = "{running.url}"\n{feeds.read_text()}')
    running.answer = b"no"
    done = workspace.run("digest")
    assert (done.status, "not a time stamp; the next build tries again" in done.stderr) == (0, True)
    assert "not a time stamp" in workspace.run("status").stdout
    running.answer = b""
    assert workspace.run("digest").stderr.count("time stamp") == 0
    assert len(list((workspace.archive / "proofs").glob("*.tsr"))) == 1
