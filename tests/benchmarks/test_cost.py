"""The price of a month, from measurements that are easy to check by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.cost import month as assumed
from benchmarks.cost import whole_articles
from benchmarks.cost.invocations import Invocation, Measured
from benchmarks.cost.month import month, options

FUNCTIONS = Path(__file__).parents[2] / "functions"
NOTHING = Invocation(0, 0, 0, 0)
IDLE = Measured(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, 0, 0, 0, 0, 0, 0)


def test_without_any_work_the_alarms_and_the_pollers_of_the_queue_cost() -> None:
    parts = month(20, IDLE).parts
    assert parts["CloudWatch: alarms"] == pytest.approx(0.10 * assumed.ALARMS)
    assert 0.26 < parts["SQS"] < 0.28
    assert parts["S3, storage of 1 year"] == parts["S3, old versions"] == 0


def test_the_numbers_of_metrics_and_alarms_match_the_code() -> None:
    always = ("fetch_feeds", "build_digest")
    source = "\n".join(path.read_text() for function in always for path in (FUNCTIONS / function).glob("*.py"))
    # Matches the names in add_metric(name="…") and in dicts of counts.
    names = set(re.findall(r'(?:name=|^ {8})"([A-Z]\w+)"(?:, unit|:)', source, re.MULTILINE))
    assert len(names) == assumed.METRICS, names
    assert assumed.ALARMS == 5
    assert options(20, IDLE)["DetailedMetrics"] == pytest.approx(13 * 0.30 + 3)


def test_the_price_of_an_article_is_that_of_its_writes() -> None:
    articles = 50 * assumed.ARTICLES_A_DAY * assumed.DAYS
    changed = replace(IDLE, new=Invocation(0, 100, 0, 0))
    more = month(50, changed).parts["S3, requests"] - month(50, IDLE).parts["S3, requests"]
    assert more == pytest.approx(articles * 2 * 5 / 1e6)


def test_each_build_writes_the_pages_of_the_sites_with_new_articles() -> None:
    """18.8 % of feeds with 5 articles a day have a new article in an hour. A build reads and writes a page for each."""
    costs = [month(feeds, IDLE).parts["S3, requests"] for feeds in (1_700, 2_000)]
    pages, articles = 300 * 0.188 * 730.5, 300 * 5 * assumed.DAYS
    expected = pages * 5.4e-6 + articles * 0.4e-6 + 730.5 * 1.5 * 5e-6  # the last term: more listings
    assert costs[1] - costs[0] == pytest.approx(expected, rel=0.01)


def test_cpu_time_is_longer_on_the_slower_core_and_setting_up_is_billed() -> None:
    """There is one shard, so each run starts one environment, and so does each digest."""
    more = month(50, replace(IDLE, init=1.0)).parts["Lambda"] - month(50, IDLE).parts["Lambda"]
    assert more == pytest.approx((assumed.RUNS + assumed.DIGESTS) / 0.578 * 0.0000133334, rel=0.01)
    idle = Invocation(2.0, 0, 0, 0)
    slow = month(50, replace(IDLE, idle=idle, unchanged=idle, new=idle)).parts["Lambda"]
    more = slow - month(50, IDLE).parts["Lambda"]
    assert more == pytest.approx(assumed.RUNS * 2 / 0.578 * 0.0000133334, rel=0.01)


def test_digests_that_grow_cost_time_and_old_versions() -> None:
    grown = month(2000, replace(IDLE, line=0.001, digest_line=1_000))
    flat = month(2000, IDLE)
    # 730 builds of a day that has 5,000 articles on average.
    assert grown.parts["Lambda"] - flat.parts["Lambda"] == pytest.approx(730.5 * 5 / 0.578 * 0.0000133334, rel=0.01)
    # 24 old versions of 5 MB are kept for 1.5 days, and three of 10 MB for each of the last 30.5 days.
    expected = (24 * 1.5 * 5e6 + 3 * 30.5 * 10e6) / 1e9 * 0.023
    assert grown.parts["S3, old versions"] == pytest.approx(expected, rel=0.01)


def test_more_feeds_cost_more_and_allowances_count_once() -> None:
    took = Invocation(1.0, 10, 10, 1000)
    measured = Measured(
        took,
        took,
        Invocation(2, 11, 11, 2000),
        Invocation(3, 111, 61, 2000),
        took,
        Invocation(2, 12, 62, 1000),
        0.7,
        0.0001,
        3000,
        600,
        4000,
        50_000,
    )
    small, large = month(20, measured), month(2000, measured)
    assert 0 < small.total < large.total
    assert all(0 <= each.free <= each.total for each in (small, large))


def test_the_pages_of_all_articles_cost_their_requests_and_the_time_of_their_hosts() -> None:
    """32 hosts are requested at once.

    With few feeds, the ten pages that a run finds take as long as one page. With many feeds, the time of all pages is
    divided by 32.
    """
    nothing = whole_articles.Measured(NOTHING, NOTHING, 0)
    few, many = (whole_articles.month(feeds, nothing)["and full_text for all feeds"] for feeds in (200, 20_000))
    a_host = 1 + (1 + 5) / 5
    assert few == pytest.approx(assumed.RUNS * (a_host * 0.0000133334 + 1.4e-6), rel=0.01)
    hosts = 20_000 * 5 * assumed.DAYS / 32
    assert many == pytest.approx(hosts * a_host * 0.0000133334 + assumed.RUNS * 1.4e-6, rel=0.01)
    writes = whole_articles.Measured(NOTHING, Invocation(0, whole_articles.PAGES, 0, 0), 0)
    more = whole_articles.month(200, writes)["and full_text for all feeds"] - few
    assert more == pytest.approx(200 * 5 * assumed.DAYS * 5 / 1e6, rel=0.01)


def test_pictures_cost_mostly_their_storage() -> None:
    pictures = whole_articles.month(200, whole_articles.Measured(NOTHING, NOTHING, 0))["and images for all feeds"]
    stored = 200 * 5 * assumed.DAYS * 12 * 6 * 150_000 / 1e9 * 0.023
    assert stored < pictures < 1.5 * stored
