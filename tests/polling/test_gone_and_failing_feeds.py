"""HTTP errors over weeks: 410 stops polling, 404 and other errors are retried and reported."""

from __future__ import annotations

import logging

import pytest

from feedarchive.cli.log_display import LogDisplay
from feedarchive.report import FeedOutcome, RunReport
from tests.harness.feed_documents import news
from tests.harness.feed_server import Response
from tests.harness.simulation import DAYS, HOURS, Simulation, sequence, times, waits
from tests.polling.test_rate_limits import http_error


def test_a_404_for_hours_loses_no_feed(simulation: Simulation) -> None:
    server, started = simulation.server(), simulation.clock()
    server.responses["/feed"] = lambda request: (
        Response(b"", 404)
        if 3 * HOURS <= simulation.clock() - started < 9 * HOURS
        else Response(news(_day(simulation) - 1, _day(simulation)))
    )
    simulation.subscribe(server.url("/feed"))
    simulation.run_for(DAYS)
    during = [at for at in times(server) if 3 * HOURS <= at - started < 9 * HOURS]
    assert 3 <= len(during) <= 6
    after = next(at for at in times(server) if at - started >= 9 * HOURS)
    assert after - started <= 9 * HOURS + 8 * HOURS
    assert simulation.health().health == "well"
    assert waits(server)[-1] <= 2 * HOURS


def test_a_404_for_weeks_is_polled_daily_and_reported(simulation: Simulation) -> None:
    server = simulation.server()
    simulation.subscribe(server.url("/feed"))
    simulation.run_for(21 * DAYS, every=3 * HOURS)
    assert 20 <= len(server.requests) <= 30
    assert simulation.health().needs_a_person


def test_a_410_stops_polling_for_a_month_and_is_reported_until_the_url_changes(simulation: Simulation) -> None:
    server = simulation.server()
    server.responses["/feed"] = sequence(Response(news(1)), Response(b"", 410))
    server.responses["/new"] = Response(news(1, 2))
    simulation.subscribe(server.url("/feed"))
    simulation.run_for(29 * DAYS, every=3 * HOURS)
    assert len(server.requests) == 2
    health = simulation.health()
    assert (health.health, health.needs_a_person) == ("gone", True)
    assert health.next_poll == simulation.state().last_poll + 30 * DAYS
    assert simulation.run(poll_all=True).count(FeedOutcome.FAILED) == 1  # --all polls it once more
    assert len(server.requests) == 3
    simulation.run_for(5 * DAYS, every=3 * HOURS)
    assert len(server.requests) == 3
    simulation.subscribe(server.url("/new"))  # the same id with another URL: polled at once
    assert simulation.run().articles()["new"] == 1
    assert "If-None-Match" not in server.requests[-1].headers
    assert simulation.health().health == "well"


def test_a_gone_feed_is_polled_once_a_month(simulation: Simulation) -> None:
    server = simulation.server()
    server.responses["/feed"] = sequence(*[Response(b"", 410)] * 3, Response(news(1)))
    simulation.subscribe(server.url("/feed"))
    simulation.run_for(91 * DAYS, every=6 * HOURS)
    assert waits(server)[:3] == [30 * DAYS] * 3
    assert simulation.health().health == "well"
    assert simulation.health().gone_since is None


def test_a_gone_feed_that_is_back_is_polled_again(simulation: Simulation) -> None:
    server = simulation.server()
    server.responses["/feed"] = sequence(Response(b"", 410), Response(news(1)))
    simulation.subscribe(server.url("/feed"))
    simulation.run_for(DAYS)
    assert simulation.run(poll_all=True).count(FeedOutcome.POLLED) == 1
    simulation.run_for(8 * HOURS)
    assert len(server.requests) > 10


def _day(simulation: Simulation) -> int:
    return int(simulation.clock().timestamp()) // 86400


def test_a_server_that_fails_now_and_then_is_reported_once_a_day(
    simulation: Simulation, caplog: pytest.LogCaptureFixture
) -> None:
    server = simulation.server()
    server.responses["/feed"] = sequence(*[Response(news(n)) if n % 2 else http_error(status=500) for n in range(200)])
    simulation.subscribe(server.url("/feed"))
    simulation.run_for(2 * DAYS)
    failed = [report for report in simulation.reports if report.outcome == FeedOutcome.FAILED]
    assert len(failed) > 20
    assert sum(not report.problems[0].repeated for report in failed) == 2
    assert not failed[0].problems[0].repeated
    with caplog.at_level(logging.INFO):
        for report in failed:
            LogDisplay().feed_done(report)
            LogDisplay().finished(RunReport(1, (report,)))
    assert sum(record.levelno >= logging.WARNING for record in caplog.records) == 2 * 2
    assert len(caplog.records) == 2 * len(failed)


def test_another_error_is_reported_at_once(simulation: Simulation) -> None:
    server = simulation.server()
    answers = [500, 500, 404, 500, 500, 503]
    server.responses["/feed"] = sequence(*(http_error(status=status) for status in answers), Response(b"A page."))
    simulation.subscribe(server.url("/feed"))
    for _ in range(7):
        simulation.run(poll_all=True)
    reported = [[problem.repeated for problem in report.problems] for report in simulation.reports]
    assert reported == [[False], [True], [False], [False], [True], [False], [False]]
    assert simulation.health().health == "failing"
    simulation.clock.move(hours=23)
    simulation.run(poll_all=True)
    simulation.clock.move(hours=1)
    simulation.run(poll_all=True)
    assert [report.problems[0].repeated for report in simulation.reports[7:]] == [True, False]
    simulation.clock.move(hours=-2)  # the clock is set back
    simulation.run(poll_all=True)
    assert not simulation.reports[-1].problems[0].repeated
