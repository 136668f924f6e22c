"""Every hostile input through the whole way to files: its CPU time, memory and outcome, as a table.

    PYTHONPATH=layers/core:tests python -m hostile.measure [--size 10000000] [--only WORDS]

Each runs in a process of its own, which is ended at 10 s of CPU or 300 MB above idle.
"""

from __future__ import annotations

import argparse

from hostile.inputs import INPUTS
from hostile.limited import run

# What the program reads of a document at most.
_LARGEST = 10 * 2**20 - 2_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=_LARGEST, help="bytes of each document, about")
    parser.add_argument("--only", default="", help="only inputs whose name has this in it")
    arguments = parser.parse_args()
    print("| input | bytes | CPU s | MB above idle | outcome |\n|---|--:|--:|--:|---|")
    ended = 0
    chosen = {name: made for name, made in INPUTS.items() if arguments.only in name}
    for name, made in chosen.items():
        result = run(made, arguments.size)
        ended += result.ended
        outcome = result.outcome.replace("|", "\\|")[:160]
        print(f"| {name} | {result.size:,} | {result.cpu:.2f} | {result.memory:.0f} | {outcome} |", flush=True)
    print(f"\n{len(chosen)} inputs, {ended} of them ended by themselves")


if __name__ == "__main__":
    main()
