"""A few runs killed at random. ``python -m benchmarks.kills`` kills a thousand, and hundreds over S3 with faults."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.kills import over_s3


def test_runs_killed_over_a_folder_lose_and_double_nothing() -> None:
    """The runs are in a separate process, because they fork and the test process has threads."""
    command = [sys.executable, "-m", "benchmarks.kills", "folder", "3"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert "missing 0, doubled 0, different 0" in done.stdout
    assert int(done.stdout.split(" kills")[0]) >= 3


def test_runs_killed_over_a_bad_s3_lose_and_double_nothing(aws: str, tmp_path: Path) -> None:
    found, proxy = over_s3(aws, tmp_path, 1, share=0.01, workers=1)
    assert found.kills >= 1
    assert (found.missing, found.doubled, found.different) == ([], [], [])
    assert proxy.faults.total() > 0
