"""In a folder with thousands of files, worker processes check whole days. They find what one process finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from feedarchive.store.folder import FolderStore
from feedarchive.verification import verify_days
from feedarchive.verification.verify_archive import ArchiveCheck, Verification
from tests.copying.archives import make_archive
from tests.harness.clock import Clock


@dataclass
class Bytes:
    """How many bytes were expected, and how many were checked."""

    sizes: list[int] = field(default_factory=lambda: [0, 0])

    def expect(self, size: int) -> None:
        self.sizes[0] += size

    def advance(self, size: int) -> None:
        self.sizes[1] += size


def damage(root: Path) -> None:
    first, second, third = sorted((root / "archive").glob("2025/12/25/*/*-[0-5]-*.md"))[:3]
    first.unlink()
    second.write_bytes(second.read_bytes()[:-9])
    third.write_bytes(third.read_bytes().replace(b"a", b"b", 1))
    third.with_name("foreign.txt").write_bytes(b"x\n")
    digest = root / "archive/2025/12/26/digest.json"
    digest.write_bytes(digest.read_bytes().replace(b"rticle", b"rtikle", 1))
    next((root / "claims").glob("*/*")).unlink()


@pytest.mark.parametrize("is_damaged", [False, True], ids=["sound", "damaged"])
def test_worker_processes_find_what_one_process_finds(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, is_damaged: bool
) -> None:
    store = FolderStore(tmp_path)
    make_archive(store, clock)
    if is_damaged:
        damage(tmp_path)

    def verify() -> tuple[Verification, list[int]]:
        progress = Bytes()
        return ArchiveCheck(store, clock(), progress=progress).run(), progress.sizes

    alone = verify()
    assert bool(alone[0].findings) is is_damaged
    monkeypatch.setattr(verify_days, "_MIN_FILES", 1)
    monkeypatch.setattr(verify_days, "cpu_count", lambda: 2)
    assert verify() == alone
