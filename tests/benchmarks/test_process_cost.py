"""The measured cost of a command: files, CPU time and memory. A failing command is an error."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from benchmarks.peers.process_cost import run


def test_new_and_rewritten_files_are_counted_and_others_are_not(tmp_path: Path) -> None:
    for name in ("old", "rewritten"):
        (tmp_path / name).write_text("before")
    cost = run(["sh", "-c", "mkdir folder; echo > folder/new; echo > rewritten"], os.environ, tmp_path)
    assert cost.files == 2


def test_cpu_and_memory_of_children_are_included(tmp_path: Path) -> None:
    # The child has 50 MB until it has used enough CPU time for several samples.
    child = "import time; data = b'x' * 50_000_000\nwhile time.process_time() < 0.5: pass"
    cost = run(["sh", "-c", f'"{sys.executable}" -c "{child}"; true'], os.environ, tmp_path)
    assert cost.cpu >= 0.5
    assert 50e6 < cost.memory < 90e6
    assert cost.wall >= 0.5


def test_a_failing_command_raises_with_its_message(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="exit 3: no such luck"):
        run(["sh", "-c", "echo no such luck >&2; exit 3"], os.environ, tmp_path)
