"""Conditional GET: validators are sent back byte for byte, poll after poll."""

from __future__ import annotations

from itertools import pairwise

import pytest

from feedarchive import __version__
from tests.harness.feed_archiver import articles
from tests.harness.feed_documents import news
from tests.harness.feed_server import FeedServer, RecordedRequest, Response
from tests.harness.simulation import DAYS, HOURS, Simulation, sequence


def sent(server: FeedServer) -> list[tuple[str | None, str | None]]:
    """If-None-Match and If-Modified-Since of every request. None stands for a missing header."""
    return [(r.headers.get("If-None-Match"), r.headers.get("If-Modified-Since")) for r in server.requests]


def polls(simulation: Simulation, server: FeedServer, *responses: Response, **options: object) -> None:
    server.responses["/feed"] = sequence(*responses)
    simulation.subscribe(server.url("/feed"), "feed", **options)
    for _ in range(len(responses) + 1):
        simulation.run()
        simulation.clock.move(days=1)


@pytest.mark.parametrize(
    ("etag", "last_modified"),
    [
        ('W/"a b,c"', "Thu, 25 dec 2025 1:02:03 UTC"),
        ("unquoted", "yesterday, I think"),
        ('""', "0"),
        ('"ümläut"', "Thu, 01 Jan 1970 00:00:00 GMT"),
        ('"a"; "b"', "2025-12-25T10:00:00Z"),
        ('"abc-gzip"', "Thu, 25 Dec 2025 10:00:00 GMT, Thu, 25 Dec 2025 10:00:00 GMT"),
    ],
)
def test_validators_are_sent_back_byte_for_byte_at_every_poll(
    simulation: Simulation, etag: str, last_modified: str
) -> None:
    server = simulation.server()
    validators = {"ETag": etag, "Last-Modified": last_modified}
    server.responses["/feed"] = sequence(
        Response(news(1), headers=validators), Response(status=304, headers=validators)
    )
    simulation.subscribe(server.url("/feed"))
    simulation.run_for(3 * DAYS, every=3 * HOURS)
    assert len(server.requests) > 15
    assert sent(server)[0] == (None, None)
    assert set(sent(server)[1:]) == {(etag, last_modified)}


def test_a_200_replaces_both_validators(simulation: Simulation) -> None:
    server = simulation.server()
    polls(
        simulation,
        server,
        Response(news(1), headers={"ETag": '"1"', "Last-Modified": "then"}),
        Response(news(1, 2), headers={"ETag": '"2"'}),
        Response(news(1, 2, 3), headers={"Last-Modified": "now"}),
        Response(news(1, 2, 3, 4)),
    )
    assert sent(server) == [(None, None), ('"1"', "then"), ('"2"', None), (None, "now"), (None, None)]


def test_a_304_with_only_a_new_etag_replaces_only_that(simulation: Simulation) -> None:
    server = simulation.server()
    polls(
        simulation,
        server,
        Response(news(1), headers={"ETag": '"1"', "Last-Modified": "then"}),
        Response(status=304, headers={"ETag": '"2"'}),
        Response(status=304, headers={"Last-Modified": "later"}),
        Response(status=304),
    )
    assert sent(server) == [(None, None), ('"1"', "then"), ('"2"', "then"), ('"2"', "later"), ('"2"', "later")]


def test_a_200_with_the_same_body_is_unchanged_and_its_etag_is_kept(simulation: Simulation) -> None:
    server = simulation.server()
    polls(
        simulation,
        server,
        Response(news(1), headers={"ETag": '"1"'}),
        Response(news(1), headers={"ETag": '"2"'}),
        Response(news(1)),
    )
    assert sent(server) == [(None, None), ('"1"', None), ('"2"', None), (None, None)]
    assert [report.outcome for report in simulation.reports] == ["polled", "unchanged", "unchanged", "unchanged"]
    assert len(articles(simulation.store)) == 1


def test_a_server_that_always_answers_304_is_verified_each_week_and_named(simulation: Simulation) -> None:
    server, started = simulation.server(), simulation.clock()

    def script(request: RecordedRequest) -> Response:
        if "If-None-Match" in request.headers:
            return Response(status=304, headers={"ETag": '"same"'})
        day = (simulation.clock() - started).days
        return Response(news(*range(day, day + 10)), headers={"ETag": '"same"'})

    server.responses["/feed"] = script
    simulation.subscribe(server.url("/feed"))
    simulation.run_for(7 * DAYS, every=3 * HOURS)
    assert len(articles(simulation.store)) >= 15
    assert simulation.health().health == "untrue-304"
    assert "had new entries" in simulation.health().problem
    simulation.run_for(10 * DAYS, every=3 * HOURS)
    assert len(articles(simulation.store)) >= 25
    assert all(request == (None, None) for request in sent(server)[-50:])


def test_a_server_whose_304_are_true_is_asked_for_the_document_once_a_week(simulation: Simulation) -> None:
    server = simulation.server()
    server.responses["/feed"] = Response(news(1), headers={"ETag": '"1"'})
    simulation.subscribe(server.url("/feed"))
    simulation.run_for(21 * DAYS, every=6 * HOURS)
    complete = [request.at for request in server.requests if "If-None-Match" not in request.headers and request.at]
    assert len(complete) == 4
    assert all(after - before <= 7 * DAYS for before, after in pairwise(complete))
    assert simulation.health().health == "well"


@pytest.mark.parametrize("statuses", [(412,), (500,), (503, 404, 502)])
def test_after_failures_the_validators_are_doubted(simulation: Simulation, statuses: tuple[int, ...]) -> None:
    server = simulation.server()
    first = Response(news(1), headers={"ETag": '"1"'})
    polls(simulation, server, first, *(Response(b"", status) for status in statuses), Response(news(1, 2)))
    assert sent(server)[1:] == [('"1"', None)] * len(statuses) + [(None, None)] * 2
    assert len(articles(simulation.store)) == 2


def test_validators_are_sent_only_to_the_url_that_gave_them(simulation: Simulation) -> None:
    server = simulation.server()
    server.responses["/new"] = Response(news(1), headers={"ETag": '"1"', "Last-Modified": "then"})
    server.responses["/feed"] = Response(status=302, headers={"Location": "/new"})
    simulation.subscribe(server.url("/feed"))
    for _ in range(2):
        simulation.run()
        simulation.clock.move(days=1)
    server.responses["/feed"] = Response(news(1, 2), headers={"ETag": '"2"'})
    for _ in range(2):
        simulation.run()
        simulation.clock.move(days=1)
    found = [(request.path, request.headers.get("If-None-Match")) for request in server.requests]
    assert found == [
        ("/feed", None), ("/new", None), ("/feed", None), ("/new", '"1"'), ("/feed", None), ("/feed", '"2"'),
    ]  # fmt: skip
    assert len(articles(simulation.store)) == 2


def test_a_failure_keeps_the_validators_of_the_last_document(simulation: Simulation) -> None:
    server = simulation.server()
    polls(
        simulation,
        server,
        Response(news(1), headers={"ETag": '"1"'}),
        Response(b"", 503, headers={"ETag": '"error"'}),
        Response(b"<html>sorry", headers={"ETag": '"page"', "Content-Type": "text/html"}),
        Response(status=304),
    )
    assert sent(server)[1:] == [('"1"', None)] * 4
    assert simulation.state().failing_since is None


def test_ignore_validators_turns_conditional_get_off(simulation: Simulation) -> None:
    server = simulation.server()
    validators = {"ETag": '"1"', "Last-Modified": "then"}
    polls(
        simulation, server, *[Response(news(*range(n)), headers=validators) for n in (1, 2, 3)], ignore_validators=True
    )
    assert set(sent(server)) == {(None, None)}
    assert len(articles(simulation.store)) == 3


def test_no_other_headers_are_sent(simulation: Simulation) -> None:
    """Other headers could make it possible to recognize a user."""
    server = simulation.server()
    server.responses["/feed"] = Response(news(1), headers={"Set-Cookie": "id=1; Path=/", "ETag": '"1"'})
    simulation.subscribe(server.url("/feed"))
    simulation.run_for(DAYS, every=3 * HOURS)
    for request in server.requests:
        assert set(request.headers) <= {
            "Host",
            "User-Agent",
            "Accept",
            "Accept-Encoding",
            "If-None-Match",
            "Connection",
        }
        assert request.headers["User-Agent"].startswith(f"Feedarchive/{__version__}")
        assert "gzip" in request.headers["Accept-Encoding"]
        assert request.path == "/feed"


def test_a_feed_may_have_its_own_user_agent(simulation: Simulation) -> None:
    server = simulation.server()
    polls(simulation, server, Response(news(1)), user_agent="Reader/1.0")
    assert {request.headers["User-Agent"] for request in server.requests} == {"Reader/1.0"}
