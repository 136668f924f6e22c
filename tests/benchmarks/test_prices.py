"""Requests to S3: what kind each is, and what a month of them costs."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.peers.local_aws import Request, request_of
from benchmarks.peers.prices import Polls, month, write_targets


def counted(**kinds: int) -> Counter[Request]:
    return Counter({Request(*kind.split("_")): number for kind, number in kinds.items()})


# Ten feeds of three entries in two shards; the guids of four feeds are claimed, too.
POLLS = Polls(
    10, 3, 4, 2,
    [counted(PUT_archive=30, PUT_claims=42, GET_state=2, PUT_state=2),
     counted(GET_mark=2, GET_state=2, PUT_state=2),
     counted(GET_mark=2, GET_state=2, PUT_state=2, PUT_archive=10, PUT_claims=14, GET_claims=5)],
    [counted(), counted(GET_archive=10), counted(GET_archive=20, PUT_archive=3, LIST_=1)],
)  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/bench", Request("LIST", "")),
        ("GET", "/bench/?list-type=2", Request("LIST", "")),
        ("PUT", "/bench/claims/3f/3f9a", Request("PUT", "claims")),
        ("GET", "/bench/archive.json", Request("GET", "archive.json")),
        ("HEAD", "/bench/archive/2025/12/25/a/b.md", Request("HEAD", "archive")),
    ],
)
def test_the_kind_of_a_request(method: str, path: str, kind: Request) -> None:
    assert request_of(method, path, "bench") == kind


def test_the_targets_are_met_exactly() -> None:
    assert "missed" not in write_targets(POLLS)


@pytest.mark.parametrize("poll", range(3))
@pytest.mark.parametrize("kind", [Request("PUT", "claims"), Request("GET", "state")])
def test_one_request_more_misses_a_target(poll: int, kind: Request) -> None:
    fetched = [Counter(each) for each in POLLS.fetched]
    fetched[poll][kind] += 1
    more = Polls(10, 3, 4, 2, fetched, POLLS.digests)
    expected = poll == 1 or kind.folder == "claims"  # only poll 1 has a target for GET state
    assert ("missed" in write_targets(more)) == expected


def test_a_month() -> None:
    parts = month(POLLS).parts
    runs, articles, hours = 2922, 30437.5, 730.5
    assert parts["polling: state"] == pytest.approx(runs * 2 * (5 + 0.4) / 1e6)
    assert parts["polling: opening the archive, once per shard"] == pytest.approx(runs * 2 * 2 * 0.4 / 1e6)
    assert parts["new articles"] == pytest.approx(articles * (2.4 * 5 + 0.5 * 0.4) / 1e6)
    assert parts["digests"] == pytest.approx((hours * (4 * 5 + 10 * 0.4) + articles * 0.4) / 1e6)
