"""When feeds are polled after failures, a night offline, or a change of the clock."""

from __future__ import annotations

from tests.harness.feed_documents import news
from tests.harness.feed_server import Response
from tests.harness.simulation import DAYS, HOURS, MINUTES, Simulation, conditional, times, waits
from tests.polling.test_schedule import hour_of


def test_failures_back_off_up_to_a_day_until_a_success(simulation: Simulation) -> None:
    server, started = simulation.server(), simulation.clock()
    good = conditional(lambda: news(*range(hour_of(simulation) - 29, hour_of(simulation) + 1)))
    server.responses["/feed"] = lambda request: (
        good(request) if simulation.clock() > started + 9 * DAYS else Response(b"", 500)
    )
    simulation.subscribe(server.url("/feed"))
    simulation.run_for(10 * DAYS + 8 * HOURS)
    observed = waits(server)
    longest = [30 * MINUTES, HOURS, 2 * HOURS, 4 * HOURS, 8 * HOURS, 16 * HOURS, 24 * HOURS, 24 * HOURS]
    for wait, most in zip(observed, longest, strict=False):
        assert 0.75 * most - 15 * MINUTES <= wait <= most + 15 * MINUTES
    assert max(observed) <= 24 * HOURS
    assert observed[-10:] == [30 * MINUTES] * 10


def test_after_a_night_offline_feeds_are_polled_within_two_hours(simulation: Simulation) -> None:
    server = simulation.server()
    server.responses["/feed"] = Response(news(1))
    simulation.subscribe(f"http://{server.host}:9/feed")  # no server listens there
    simulation.run_for(8 * HOURS)
    assert {report.problems[0].kind for report in simulation.reports} == {"unreachable"}
    failing = simulation.state()
    assert failing.failures >= 5
    following = simulation.health().next_poll
    assert following
    assert following <= failing.last_poll + 2 * HOURS


def test_feeds_that_failed_together_are_not_retried_together(simulation: Simulation) -> None:
    server = simulation.server()
    for number in range(10):
        simulation.subscribe(server.url(f"/{number}"), f"feed{number}")
    simulation.run_for(DAYS, every=5 * MINUTES)
    assert len({tuple(times(server, f"/{number}")) for number in range(10)}) > 5


def test_a_clock_that_was_set_back_makes_feeds_due(simulation: Simulation) -> None:
    server = simulation.server()
    server.responses["/feed"] = conditional(lambda: news(1), Cache_Control="max-age=86400")
    simulation.subscribe(server.url("/feed"))
    simulation.run()
    simulation.clock.move(days=-300)
    assert simulation.run().requested() == 1
    simulation.run_for(3 * DAYS)
    assert set(waits(server)[1:]) == {24 * HOURS}
