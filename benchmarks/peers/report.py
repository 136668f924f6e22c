"""Write the measurements as tables in Markdown: medians, ratios, and whether the targets are met."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from statistics import median

from benchmarks.peers.rounds import FIRST, NEW, POLLS, UNCHANGED, Polled

FEEDARCHIVE = "feedarchive"
# The wall time of another system must be at least so many times as long as that of feedarchive. 1 / 1.5 means that
# feedarchive may take 1.5 times as long as the other system.
TARGETS = {
    (NEW, "reader"): 12.0,
    (NEW, "sfeed_update"): 4.0,
    (UNCHANGED, "reader"): 2.0,
    (UNCHANGED, "sfeed_update"): 8.0,
    (FIRST, "reader"): 2.5,
    (FIRST, "sfeed_update"): 1 / 1.5,
}
MAX_MEMORY = 150e6  # the maximum memory in bytes with 500 feeds
MAX_GROWTH = 1.2  # the maximum ratio of the memory with 5,000 feeds to the memory with 500 feeds


def table(rows: Iterable[Sequence[str]], head: Sequence[str]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def comparison(polled: Sequence[Polled]) -> str:
    """A table with a line for each poll of each system.

    It has the medians over the rounds, the range of the wall time, and the ratio of this time to that of feedarchive.
    """
    head = ["poll", "system", "wall s (range)", "ratio", "target", "CPU s", "ratio", "memory MB",
            "requests (200 + 304)", "files written", "articles"]  # fmt: skip
    systems = list(dict.fromkeys(p.system for p in polled))
    return table([_row(polled, poll, system) for poll in POLLS for system in systems], head)


def _row(polled: Sequence[Polled], poll: str, system: str) -> list[str]:
    own = [p for p in polled if (p.poll, p.system) == (poll, system)]
    walls = [wall(p) for p in own]
    by_wall, by_cpu = ratio(polled, poll, system, wall), ratio(polled, poll, system, cpu)
    return [
        poll,
        system,
        f"{median(walls):.2f} ({min(walls):.2f} to {max(walls):.2f})",
        f"{by_wall:.2f}" if by_wall else "",
        _verdict(by_wall, poll, system),
        f"{median(cpu(p) for p in own):.2f}",
        f"{by_cpu:.2f}" if by_cpu else "",
        f"{median(p.cost.memory for p in own) / 1e6:.0f}",
        f"{median(p.documents for p in own):.0f} + {median(p.not_modified for p in own):.0f}",
        f"{median(p.cost.files for p in own):.0f}",
        f"{median(p.articles for p in own):.0f}",
    ]


def wall(polled: Polled) -> float:
    """Wall time in seconds."""
    return polled.cost.wall


def cpu(polled: Polled) -> float:
    """CPU time in seconds, which is more meaningful on a busy machine."""
    return polled.cost.cpu


def ratio(polled: Sequence[Polled], poll: str, system: str, of: Callable[[Polled], float] = wall) -> float | None:
    """The median of another system divided by the median of feedarchive; None if one of them is missing."""
    other, own = ([of(p) for p in polled if (p.poll, p.system) == (poll, s)] for s in (system, FEEDARCHIVE))
    return median(other) / median(own) if other and own and system != FEEDARCHIVE else None


def _verdict(found: float | None, poll: str, system: str) -> str:
    target = TARGETS.get((poll, system))
    if found is None or target is None:
        return ""
    return f"{target:.2f}: {'met' if found >= target else 'missed'}"


def curve(sizes: Sequence[int], measured: Sequence[Sequence[Polled]]) -> str:
    """A table of the polls with each number of feeds. Time, memory and requests are relative to the first number."""
    rows = []
    for poll in POLLS:
        for size, polled in zip(sizes, measured, strict=True):
            own, first = _median_cost(polled, poll), _median_cost(measured[0], poll)
            rows.append([
                poll, f"{size:,}", f"{own[0]:.2f}", f"{own[1]:.2f}", f"{own[2] / 1e6:.0f}", f"{own[3]:,.0f}",
                f"{own[0] / size * 1000:.2f}", f"{own[0] / size / (first[0] / sizes[0]):.2f}",
                f"{own[2] / first[2]:.2f}", f"{own[3] / size:.2f}",
            ])  # fmt: skip
    head = ["poll", "feeds", "wall s", "CPU s", "memory MB", "requests", "ms per feed", "time per feed, relative",
            "memory, relative", "requests per feed"]  # fmt: skip
    return table(rows, head)


def _median_cost(polled: Sequence[Polled], poll: str) -> tuple[float, float, float, float]:
    own = [p for p in polled if p.poll == poll]
    requests = median(p.documents + p.not_modified for p in own)
    walls, cpu, memory = zip(*((p.cost.wall, p.cost.cpu, p.cost.memory) for p in own), strict=True)
    return median(walls), median(cpu), median(memory), requests


def memory_verdict(polled: Sequence[Polled], feeds: int) -> str:
    """A sentence about the peak memory. With 500 feeds, it says whether the target is met."""
    peak, verdict = _peak(polled), ""
    if feeds == 500:
        verdict = f" (at most {MAX_MEMORY / 1e6:.0f}: {'met' if peak <= MAX_MEMORY else 'missed'})"
    return f"{FEEDARCHIVE}'s peak memory over the three polls: {peak / 1e6:.0f} MB for {feeds} feeds{verdict}."


def growth_verdict(sizes: Sequence[int], measured: Sequence[Sequence[Polled]]) -> str:
    """A sentence about the growth of memory from 500 to 5,000 feeds; "" if these were not measured."""
    peaks = {size: _peak(polled) for size, polled in zip(sizes, measured, strict=True)}
    if not {500, 5000} <= peaks.keys():
        return ""
    growth = peaks[5000] / peaks[500]
    verdict = "met" if growth <= MAX_GROWTH else "missed"
    return f"Peak memory for 5,000 feeds is {growth:.2f} times that for 500 (at most {MAX_GROWTH}: {verdict})."


def _peak(polled: Sequence[Polled]) -> float:
    """The peak memory of feedarchive in bytes: the largest of the medians of its polls."""
    return max(_median_cost([p for p in polled if p.system == FEEDARCHIVE], poll)[2] for poll in POLLS)
