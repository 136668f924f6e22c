"""Three polls of each system, round after round, each round with empty archives: A B A B."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.measured import Cost, run
from bench.serve import Server
from bench.subscriptions import AFTER, BEFORE, Subscriptions
from bench.systems.system import System

FIRST, UNCHANGED, NEW = "first poll", "all unchanged", "one new entry per feed"
POLLS = {FIRST: BEFORE, UNCHANGED: BEFORE, NEW: AFTER}


@dataclass(frozen=True)
class Polled:
    """One poll of all feeds by one system. ``documents`` were sent in full, ``not_modified`` answered 304."""

    system: str
    poll: str
    round: int
    cost: Cost
    documents: int
    not_modified: int
    articles: int
    load: float


def measure(systems: Sequence[System], feeds: Subscriptions, server: Server, folder: Path, rounds: int) -> list[Polled]:
    """Poll by poll what it took. A system that does not keep what was shown ends the measuring."""
    polled = []
    for number in range(1, rounds + 1):
        for system in systems:
            home = folder / f"{system.name}-{number}"
            home.mkdir()
            system.prepare(home, feeds.urls(server.port))
            for poll, version in POLLS.items():
                feeds.show(version)
                polled.append(_poll(system, poll, number, home, server))
                _say(polled[-1])
                _check(polled[-1], feeds)
            shutil.rmtree(home)
    return polled


def _poll(system: System, poll: str, number: int, home: Path, server: Server) -> Polled:
    server.requests()
    load = os.getloadavg()[0]
    cost = run(system.command(home), system.environment(home), home)
    asked = server.requests()
    if failed := {status: count for status, count in asked.items() if status not in ("200", "304")}:
        raise SystemExit(f"{system.name}: the server answered {failed}")
    return Polled(system.name, poll, number, cost, asked["200"], asked["304"], system.articles(home), load)


def _check(polled: Polled, feeds: Subscriptions) -> None:
    """Nobody is fast by failing, or by not asking."""
    if (asked := polled.documents + polled.not_modified) < len(feeds.names):
        raise SystemExit(f"{polled.system}, {polled.poll}: it asked {asked} times for {len(feeds.names)} feeds")
    expected = feeds.entries
    if expected is not None and polled.poll == NEW:
        expected += len(feeds.names)
    if expected is not None and polled.articles != expected:
        raise SystemExit(f"{polled.system}, {polled.poll}: {expected} entries were shown, it has {polled.articles}")


def _say(polled: Polled) -> None:
    cost = polled.cost
    print(
        f"  round {polled.round} {polled.system:12} {polled.poll:23} {cost.wall:7.2f} s, CPU {cost.cpu:7.2f} s,"
        f" {cost.memory / 1e6:6.0f} MB, {polled.documents} + {polled.not_modified} requests,"
        f" {cost.files} files, {polled.articles} articles, load {polled.load:.1f}",
        file=sys.stderr,
        flush=True,
    )
