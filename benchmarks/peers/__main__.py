"""The command `make bench`: run `python -m benchmarks.peers --help` for its options."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.peers import report
from benchmarks.peers.cold_start import cold_start
from benchmarks.peers.rounds import Polled, measure
from benchmarks.peers.s3 import s3_requests
from benchmarks.peers.subscriptions import Subscriptions, generated, recorded
from benchmarks.peers.systems.feedarchive import Feedarchive
from benchmarks.peers.systems.newsboat import Newsboat
from benchmarks.peers.systems.reader import Reader
from benchmarks.peers.systems.sfeed import Sfeed
from benchmarks.peers.systems.system import System
from benchmarks.peers.web_server import Server, serving

_SIZES = [500, 1000, 2000, 5000, 20000]


def main() -> None:
    """Measure, and print tables in Markdown on stdout and the progress on stderr."""
    arguments = _arguments()
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, `{' '.join(['python -m benchmarks.peers', *sys.argv[1:]])}`")
    print(f"{_machine()}; load {os.getloadavg()[0]:.2f} at the start")
    if arguments.imports:
        print(cold_start())
    elif arguments.s3:
        print(s3_requests(arguments.feeds or 200))
    elif arguments.curve is not None:
        _curve(arguments.curve or _SIZES, arguments.rounds or 1)
    else:
        _compare(arguments)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.peers", description="Compare feedarchive with other programs."
    )
    parser.add_argument("--feeds", type=int, metavar="N", help="number of feeds to generate (default 500)")
    parser.add_argument(
        "--rounds", type=int, metavar="N", help="number of rounds for the medians (default 5; 1 for --curve)"
    )
    parser.add_argument("--only", default="", metavar="A,B", help="measure only these systems")
    parser.add_argument("--real", type=Path, metavar="FOLDER", help="serve recorded documents: feeds.tsv, feeds/")
    parser.add_argument(
        "--curve", type=int, nargs="*", metavar="N", help="feedarchive only, with growing numbers of feeds"
    )
    parser.add_argument("--s3", action="store_true", help="count requests to S3, with their prices")
    parser.add_argument(
        "--import", action="store_true", dest="imports", help="measure a cold start: imports and first use"
    )
    return parser.parse_args()


def _compare(arguments: argparse.Namespace) -> None:
    systems = _installed([name for name in arguments.only.split(",") if name])
    polled, feeds = _measured(systems, arguments.feeds or 500, arguments.rounds or 5, arguments.real)
    print(report.comparison(polled))
    if any(p.system == report.FEEDARCHIVE for p in polled):
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
    systems = _installed([report.FEEDARCHIVE])
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
    print(f"- {len(feeds.names)} {kind} feeds, {feeds.size / 1000:.0f} KB on average, each on its own IP address")
    print(
        f"- served by {server.name}; {rounds} rounds, each with all systems in turn, and empty archives\n", flush=True
    )


def _print_loads(polled: Sequence[Polled]) -> None:
    loads = [p.load for p in polled]
    print(
        "CPU: user and system time, including children. Memory: peak of the summed PSS of all processes of a system, "
        "sampled with at most 2 % of a core. "
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
