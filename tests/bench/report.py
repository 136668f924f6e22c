"""What was measured as tables in Markdown, with medians and the ratios that are the targets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from bench.rounds import FIRST, NEW, POLLS, UNCHANGED, Polled

OURS = "feedarchive"
# How many times as fast as another system we are to be, at least; 1 / 1.5 is "at most 1.5 times as long".
TARGETS = {
    (NEW, "reader"): 12.0,
    (NEW, "sfeed_update"): 4.0,
    (UNCHANGED, "reader"): 2.0,
    (UNCHANGED, "sfeed_update"): 8.0,
    (FIRST, "reader"): 2.5,
    (FIRST, "sfeed_update"): 1 / 1.5,
}
MOST_MEMORY = 150e6  # bytes, for 500 feeds


def table(rows: Iterable[Sequence[str]], head: Sequence[str]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def comparison(polled: Sequence[Polled]) -> str:
    """Each poll of each system: medians over the rounds, spread of the wall time, and how it compares with ours."""
    head = ["poll", "system", "wall s (least to most)", "ours is faster by", "target", "CPU s", "memory MB",
            "requests (200 + 304)", "files written", "articles"]  # fmt: skip
    systems = list(dict.fromkeys(p.system for p in polled))
    return table([_row(polled, poll, system) for poll in POLLS for system in systems], head)


def _row(polled: Sequence[Polled], poll: str, system: str) -> list[str]:
    own = [p for p in polled if (p.poll, p.system) == (poll, system)]
    walls = [p.cost.wall for p in own]
    return [
        poll,
        system,
        f"{median(walls):.2f} ({min(walls):.2f} to {max(walls):.2f})",
        *_judged(polled, poll, system),
        f"{median(p.cost.cpu for p in own):.2f}",
        f"{median(p.cost.memory for p in own) / 1e6:.0f}",
        f"{median(p.documents for p in own):.0f} + {median(p.not_modified for p in own):.0f}",
        f"{median(p.cost.files for p in own):.0f}",
        f"{median(p.articles for p in own):.0f}",
    ]


def ratio(polled: Sequence[Polled], poll: str, system: str) -> float | None:
    """How many times as long as ours a system's poll takes, medians; None where one of them was not measured."""
    walls = {s: [p.cost.wall for p in polled if (p.poll, p.system) == (poll, s)] for s in (OURS, system)}
    return median(walls[system]) / median(walls[OURS]) if all(walls.values()) else None


def _judged(polled: Sequence[Polled], poll: str, system: str) -> tuple[str, str]:
    found, target = ratio(polled, poll, system), TARGETS.get((poll, system))
    if system == OURS or found is None:
        return "", ""
    if target is None:
        return f"{found:.2f}", ""
    return f"{found:.2f}", f"{target:.2f}: {'met' if found >= target else 'missed'}"


def curve(sizes: Sequence[int], measured: Sequence[Sequence[Polled]]) -> str:
    """What more feeds cost: each number's polls, and the time and requests of one feed against the first number's."""
    rows = []
    for poll in POLLS:
        for size, polled in zip(sizes, measured, strict=True):
            own, first = _median_cost(polled, poll), _median_cost(measured[0], poll)
            rows.append([
                poll, f"{size:,}", f"{own[0]:.2f}", f"{own[1]:.2f}", f"{own[2] / 1e6:.0f}", f"{own[3]:,.0f}",
                f"{own[0] / size * 1000:.2f}", f"{own[0] / size / (first[0] / sizes[0]):.2f}",
                f"{own[2] / first[2]:.2f}", f"{own[3] / size:.2f}",
            ])  # fmt: skip
    head = ["poll", "feeds", "wall s", "CPU s", "memory MB", "requests", "ms a feed", "time a feed, against the first",
            "memory, against the first", "requests a feed"]  # fmt: skip
    return table(rows, head)


def _median_cost(polled: Sequence[Polled], poll: str) -> tuple[float, float, float, float]:
    own = [p for p in polled if p.poll == poll]
    asked = median(p.documents + p.not_modified for p in own)
    walls, cpu, memory = zip(*((p.cost.wall, p.cost.cpu, p.cost.memory) for p in own), strict=True)
    return median(walls), median(cpu), median(memory), asked


def memory_verdict(polled: Sequence[Polled], feeds: int) -> str:
    """The target on memory, where it can be judged."""
    peak = max(_median_cost([p for p in polled if p.system == OURS], poll)[2] for poll in POLLS)
    verdict = (
        f" (at most {MOST_MEMORY / 1e6:.0f}: {'met' if peak <= MOST_MEMORY else 'missed'})" if feeds == 500 else ""
    )
    return f"{OURS}'s peak memory over the three polls: {peak / 1e6:.0f} MB for {feeds} feeds{verdict}."
