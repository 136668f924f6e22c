"""A copy that is killed has no truncated file, and the same command completes it."""

from __future__ import annotations

from pathlib import Path

from tests.copying.random_kills import Killed, run_kills


def test_killed_copies_go_on(tmp_path: Path) -> None:
    assert run_kills(tmp_path, 20, seed=3) == Killed(interrupted=20, torn=0, different=0)
