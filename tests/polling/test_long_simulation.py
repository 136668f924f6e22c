"""A day with twelve feeds: every article is archived once, and a replay makes the same files.

``python -m benchmarks.two_months`` simulates two months.
"""

from __future__ import annotations

from tests.harness.long_simulation import live
from tests.harness.simulation import HOURS, Simulation


def test_every_article_is_archived_once_and_a_replay_makes_the_same_files(
    simulation: Simulation,
) -> None:
    lived = live(simulation, days=1, every=3 * HOURS)
    assert len(lived.feeds) == 12
    assert lived.missing == []
    assert [(each.name, each.doubled) for each in lived.feeds if each.doubled] == []
    assert sum(each.archived for each in lived.feeds) > 150
    assert all(day.total() < 10 for day in lived.warnings)
    kept = {each.name: each.kept for each in lived.feeds}
    assert (kept["forum"], kept["clock"]) == (0, 0)
    assert kept["live"] > 3
    assert lived.replayed > 300
    assert lived.different == []
