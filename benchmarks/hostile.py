"""Print a table of hostile inputs, with the CPU time, the memory and the outcome of each.

    .venv/bin/python -m benchmarks.hostile [--size 10000000] [--only TEXT]

Each input is converted to files in its own process. The process may use 10 s of CPU time, and 300 MB more memory than
an idle process.
"""

from __future__ import annotations

import argparse

from tests.hostile.inputs import INPUTS
from tests.hostile.limited import run

# The largest document that the program parses.
_MAX_SIZE = 10 * 2**20 - 2_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=_MAX_SIZE, help="approximate size of each document in bytes")
    parser.add_argument("--only", default="", help="only inputs whose name contains this")
    arguments = parser.parse_args()
    print("| input | bytes | CPU s | MB above idle | outcome |\n|---|--:|--:|--:|---|")
    finished = 0
    chosen = {name: hostile for name, hostile in INPUTS.items() if arguments.only in name}
    for name, hostile in chosen.items():
        result = run(hostile, arguments.size)
        finished += result.finished
        outcome = result.outcome.replace("|", "\\|")[:160]
        print(f"| {name} | {result.size:,} | {result.cpu:.2f} | {result.memory:.0f} | {outcome} |", flush=True)
    print(f"\n{len(chosen)} inputs, {finished} of them finished within the limits")


if __name__ == "__main__":
    main()
