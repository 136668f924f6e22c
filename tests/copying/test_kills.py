"""A copy that is killed has no truncated file, and the same command completes it."""

from __future__ import annotations

from pathlib import Path

from tests.copying.random_kills import run_kills


def test_killed_copies_go_on(tmp_path: Path) -> None:
    found = run_kills(tmp_path, 3, seed=3)
    assert (found.different, found.torn) == (0, 0)
