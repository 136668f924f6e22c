"""Medians, ratios and verdicts in the tables, from invented measurements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from benchmarks.peers.process_cost import Cost
from benchmarks.peers.report import comparison, cpu, curve, growth_verdict, memory_verdict, ratio
from benchmarks.peers.rounds import FIRST, NEW, POLLS, UNCHANGED, Polled
from benchmarks.peers.subscriptions import ip_address


def polls(system: str, poll: str, *walls: float, memory: float = 100e6) -> list[Polled]:
    return [
        Polled(system, poll, number, Cost(wall, wall * 2, memory, 7), 500, 0, 15_500, 0.5)
        for number, wall in enumerate(walls, 1)
    ]


def row(polled: Sequence[Polled], poll: str, system: str) -> list[str]:
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in comparison(polled).splitlines()]
    return next(line for line in lines if line[:2] == [poll, system])


def every_poll(system: str, *walls: float) -> list[Polled]:
    return [polled for poll in POLLS for polled in polls(system, poll, *walls)]


def test_a_ratio_is_of_medians() -> None:
    polled = polls("feedarchive", NEW, 1, 2, 900) + polls("reader", NEW, 30, 10, 24)
    assert ratio(polled, NEW, "reader") == 12


def test_no_ratio_to_a_missing_measurement() -> None:
    assert ratio(polls("reader", NEW, 1), NEW, "reader") is None


def test_cpu_time_has_its_own_ratio() -> None:
    own, other = polls("feedarchive", NEW, 1)[0], polls("reader", NEW, 10)[0]
    idle = replace(other, cost=replace(other.cost, cpu=3))
    assert (ratio([own, idle], NEW, "reader"), ratio([own, idle], NEW, "reader", cpu)) == (10, 1.5)


def test_a_row_has_median_range_ratios_and_counts() -> None:
    polled = every_poll("feedarchive", 1, 2, 3) + every_poll("reader", 20, 24, 60)
    assert row(polled, NEW, "feedarchive") == [
        NEW, "feedarchive", "2.00 (1.00 to 3.00)", "", "", "4.00", "", "100", "500 + 0", "7", "15500",
    ]  # fmt: skip
    assert row(polled, NEW, "reader")[2:7] == ["24.00 (20.00 to 60.00)", "12.00", "12.00: met", "48.00", "12.00"]


@pytest.mark.parametrize(
    ("poll", "system", "other", "verdict"),
    [
        (NEW, "reader", 11.9, "12.00: missed"),
        (NEW, "sfeed_update", 4.0, "4.00: met"),
        (UNCHANGED, "reader", 2.0, "2.00: met"),
        (UNCHANGED, "sfeed_update", 7.9, "8.00: missed"),
        (FIRST, "reader", 2.5, "2.50: met"),
        (FIRST, "sfeed_update", 0.67, "0.67: met"),
        (FIRST, "sfeed_update", 0.66, "0.67: missed"),
        (FIRST, "newsboat", 100, ""),
    ],
)
def test_the_targets(poll: str, system: str, other: float, verdict: str) -> None:
    assert row(every_poll("feedarchive", 1) + every_poll(system, other), poll, system)[4] == verdict


def test_the_curve_is_relative_to_the_first_number_of_feeds() -> None:
    lines = curve([500, 5000], [every_poll("feedarchive", 1), every_poll("feedarchive", 15)]).splitlines()
    assert [cell.strip() for cell in lines[3].strip("|").split("|")] == [
        FIRST, "5,000", "15.00", "30.00", "100", "500", "3.00", "1.50", "1.00", "0.10",
    ]  # fmt: skip


def test_memory_is_judged_for_500_feeds_only() -> None:
    assert "met" in memory_verdict(every_poll("feedarchive", 1), 500)
    assert "at most" not in memory_verdict(every_poll("feedarchive", 1), 60)


@pytest.mark.parametrize(("most", "verdict"), [(119e6, "1.19 times"), (121e6, "missed")])
def test_growth_is_judged_by_the_poll_with_the_highest_peak(most: float, verdict: str) -> None:
    large = [*polls("feedarchive", FIRST, 1, memory=most), *polls("feedarchive", UNCHANGED, 1, memory=30e6)]
    large += polls("feedarchive", NEW, 1, memory=90e6)
    assert verdict in growth_verdict([500, 5000], [every_poll("feedarchive", 1), large])


def test_growth_is_judged_for_500_and_5000_only() -> None:
    assert growth_verdict([500, 1000], [every_poll("feedarchive", 1)] * 2) == ""


def test_every_feed_has_a_loopback_address_of_its_own() -> None:
    addresses = [ip_address(number) for number in range(70_000)]
    assert len(set(addresses)) == 70_000
    assert addresses[0] == "127.1.0.0"
    assert addresses[-1] == "127.2.17.111"
