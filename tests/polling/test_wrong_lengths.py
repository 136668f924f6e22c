"""Content-Length is too large: a complete document is archived, and a truncated one is fetched again."""

from __future__ import annotations

import pytest

from tests.harness.feed_archiver import articles
from tests.harness.feed_documents import news
from tests.harness.feed_server import Response
from tests.harness.simulation import Simulation

JSON_FEED = b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "content_text": "One"}]}'


@pytest.mark.parametrize(("body", "count"), [(news(1, 2), 2), (news(1, 2) + b"\n<!-- end -->", 2), (JSON_FEED, 1)])
def test_a_complete_document_that_is_shorter_than_announced_is_not_damaged(
    simulation: Simulation, body: bytes, count: int
) -> None:
    server = simulation.server()
    server.responses["/feed"] = Response(body, headers={"Content-Length": str(len(body) + 500), "ETag": '"1"'})
    simulation.subscribe(server.url("/feed"))
    for _ in range(2):
        simulation.run()
        simulation.clock.move(days=1)
    assert len(articles(simulation.store)) == count
    assert [report.outcome for report in simulation.reports] == ["polled", "unchanged"]
    assert not simulation.problems("damaged")
    assert simulation.health().health == "well"
    assert server.requests[1].headers["If-None-Match"] == '"1"'


def test_a_truncated_document_is_fetched_again(simulation: Simulation) -> None:
    server = simulation.server()
    body = news(1, 2, 3)[:-30]
    server.responses["/feed"] = Response(body, headers={"Content-Length": str(len(body) + 30), "ETag": '"1"'})
    simulation.subscribe(server.url("/feed"))
    simulation.run()
    assert simulation.health().health == "damaged"
    assert "the connection broke" in simulation.health().problem
    simulation.clock.move(days=1)
    server.responses["/feed"] = Response(news(1, 2, 3), headers={"ETag": '"1"'})
    simulation.run()
    assert len(articles(simulation.store)) == 3
    assert simulation.health().health == "well"
