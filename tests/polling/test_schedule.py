"""When feeds are polled: the requests that servers get over days and weeks of runs every 15 minutes."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest

from feedarchive.polling import schedule
from tests.harness.feed_documents import news
from tests.harness.feed_server import RecordedRequest, Response
from tests.harness.simulation import DAYS, HOURS, MINUTES, Simulation, conditional, times, waits


def test_a_lively_feed_is_polled_every_half_hour(simulation: Simulation) -> None:
    server = simulation.server()
    # One article an hour; the document has the last thirty.
    server.responses["/feed"] = conditional(lambda: news(*range(hour_of(simulation) - 29, hour_of(simulation) + 1)))
    simulation.subscribe(server.url("/feed"))
    simulation.run_for(12 * HOURS)
    first, *others = waits(server)
    assert 30 * MINUTES <= first <= 60 * MINUTES
    assert set(others) == {30 * MINUTES}


def test_feeds_added_together_are_not_polled_together(simulation: Simulation) -> None:
    """The second poll of each feed comes one to two intervals after its first poll."""
    server = simulation.server()
    for number in range(20):
        server.responses[f"/{number}"] = Response(news(number))
        simulation.subscribe(server.url(f"/{number}"), f"feed{number}")
    simulation.run_for(61 * MINUTES, every=MINUTES)
    second = [times(server, f"/{number}")[1] for number in range(20)]
    assert len(set(second)) > 10
    assert all(30 * MINUTES <= waits(server, f"/{number}")[0] <= 60 * MINUTES for number in range(20))


def test_a_feed_of_one_article_a_day_is_polled_less_often_but_never_late(simulation: Simulation) -> None:
    server, started = simulation.server(), simulation.clock()
    server.responses["/feed"] = conditional(lambda: news(*range(1 + (simulation.clock() - started).days)))
    simulation.subscribe(server.url("/feed"))
    simulation.run_for(6 * DAYS)
    later = [at for at in times(server) if at >= started + 2 * DAYS]
    assert len(later) < 4 * 30  # every 30 minutes would be 192 polls
    for day in range(2, 6):
        published = started + day * DAYS
        assert min(at for at in later if at >= published) - published <= 135 * MINUTES


def test_a_quiet_feed_is_polled_every_six_hours_until_a_new_entry(simulation: Simulation) -> None:
    server, started = simulation.server(), simulation.clock()
    server.responses["/feed"] = conditional(lambda: news(*range(1 + 3 * (simulation.clock() - started >= 12 * DAYS))))
    simulation.subscribe(server.url("/feed"))
    simulation.run_for(12 * DAYS)
    longest = [wait for wait in waits(server) if wait][-8:]  # drops requests that verify a 304: they follow at once
    assert longest == [6 * HOURS] * 8
    assert simulation.health().next_poll_why == "quiet"
    requested = len(server.requests)
    simulation.run_for(1 * DAYS)
    assert waits(server)[requested - 1 : requested + 8] == [6 * HOURS] + [30 * MINUTES] * 8


def test_an_interval_of_feeds_toml_is_kept(simulation: Simulation) -> None:
    """The user knows the feed: neither quiet times nor gaps change the interval."""
    silent, busy = simulation.server(), simulation.server()
    silent.responses["/feed"] = Response(news(1))
    busy.responses["/feed"] = lambda request: Response(news(*range(_minute(simulation) - 4, _minute(simulation) + 1)))
    simulation.subscribe(silent.url("/feed"), "silent", interval=15 * MINUTES)
    simulation.subscribe(busy.url("/feed"), "busy", interval=2 * HOURS)
    simulation.run_for(12 * HOURS)
    assert set(waits(silent)[1:]) == {15 * MINUTES}
    assert set(waits(busy)[1:]) == {2 * HOURS}
    assert "shorter interval" in simulation.health("busy").advice


def test_a_busy_feed_is_polled_more_often_and_its_gap_is_reported(simulation: Simulation) -> None:
    """One article a minute, of which the document has the last 15: polls every ten minutes miss none."""
    server = simulation.server()
    server.responses["/feed"] = lambda request: Response(
        news(*range(_minute(simulation) - 14, _minute(simulation) + 1))
    )
    simulation.subscribe(server.url("/feed"))
    simulation.run_for(4 * HOURS, every=5 * MINUTES)
    assert set(waits(server)[2:]) == {10 * MINUTES}
    gaps = simulation.problems("gap")
    assert len(gaps) == 1  # at the second poll, after half an hour; later polls miss nothing
    assert simulation.health().health == "gap"
    assert simulation.state().last_gap == times(server)[1]


def test_a_feed_that_is_no_longer_busy_is_polled_normally_again(simulation: Simulation) -> None:
    server, started = simulation.server(), simulation.clock()

    def document() -> bytes:
        published = min(_minute(simulation), _minute_of(started + 2 * HOURS))
        return news(*range(published - 14, published + 1))

    server.responses["/feed"] = conditional(document)
    simulation.subscribe(server.url("/feed"))
    simulation.run_for(2 * HOURS, every=5 * MINUTES)
    assert waits(server)[-1] == 10 * MINUTES
    simulation.run_for(4 * HOURS, every=5 * MINUTES)
    assert waits(server)[-4:] == [30 * MINUTES] * 4


def test_freshness_is_respected_even_for_a_busy_feed(simulation: Simulation) -> None:
    server = simulation.server()
    server.responses["/feed"] = lambda request: Response(
        news(*range(_minute(simulation) - 4, _minute(simulation) + 1)), headers={"Cache-Control": "max-age=3600"}
    )
    simulation.subscribe(server.url("/feed"))
    simulation.run_for(12 * HOURS, every=5 * MINUTES)
    assert set(waits(server)) == {HOURS}
    assert simulation.health().next_poll_why == "fresh"
    assert simulation.problems("gap")


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Cache-Control": "max-age=7200"}, 2 * HOURS),
        ({"Cache-Control": "public, max-age=60"}, 30 * MINUTES),
        ({"Cache-Control": "no-cache, max-age=7200"}, 30 * MINUTES),
        ({"Cache-Control": "max-age=31536000"}, 24 * HOURS),  # limited to a day
        ({"Expires": "+3h"}, 3 * HOURS),
        ({"Expires": "0"}, 30 * MINUTES),
    ],
    ids=str,
)
def test_a_fresh_document_is_not_polled_even_after_a_304(
    simulation: Simulation, headers: dict[str, str], wait: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Freshness is measured by the clock of the server, which is three days late here."""
    monkeypatch.setattr(schedule, "_MAX_QUIET_INTERVAL", timedelta())
    server = simulation.server()

    def respond(request: RecordedRequest) -> Response:
        late = simulation.clock() - 3 * DAYS
        sent = {name: format_datetime(late + 3 * HOURS) if v == "+3h" else v for name, v in headers.items()}
        sent |= {"ETag": '"same"', "Date": format_datetime(late)}
        if request.headers.get("If-None-Match"):
            return Response(status=304, headers=sent)
        return Response(news(1), headers=sent)

    server.responses["/feed"] = respond
    simulation.subscribe(server.url("/feed"))
    simulation.run_for(6 * wait)
    assert len(server.requests) >= 5
    assert sum("If-None-Match" in request.headers for request in server.requests) == len(server.requests) - 1
    assert set(waits(server)[1:]) == {wait}


@pytest.mark.parametrize(
    ("element", "wait"),
    [
        ("<ttl>120</ttl>", 2 * HOURS),
        ("<ttl>5</ttl>", 30 * MINUTES),
        ("<ttl>100000</ttl>", 24 * HOURS),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>6</sy:updateFrequency>", 4 * HOURS),
        ("<sy:updatePeriod>yearly</sy:updatePeriod>", 24 * HOURS),
    ],
)
def test_the_update_interval_of_the_document_is_respected(
    simulation: Simulation, element: str, wait: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "_MAX_QUIET_INTERVAL", timedelta())
    server = simulation.server()
    sy = b'<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    body = news(1).replace(b"<item>", element.encode() + b"<item>").replace(b"<rss", sy)
    server.responses["/feed"] = Response(body, headers={"ETag": '"1"'})
    simulation.subscribe(server.url("/feed"))
    simulation.run_for(6 * wait)
    assert set(waits(server)[1:]) == {wait}
    assert len(server.requests) >= 5


def test_fetch_all_polls_fresh_documents_too(simulation: Simulation) -> None:
    server = simulation.server()
    server.responses["/feed"] = Response(news(1), headers={"Cache-Control": "max-age=86400"})
    simulation.subscribe(server.url("/feed"))
    simulation.run()
    assert simulation.run().requested() == 0
    assert simulation.run(poll_all=True).requested() == 1


def test_the_feed_that_is_due_longest_is_polled_first(simulation: Simulation) -> None:
    server = simulation.server()
    for name in ("c", "a", "b"):
        server.responses[f"/{name}"] = Response(news(1), headers={"Cache-Control": "max-age=36000"})
        simulation.subscribe(server.url(f"/{name}"), name)
        simulation.run()
        simulation.clock.move(minutes=10)
    simulation.feeds.sort(key=lambda feed: feed.id)
    simulation.subscribe(server.url("/new"), "new")
    simulation.clock.move(days=1)
    del server.requests[:]
    simulation.run()
    assert [request.path for request in server.requests] == ["/new", "/c", "/a", "/b"]


def _minute_of(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def _minute(simulation: Simulation) -> int:
    return _minute_of(simulation.clock())


def hour_of(simulation: Simulation) -> int:
    return _minute(simulation) // 60
