"""The price of a month, from measurements that are easy to check by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.cost import month as assumed
from benchmarks.cost.invocations import Invocation, Measured
from benchmarks.cost.month import month

FUNCTIONS = Path(__file__).parents[2] / "functions"
NOTHING = Invocation(0, 0, 0, 0)
IDLE = Measured(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, 0)


def test_without_any_work_only_cloudwatch_costs() -> None:
    parts = month(20, IDLE).parts
    fixed = 0.30 * assumed.METRICS + 0.10 * assumed.ALARMS + 3
    assert parts["CloudWatch: metrics, alarms, dashboard"] == pytest.approx(fixed)


def test_the_numbers_of_metrics_and_alarms_match_the_code() -> None:
    source = "\n".join(path.read_text() for path in FUNCTIONS.glob("*/*.py"))
    # add_metric(name="…", and the names in a dict of counts.
    names = set(re.findall(r'(?:name=|^ {8})"([A-Z]\w+)"(?:, unit|:)', source, re.MULTILINE))
    assert len(names) == assumed.METRICS, names
    assert assumed.ALARMS == 8


def test_the_price_of_an_article_is_that_of_its_writes() -> None:
    articles = 50 * assumed.ARTICLES_A_DAY * assumed.DAYS
    new = Measured(NOTHING, NOTHING, NOTHING, Invocation(0, 100, 0, 0), NOTHING, NOTHING, 0)
    more = month(50, new).parts["S3, requests"] - month(50, IDLE).parts["S3, requests"]
    assert more == pytest.approx(articles * 2 * 5 / 1e6)


def test_more_feeds_cost_more_and_allowances_count_once() -> None:
    took = Invocation(1.0, 10, 10, 1000)
    measured = Measured(
        took, took, Invocation(2, 11, 11, 2000), Invocation(3, 111, 61, 2000), took, Invocation(2, 12, 62, 1000), 3000
    )
    small, large = month(20, measured), month(2000, measured)
    assert 0 < small.total < large.total
    assert all(0 <= each.free <= each.total for each in (small, large))
