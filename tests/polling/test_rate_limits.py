"""Rate limits over weeks: 429 applies to the host, 503 to the feed."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from feedarchive.report import FeedOutcome
from tests.harness.feed_documents import news
from tests.harness.feed_server import Response, feed_server
from tests.harness.simulation import DAYS, HOURS, MINUTES, Simulation, sequence, times, waits


def http_error(retry_after: str = "", status: int = 429) -> Response:
    return Response(b"", status, {"Retry-After": retry_after} if retry_after else {})


def test_a_429_rate_limits_all_feeds_of_the_host(simulation: Simulation) -> None:
    limited, other = simulation.server(), simulation.server()
    for number in range(5):
        limited.responses[f"/{number}"] = sequence(http_error("7200"), Response(news(number)))
        simulation.subscribe(limited.url(f"/{number}"), f"limited{number}")
    other.responses["/feed"] = Response(news(9))
    simulation.subscribe(other.url("/feed"), "other")
    report = simulation.run()
    assert (
        report.requested(),
        report.count(FeedOutcome.FAILED),
        report.count(FeedOutcome.DEFERRED),
        report.count(FeedOutcome.POLLED),
    ) == (2, 1, 4, 1)
    assert len(limited.requests) == 1
    simulation.clock.move(minutes=119)
    assert simulation.run().requested() == 1
    assert len(limited.requests) == 1
    assert simulation.health("limited3").health == "new"
    assert "until 2025-12-25 12:00 UTC" in simulation.health("limited3").problem
    simulation.clock.move(minutes=1)
    simulation.run()
    assert len(limited.requests) == 2  # the second request is for another feed; the host answers 429 again
    assert limited.requests[0].path != limited.requests[1].path


def test_a_date_in_retry_after_is_respected(simulation: Simulation) -> None:
    server, started = simulation.server(), simulation.clock()
    until = format_datetime(started + 5 * HOURS, usegmt=True)
    server.responses["/feed"] = sequence(http_error(until), Response(news(1)))
    simulation.subscribe(server.url("/feed"))
    simulation.run_for(6 * HOURS, every=5 * MINUTES)
    assert waits(server)[0] == 5 * HOURS
    assert "429" in simulation.reports[0].problems[0].detail


@pytest.mark.parametrize(("retry_after", "wait"), [("60", 30 * MINUTES), ("0", 30 * MINUTES), ("soon", 30 * MINUTES)])
def test_a_short_retry_after_does_not_shorten_the_wait(
    simulation: Simulation, retry_after: str, wait: timedelta
) -> None:
    server = simulation.server()
    server.responses["/feed"] = sequence(http_error(retry_after), Response(news(1)))
    simulation.subscribe(server.url("/feed"))
    simulation.run_for(3 * HOURS, every=5 * MINUTES)
    assert waits(server)[0] == wait


def test_a_429_without_retry_after_backs_off_for_the_host(simulation: Simulation) -> None:
    """All feeds of the host wait: half an hour, then an hour, then two, and at most a day."""
    server = simulation.server()
    for number in range(3):
        server.responses[f"/{number}"] = http_error()
        simulation.subscribe(server.url(f"/{number}"), f"feed{number}")
    simulation.run_for(4 * DAYS)
    requested = [each.at for each in server.requests if each.at]
    observed = [after - before for before, after in pairwise(requested)]
    longest = [30 * MINUTES, HOURS, 2 * HOURS, 4 * HOURS, 8 * HOURS, 16 * HOURS, 24 * HOURS]
    assert len(observed) >= 7
    for wait, most in zip(observed, longest, strict=False):
        assert 0.75 * most <= wait <= most + 15 * MINUTES
    assert len({each.path for each in server.requests}) == 3


def test_any_other_response_ends_the_rate_limit_of_the_host(simulation: Simulation) -> None:
    server = simulation.server()
    for number in range(3):
        server.responses[f"/{number}"] = sequence(*[http_error()] * 2, Response(news(number), headers={"ETag": '"1"'}))
        simulation.subscribe(server.url(f"/{number}"), f"feed{number}")
    simulation.run_for(2 * DAYS)
    assert all(simulation.state(f"feed{number}").failures == 0 for number in range(3))
    del server.requests[:]
    server.responses["/0"] = http_error()
    simulation.run_for(4 * HOURS)
    server.responses["/0"] = Response(news(0))
    polls = times(server, "/0")
    assert polls
    assert all(after - before < 2 * HOURS for before, after in pairwise(polls))


def test_a_503_delays_only_its_own_feed(simulation: Simulation) -> None:
    server = simulation.server()
    server.responses["/down"] = sequence(http_error("10800", 503), Response(news(1)))
    server.responses["/up"] = Response(news(2))
    simulation.subscribe(server.url("/down"), "down")
    simulation.subscribe(server.url("/up"), "up")
    simulation.run_for(3 * HOURS)
    assert len(times(server, "/down")) == 1
    assert len(times(server, "/up")) >= 5
    simulation.run_for(30 * MINUTES)
    assert waits(server, "/down") == [3 * HOURS]
    assert simulation.state("down").failing_since is None


def test_a_503_without_retry_after_backs_off(simulation: Simulation) -> None:
    server = simulation.server()
    server.responses["/feed"] = http_error("", 503)
    simulation.subscribe(server.url("/feed"))
    simulation.run_for(DAYS)
    assert len(server.requests) <= 7


@pytest.mark.parametrize("status", [429, 503])
def test_fetch_all_respects_rate_limits(simulation: Simulation, status: int) -> None:
    server = simulation.server()
    server.responses["/feed"] = sequence(http_error("7200", status), Response(news(1)))
    simulation.subscribe(server.url("/feed"))
    simulation.run()
    simulation.clock.move(minutes=30)
    report = simulation.run(poll_all=True)
    assert (len(server.requests), report.requested(), report.count(FeedOutcome.DEFERRED)) == (1, 0, 1)
    assert not report.every_feed_failed()
    assert "until 2025-12-25 12:00 UTC" in report.problems()[0].detail
    simulation.clock.move(minutes=90)
    assert simulation.run(poll_all=True).count(FeedOutcome.POLLED) == 1


def test_a_rate_limit_ends_after_a_week_at_the_latest(simulation: Simulation) -> None:
    server = simulation.server()
    for number in range(2):
        server.responses[f"/{number}"] = http_error("99999999")
        simulation.subscribe(server.url(f"/{number}"), f"feed{number}")
    simulation.run_for(22 * DAYS, every=3 * HOURS)
    requested = [each.at for each in server.requests if each.at]
    assert {after - before for before, after in pairwise(requested)} == {7 * DAYS}
    assert [each.path for each in server.requests] == ["/0", "/1", "/0", "/1"]


def test_a_clock_that_was_set_back_does_not_extend_a_rate_limit(simulation: Simulation) -> None:
    server = simulation.server()
    server.responses["/feed"] = sequence(http_error("3600"), http_error("3600"), Response(news(1)))
    simulation.subscribe(server.url("/feed"))
    simulation.run()
    simulation.clock.move(days=-40)
    simulation.run()
    assert len(server.requests) == 2
    simulation.clock.move(minutes=30)
    simulation.run()
    assert len(server.requests) == 2  # the second response demands one hour
    simulation.clock.move(minutes=31)
    assert simulation.run().count(FeedOutcome.POLLED) == 1


def test_retry_after_as_seconds_since_1970_is_a_time(simulation: Simulation) -> None:
    server, started = simulation.server(), simulation.clock()
    server.responses["/feed"] = sequence(http_error(str(int((started + 5 * HOURS).timestamp()))), Response(news(1)))
    simulation.subscribe(server.url("/feed"))
    simulation.run_for(6 * HOURS, every=5 * MINUTES)
    assert waits(server)[0] == 5 * HOURS


def test_a_429_does_not_limit_other_ports_of_the_host(simulation: Simulation) -> None:
    limited = simulation.server()
    other = simulation.stack.enter_context(feed_server(limited.host, simulation.clock))
    limited.responses["/feed"] = http_error("7200")
    other.responses["/feed"] = Response(news(1))
    simulation.subscribe(limited.url("/feed"), "limited")
    simulation.subscribe(other.url("/feed"), "other")
    report = simulation.run()
    assert (report.count(FeedOutcome.FAILED), report.count(FeedOutcome.POLLED)) == (1, 1)
