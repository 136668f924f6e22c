"""make bench, or: python -m bench [--feeds N] [--rounds N] [--curve [N …]] [--real FOLDER] [--s3] [--import]."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench import report
from bench.imports import imports
from bench.rounds import Polled, measure
from bench.s3 import s3_requests
from bench.serve import Server, serving
from bench.subscriptions import Subscriptions, generated, recorded
from bench.systems.feedarchive import Feedarchive
from bench.systems.newsboat import Newsboat
from bench.systems.reader import Reader
from bench.systems.sfeed import Sfeed
from bench.systems.system import System

_SIZES = [500, 1000, 2000, 5000, 20000]


def main() -> None:
    """Measure what the arguments ask for and print tables in Markdown; each poll is told on stderr."""
    arguments = _arguments()
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, `{' '.join(['python -m bench', *sys.argv[1:]])}`")
    print(f"{_machine()}; load {os.getloadavg()[0]:.2f} at the start")
    if arguments.imports:
        print(imports())
    elif arguments.s3:
        print(s3_requests(arguments.feeds or 200))
    elif arguments.curve is not None:
        _curve(arguments.curve or _SIZES, arguments.rounds or 1)
    else:
        _compare(arguments)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measures feedarchive against its peers.")
    parser.add_argument("--feeds", type=int, metavar="N", help="how many to generate (default 500)")
    parser.add_argument("--rounds", type=int, metavar="N", help="how often, for the median (default 5; 1 for --curve)")
    parser.add_argument("--only", default="", metavar="A,B", help="these systems only")
    parser.add_argument(
        "--real", type=Path, metavar="FOLDER", help="serve recorded documents instead: feeds.tsv, feeds/"
    )
    parser.add_argument("--curve", type=int, nargs="*", metavar="N", help="feedarchive alone, with more and more feeds")
    parser.add_argument("--s3", action="store_true", help="count requests to S3 and price them")
    parser.add_argument("--import", action="store_true", dest="imports", help="time of import and first use")
    return parser.parse_args()


def _compare(arguments: argparse.Namespace) -> None:
    systems = _installed([name for name in arguments.only.split(",") if name])
    polled, feeds = _measured(systems, arguments.feeds or 500, arguments.rounds or 5, arguments.real)
    print(report.comparison(polled))
    if any(p.system == report.OURS for p in polled):
        print(report.memory_verdict(polled, len(feeds.names)))
    _print_loads(polled)


def _installed(only: Sequence[str]) -> list[System]:
    systems: list[System] = []
    candidates: tuple[System, ...] = (Feedarchive(), Reader(), Sfeed(), Newsboat())
    for system in candidates:
        version = system.version()
        if only and system.name not in only:
            continue
        print(f"- {system.name}: {version or 'not installed, skipped'}")
        systems += [system] if version else []
    return systems


def _curve(sizes: Sequence[int], rounds: int) -> None:
    systems = _installed([report.OURS])
    measured = [_measured(systems, size, rounds, None)[0] for size in sizes]
    print(report.curve(sizes, measured))
    print(report.growth_verdict(sizes, measured))
    _print_loads([p for polled in measured for p in polled])


def _measured(
    systems: Sequence[System], count: int, rounds: int, real: Path | None
) -> tuple[list[Polled], Subscriptions]:
    with tempfile.TemporaryDirectory(prefix="feedarchive-bench-") as scratch:
        folder = Path(scratch)
        feeds = recorded(folder / "www", real) if real else generated(folder / "www", count)
        with serving(folder / "www", folder / "server") as server:
            _print_feeds(feeds, server, rounds, bool(real))
            return measure(systems, feeds, server, folder, rounds), feeds


def _print_feeds(feeds: Subscriptions, server: Server, rounds: int, real: bool) -> None:
    kind = "recorded" if real else "generated"
    print(
        f"- {len(feeds.names)} {kind} feeds, {feeds.size / 1000:.0f} KB on the average, each on an address of its own"
    )
    print(f"- served by {server.name}; rounds: {rounds}, the systems in turn, empty archives each time\n", flush=True)


def _print_loads(polled: Sequence[Polled]) -> None:
    loads = [p.load for p in polled]
    print(
        "CPU: user and system, with children. Memory: peak of the PSS of all processes of a system together, sampled "
        "as often as takes a fiftieth of a core. "
        f"Load of the machine before each poll: {min(loads):.1f} to {max(loads):.1f}."
    )


def _machine() -> str:
    cpu = next((line.partition(": ")[2] for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "")
    memory = next((int(line.split()[1]) / 1e6 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    return f"{os.cpu_count()} cores ({cpu or platform.machine()}), {memory:.0f} GB, Python {platform.python_version()}"


def _lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines() if Path(path).exists() else []


if __name__ == "__main__":
    main()
