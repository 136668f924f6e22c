"""Feeds at random through the whole way to files, for as long as you like.

    PYTHONPATH=layers/core:tests python -m hostile.fuzz --minutes 60 [--finds FOLDER]

An input is a find if the program raises, takes more than five seconds of CPU, or makes a file that breaks the
format or has a danger in it. A find is made as small as it can be, and kept in FOLDER with what is wrong with it.
An input that never ends is kept too, as ``current``: after two minutes the command gives up.
"""

from __future__ import annotations

import argparse
import faulthandler
import time
import traceback
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from hostile.breaches import breaches_of
from hostile.mutated import bodies, content_types
from hostile.pipeline import files_of

MOST_CPU = 5.0
_LONGEST = 120
_AT_ONCE = 200


def check(body: bytes, content_type: str, html_body: bool) -> None:
    """Raise whatever is wrong with what becomes of a document."""
    before = time.process_time()
    result = files_of(body, content_type, html_body)
    taken = time.process_time() - before
    assert taken < MOST_CPU, f"it took {taken:.1f} s"
    assert result.files or result.outcome()
    for file in result.files[:20]:
        found = breaches_of(file)
        assert not found, "; ".join(found) + "\n" + file.decode("utf-8", "replace")


class Fuzzing:
    """Counts inputs, and keeps those that are finds."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.inputs, self.finds = folder, 0, 0
        self.last: tuple[bytes, str, bool] = (b"", "", False)
        folder.mkdir(parents=True, exist_ok=True)

    def run(self, number: int) -> None:
        """Some hundred inputs, other ones for each number."""

        @seed(number)
        @settings(
            max_examples=_AT_ONCE,
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
            faulthandler.dump_traceback_later(_LONGEST, exit=True)
            check(body, content_type, html_body)

        try:
            attempt()
        except Exception:  # noqa: BLE001 - whatever it is, it is what we look for
            self._keep(number, traceback.format_exc())
        finally:
            faulthandler.cancel_dump_traceback_later()

    def _keep(self, number: int, why: str) -> None:
        self.finds += 1
        body, content_type, html_body = self.last
        (self.folder / f"find-{number}").write_bytes(body)
        (self.folder / f"find-{number}.txt").write_text(f"{content_type!r} {html_body}\n{why}", encoding="utf-8")
        print(f"find {number}: {why.strip().splitlines()[-1][:200]}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--finds", type=Path, default=Path("/tmp/feedarchive-fuzz"))
    parser.add_argument("--start", type=int, default=0, help="number of the first round: other inputs")
    arguments = parser.parse_args()
    started, number, fuzzing = time.monotonic(), arguments.start, Fuzzing(arguments.finds)
    while time.monotonic() - started < arguments.minutes * 60:
        fuzzing.run(number)
        number += 1
    minutes = (time.monotonic() - started) / 60
    print(f"{minutes:.1f} minutes, {fuzzing.inputs} inputs, {fuzzing.finds} finds, rounds to {number}")


if __name__ == "__main__":
    main()
