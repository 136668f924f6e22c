"""The month's price, from measurements that are easy to check by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cost import month as assumed
from cost.measured import Measured, Took
from cost.month import month

FUNCTIONS = Path(__file__).parents[2] / "functions"
NOTHING = Took(0, 0, 0, 0)
FREE_OF_WORK = Measured(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, 0)


def test_what_is_there_without_any_work_is_cloudwatch() -> None:
    parts = month(20, FREE_OF_WORK).parts
    fixed = 0.30 * assumed.METRICS + 0.10 * assumed.ALARMS + 3
    assert parts["CloudWatch: metrics, alarms, dashboard"] == pytest.approx(fixed)


def test_the_numbers_of_metrics_and_alarms_are_those_of_the_code() -> None:
    source = "\n".join(path.read_text() for path in FUNCTIONS.glob("*/*.py"))
    # add_metric(name="…", and the names in a dict of counts.
    names = set(re.findall(r'(?:name=|^ {8})"([A-Z]\w+)"(?:, unit|:)', source, re.MULTILINE))
    assert len(names) == assumed.METRICS, names
    assert assumed.ALARMS == 8


def test_an_article_costs_its_writes() -> None:
    articles = 50 * assumed.ARTICLES_A_DAY * assumed.DAYS
    new = Measured(NOTHING, NOTHING, NOTHING, Took(0, 100, 0, 0), NOTHING, NOTHING, 0)
    more = month(50, new).parts["S3, requests"] - month(50, FREE_OF_WORK).parts["S3, requests"]
    assert more == pytest.approx(articles * 2 * 5 / 1e6)


def test_more_feeds_cost_more_and_nothing_is_free_twice() -> None:
    took = Took(1.0, 10, 10, 1000)
    measured = Measured(took, took, Took(2, 11, 11, 2000), Took(3, 111, 61, 2000), took, Took(2, 12, 62, 1000), 3000)
    small, large = month(20, measured), month(2000, measured)
    assert 0 < small.total < large.total
    assert all(0 <= each.free <= each.total for each in (small, large))
