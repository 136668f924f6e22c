"""Convert random feeds to files for a given time, and save the inputs that violate a rule.

    .venv/bin/python -m tests.hostile.fuzz --minutes 60 [--finds FOLDER]

An input is saved if the program raises, takes more than five seconds of CPU time, or makes a file that violates the
format or has active content. It is minimized, and saved in FOLDER with the reason. If an input does not finish within
two minutes, the command ends, and the input is in FOLDER as ``current``.
"""

from __future__ import annotations

import argparse
import faulthandler
import time
import traceback
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.hostile.format_violations import violations_of
from tests.hostile.mutated import bodies, content_types
from tests.hostile.pipeline import files_of

MAX_CPU_SECONDS = 5.0
_MAX_SECONDS = 120
_INPUTS_PER_ROUND = 200


def check(body: bytes, content_type: str, html_body: bool) -> None:
    """Raise if the document violates a rule."""
    before = time.process_time()
    result = files_of(body, content_type, html_body)
    taken = time.process_time() - before
    assert taken < MAX_CPU_SECONDS, f"{taken:.1f} s of CPU time"
    assert result.files or result.outcome()
    for file in result.files[:20]:
        found = violations_of(file)
        assert not found, "; ".join(found) + "\n" + file.decode("utf-8", "replace")


class Fuzzing:
    """Counts inputs, and saves those that violate a rule."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.inputs, self.finds = folder, 0, 0
        self.last: tuple[bytes, str, bool] = (b"", "", False)
        folder.mkdir(parents=True, exist_ok=True)

    def run(self, number: int) -> None:
        """Try some hundred inputs, different ones for each number."""

        @seed(number)
        @settings(
            max_examples=_INPUTS_PER_ROUND,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
        )
        @given(bodies, content_types, st.booleans())
        def attempt(body: bytes, content_type: str, html_body: bool) -> None:
            self.inputs += 1
            self.last = (body, content_type, html_body)
            (self.folder / "current").write_bytes(body)
            faulthandler.dump_traceback_later(_MAX_SECONDS, exit=True)
            check(body, content_type, html_body)

        try:
            attempt()
        except Exception:  # noqa: BLE001 - any exception is a violation
            self._save(number, traceback.format_exc())
        finally:
            faulthandler.cancel_dump_traceback_later()

    def _save(self, number: int, reason: str) -> None:
        self.finds += 1
        body, content_type, html_body = self.last
        (self.folder / f"find-{number}").write_bytes(body)
        (self.folder / f"find-{number}.txt").write_text(f"{content_type!r} {html_body}\n{reason}", encoding="utf-8")
        print(f"find {number}: {reason.strip().splitlines()[-1][:200]}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--finds", type=Path, default=Path("/tmp/feedarchive-fuzz"))
    parser.add_argument(
        "--start", type=int, default=0, help="number of the first round: different numbers give different inputs"
    )
    arguments = parser.parse_args()
    started, number, fuzzing = time.monotonic(), arguments.start, Fuzzing(arguments.finds)
    while time.monotonic() - started < arguments.minutes * 60:
        fuzzing.run(number)
        number += 1
    minutes = (time.monotonic() - started) / 60
    print(f"{minutes:.1f} minutes, {fuzzing.inputs} inputs, {fuzzing.finds} finds, rounds to {number}")


if __name__ == "__main__":
    main()
