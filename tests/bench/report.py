"""What was measured as tables in Markdown, with medians and the ratios that are the targets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from statistics import median

from bench.rounds import FIRST, NEW, POLLS, UNCHANGED, Polled

OURS = "feedarchive"
# How many times what ours takes on the clock another system takes, at least. 1 / 1.5: ours may take 1.5 times as long.
TARGETS = {
    (NEW, "reader"): 12.0,
    (NEW, "sfeed_update"): 4.0,
    (UNCHANGED, "reader"): 2.0,
    (UNCHANGED, "sfeed_update"): 8.0,
    (FIRST, "reader"): 2.5,
    (FIRST, "sfeed_update"): 1 / 1.5,
}
MOST_MEMORY = 150e6  # bytes, for 500 feeds
MOST_GROWTH = 1.2  # times that, for 5,000


def table(rows: Iterable[Sequence[str]], head: Sequence[str]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def comparison(polled: Sequence[Polled]) -> str:
    """Each poll of each system: medians over the rounds, spread of the wall time, and how it compares with ours."""
    head = ["poll", "system", "wall s (least to most)", "times ours", "target", "CPU s", "times ours", "memory MB",
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
    """Seconds on the clock."""
    return polled.cost.wall


def cpu(polled: Polled) -> float:
    """Seconds of CPU: on a busy machine they say more than the clock."""
    return polled.cost.cpu


def ratio(polled: Sequence[Polled], poll: str, system: str, of: Callable[[Polled], float] = wall) -> float | None:
    """How many times what ours takes another system's poll takes, medians; None where there is nothing to compare."""
    theirs, ours = ([of(p) for p in polled if (p.poll, p.system) == (poll, s)] for s in (system, OURS))
    return median(theirs) / median(ours) if theirs and ours and system != OURS else None


def _verdict(found: float | None, poll: str, system: str) -> str:
    target = TARGETS.get((poll, system))
    if found is None or target is None:
        return ""
    return f"{target:.2f}: {'met' if found >= target else 'missed'}"


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
    peak, verdict = _peak(polled), ""
    if feeds == 500:
        verdict = f" (at most {MOST_MEMORY / 1e6:.0f}: {'met' if peak <= MOST_MEMORY else 'missed'})"
    return f"{OURS}'s peak memory over the three polls: {peak / 1e6:.0f} MB for {feeds} feeds{verdict}."


def growth_verdict(sizes: Sequence[int], measured: Sequence[Sequence[Polled]]) -> str:
    """How memory grows from 500 to 5,000 feeds; "" where those were not measured."""
    peaks = {size: _peak(polled) for size, polled in zip(sizes, measured, strict=True)}
    if not {500, 5000} <= peaks.keys():
        return ""
    growth = peaks[5000] / peaks[500]
    verdict = "met" if growth <= MOST_GROWTH else "missed"
    return f"Peak memory for 5,000 feeds is {growth:.2f} times that for 500 (at most {MOST_GROWTH}: {verdict})."


def _peak(polled: Sequence[Polled]) -> float:
    """The largest of the polls' medians, of our own, in bytes."""
    return max(_median_cost([p for p in polled if p.system == OURS], poll)[2] for poll in POLLS)
