"""What is measured of a command, and that a command which fails is not measured at all."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from bench.measured import run


def test_new_and_rewritten_files_are_counted_untouched_ones_are_not(tmp_path: Path) -> None:
    for name in ("old", "rewritten"):
        (tmp_path / name).write_text("before")
    cost = run(["sh", "-c", "mkdir folder; echo > folder/new; echo > rewritten"], os.environ, tmp_path)
    assert cost.files == 2


def test_cpu_and_memory_of_children_count(tmp_path: Path) -> None:
    # It holds 50 MB until it has used so much CPU that several samples were taken.
    child = "import time; data = b'x' * 50_000_000\nwhile time.process_time() < 0.5: pass"
    cost = run(["sh", "-c", f'"{sys.executable}" -c "{child}"; true'], os.environ, tmp_path)
    assert cost.cpu >= 0.5
    assert 50e6 < cost.memory < 90e6
    assert cost.wall >= 0.5


def test_a_command_that_fails_ends_the_measuring_with_its_words(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="exit 3: no such luck"):
        run(["sh", "-c", "echo no such luck >&2; exit 3"], os.environ, tmp_path)
