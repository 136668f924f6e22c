"""Measure three polls of each system, one system after the other. Every round starts with empty archives."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.process_cost import Cost, run
from benchmarks.peers.subscriptions import AFTER, BEFORE, Subscriptions
from benchmarks.peers.systems.system import System
from benchmarks.peers.web_server import Server

FIRST, UNCHANGED, NEW = "first poll", "all unchanged", "one new entry per feed"
POLLS = {FIRST: BEFORE, UNCHANGED: BEFORE, NEW: AFTER}


@dataclass(frozen=True)
class Polled:
    """One poll of all feeds by one system.

    - ``documents`` is the number of responses with the status 200.
    - ``not_modified`` is the number of responses with the status 304.
    """

    system: str
    poll: str
    round: int
    cost: Cost
    documents: int
    not_modified: int
    articles: int
    load: float


def measure(systems: Sequence[System], feeds: Subscriptions, server: Server, folder: Path, rounds: int) -> list[Polled]:
    """Measure every poll. Raises SystemExit if a system has not stored every entry."""
    polled = []
    for number in range(1, rounds + 1):
        for system in systems:
            home = folder / f"{system.name}-{number}"
            home.mkdir()
            system.prepare(home, feeds.urls(server.port))
            for poll, version in POLLS.items():
                feeds.publish(version)
                polled.append(_poll(system, poll, number, home, server))
                _print_poll(polled[-1])
                _check(polled[-1], feeds)
            shutil.rmtree(home)
    return polled


def _poll(system: System, poll: str, number: int, home: Path, server: Server) -> Polled:
    server.requests()
    load = os.getloadavg()[0]
    cost = run(system.command(home), system.environment(home), home)
    responses = server.requests()
    if failed := {status: count for status, count in responses.items() if status not in ("200", "304")}:
        raise SystemExit(f"{system.name}: the server responded {failed}")
    return Polled(system.name, poll, number, cost, responses["200"], responses["304"], system.articles(home), load)


def _check(polled: Polled, feeds: Subscriptions) -> None:
    """Check that the system polled every feed and stored every entry. Otherwise its time would mean nothing."""
    if (requests := polled.documents + polled.not_modified) < len(feeds.names):
        raise SystemExit(f"{polled.system}, {polled.poll}: {requests} requests for {len(feeds.names)} feeds")
    expected = feeds.entries
    if expected is not None and polled.poll == NEW:
        expected += len(feeds.names)
    if expected is not None and polled.articles != expected:
        raise SystemExit(f"{polled.system}, {polled.poll}: {polled.articles} of {expected} entries are stored")


def _print_poll(polled: Polled) -> None:
    cost = polled.cost
    print(
        f"  round {polled.round} {polled.system:12} {polled.poll:23} {cost.wall:7.2f} s, CPU {cost.cpu:7.2f} s,"
        f" {cost.memory / 1e6:6.0f} MB, {polled.documents} + {polled.not_modified} requests,"
        f" {cost.files} files, {polled.articles} articles, load {polled.load:.1f}",
        file=sys.stderr,
        flush=True,
    )
