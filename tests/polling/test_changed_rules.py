"""After a change of a feed's rules in feeds.toml, entries that the old rules excluded are looked at again."""

from __future__ import annotations

import re

from feedarchive.feeds.feed import Rule
from tests.harness.feed_archiver import titles
from tests.harness.feed_documents import news
from tests.harness.simulation import HOURS, Simulation, conditional

ARTICLE_2 = (Rule("title", re.compile("Article 2")),)
ARTICLE_3 = (Rule("title", re.compile("Article 3")),)


def test_an_unchanged_document_is_requested_and_read_again(simulation: Simulation) -> None:
    server = simulation.server()
    server.responses["/feed"] = conditional(lambda: news(1, 2, 3))
    found = []
    for drop in (ARTICLE_2 + ARTICLE_3, ARTICLE_3, (), ()):
        simulation.subscribe(server.url("/feed"), drop=drop)
        simulation.run()
        found.append(sorted(titles(simulation.store)))
        simulation.clock.now += 2 * HOURS
    assert found == [
        ["Article 1"],
        ["Article 1", "Article 2"],
        ["Article 1", "Article 2", "Article 3"],
        ["Article 1", "Article 2", "Article 3"],
    ]
    conditional_requests = ["If-None-Match" in request.headers for request in server.requests]
    assert conditional_requests == [False, False, False, True]
    assert [(report.new, report.known) for report in simulation.reports] == [(1, 0), (1, 1), (1, 2), (0, 0)]
