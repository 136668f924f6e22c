"""When feeds are polled: what each server saw over days and weeks of runs every 15 minutes."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest

from loopback import Answer, Asked
from world import DAYS, HOURS, MINUTES, World, conditional, news, times, waits


def test_a_lively_feed_is_asked_every_half_hour(world: World) -> None:
    server = world.server()
    # An article an hour, and always the last thirty.
    server.answers["/feed"] = conditional(lambda: news(*range(_hour(world) - 29, _hour(world) + 1)))
    world.subscribe(server.url("/feed"))
    world.live(3 * DAYS)
    first, *others = waits(server)
    assert 30 * MINUTES <= first <= 60 * MINUTES
    assert set(others) == {30 * MINUTES}


def test_feeds_that_start_together_drift_apart(world: World) -> None:
    """The second poll comes one to two intervals after the first, and the same feed's always alike."""
    server = world.server()
    for number in range(20):
        server.answers[f"/{number}"] = Answer(news(number))
        world.subscribe(server.url(f"/{number}"), f"feed{number}")
    world.live(2 * HOURS, every=MINUTES)
    second = [times(server, f"/{number}")[1] for number in range(20)]
    assert len(set(second)) > 10
    assert all(30 * MINUTES <= waits(server, f"/{number}")[0] <= 60 * MINUTES for number in range(20))


def test_a_feed_of_one_article_a_day_is_asked_less_often_but_never_late(world: World) -> None:
    server, started = world.server(), world.clock()
    server.answers["/feed"] = conditional(lambda: news(*range(1 + (world.clock() - started).days)))
    world.subscribe(server.url("/feed"))
    world.live(10 * DAYS)
    later = [at for at in times(server) if at >= started + 2 * DAYS]
    assert len(later) < 8 * 30  # a clock would have asked 384 times
    for day in range(2, 10):
        published = started + day * DAYS
        assert min(at for at in later if at >= published) - published <= 135 * MINUTES


def test_a_silent_feed_slows_to_six_hours_and_wakes_up_at_once(world: World) -> None:
    server, started = world.server(), world.clock()
    server.answers["/feed"] = conditional(lambda: news(*range(1 + 3 * (world.clock() - started >= 20 * DAYS))))
    world.subscribe(server.url("/feed"))
    world.live(20 * DAYS)
    assert waits(server)[-20:] == [6 * HOURS] * 20
    assert world.health().next_poll_why == "quiet"
    asked = len(server.asked)
    world.live(1 * DAYS)
    assert waits(server)[asked - 1 : asked + 8] == [6 * HOURS] + [30 * MINUTES] * 8


def test_an_interval_that_is_written_down_is_kept(world: World) -> None:
    """Whoever writes one knows the feed: neither silence nor a full document changes it."""
    silent, busy = world.server(), world.server()
    silent.answers["/feed"] = Answer(news(1))
    busy.answers["/feed"] = lambda asked: Answer(news(*range(_minute(world) - 4, _minute(world) + 1)))
    world.subscribe(silent.url("/feed"), "silent", interval=15 * MINUTES)
    world.subscribe(busy.url("/feed"), "busy", interval=2 * HOURS)
    world.live(4 * DAYS)
    assert set(waits(silent)[1:]) == {15 * MINUTES}
    assert set(waits(busy)[1:]) == {2 * HOURS}
    assert "shorter interval" in world.health("busy").advice


def test_a_feed_that_shows_less_than_arrives_is_asked_more_often_and_the_gap_told(world: World) -> None:
    """An article a minute, the last 15 shown: nothing is missed once it is asked every ten minutes."""
    server = world.server()
    server.answers["/feed"] = lambda asked: Answer(news(*range(_minute(world) - 14, _minute(world) + 1)))
    world.subscribe(server.url("/feed"))
    world.live(6 * HOURS, every=5 * MINUTES)
    assert set(waits(server)[2:]) == {10 * MINUTES}
    gaps = world.problems("gap")
    assert len(gaps) == 1  # the first half hour's
    assert world.health().word == "gap"
    assert world.state().gap == times(server)[1]


def test_a_feed_that_was_busy_once_calms_down(world: World) -> None:
    server, started = world.server(), world.clock()

    def shown() -> bytes:
        published = min(_minute(world), 60 * 24 * 365 * 50 if not started else _minute_of(started + 2 * HOURS))
        return news(*range(published - 14, published + 1))

    server.answers["/feed"] = conditional(shown)
    world.subscribe(server.url("/feed"))
    world.live(2 * HOURS, every=5 * MINUTES)
    assert waits(server)[-1] == 10 * MINUTES
    world.live(4 * HOURS, every=5 * MINUTES)
    assert waits(server)[-4:] == [30 * MINUTES] * 4


def test_the_servers_word_goes_before_a_possible_gap(world: World) -> None:
    server = world.server()
    server.answers["/feed"] = lambda asked: Answer(
        news(*range(_minute(world) - 4, _minute(world) + 1)), headers={"Cache-Control": "max-age=3600"}
    )
    world.subscribe(server.url("/feed"))
    world.live(DAYS, every=5 * MINUTES)
    assert set(waits(server)) == {HOURS}
    assert world.health().next_poll_why == "fresh"
    assert world.problems("gap")


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Cache-Control": "max-age=7200"}, 2 * HOURS),
        ({"Cache-Control": "public, max-age=60"}, 30 * MINUTES),
        ({"Cache-Control": "no-cache, max-age=7200"}, 30 * MINUTES),
        ({"Cache-Control": "max-age=31536000"}, 24 * HOURS),  # no server switches a feed off
        ({"Expires": "+3h"}, 3 * HOURS),
        ({"Expires": "0"}, 30 * MINUTES),
    ],
    ids=str,
)
def test_a_document_is_not_asked_for_while_it_is_fresh_after_a_304_too(
    world: World, headers: dict[str, str], wait: timedelta
) -> None:
    """Against the server's own clock, which is three days slow."""
    server = world.server()

    def answer(asked: Asked) -> Answer:
        slow = world.clock() - 3 * DAYS
        sent = {name: format_datetime(slow + 3 * HOURS) if v == "+3h" else v for name, v in headers.items()}
        sent |= {"ETag": '"same"', "Date": format_datetime(slow)}
        if asked.headers.get("If-None-Match"):
            return Answer(status=304, headers=sent)
        return Answer(news(1), headers=sent)

    server.answers["/feed"] = answer
    world.subscribe(server.url("/feed"), interval=30 * MINUTES + timedelta(seconds=1))
    world.live(5 * DAYS, every=5 * MINUTES)
    assert sum("If-None-Match" in asked.headers for asked in server.asked) == len(server.asked) - 1
    assert set(waits(server)[1:]) == {wait}


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("<ttl>120</ttl>", 2 * HOURS),
        ("<ttl>5</ttl>", 30 * MINUTES),
        ("<ttl>100000</ttl>", 24 * HOURS),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>6</sy:updateFrequency>", 4 * HOURS),
        ("<sy:updatePeriod>yearly</sy:updatePeriod>", 24 * HOURS),
    ],
)
def test_how_often_the_document_says_to_come(world: World, said: str, wait: timedelta) -> None:
    server = world.server()
    sy = b'<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    body = news(1).replace(b"<item>", said.encode() + b"<item>").replace(b"<rss", sy)
    server.answers["/feed"] = Answer(body, headers={"ETag": '"1"'})
    world.subscribe(server.url("/feed"), interval=30 * MINUTES + timedelta(seconds=1))
    world.live(4 * DAYS)
    assert set(waits(server)[1:]) == {wait}


def test_all_asks_for_what_is_fresh_too(world: World) -> None:
    server = world.server()
    server.answers["/feed"] = Answer(news(1), headers={"Cache-Control": "max-age=86400"})
    world.subscribe(server.url("/feed"))
    world.run()
    assert world.run().asked() == 0
    assert world.run(poll_all=True).asked() == 1


def test_failures_space_polls_out_up_to_a_day_and_one_success_ends_that(world: World) -> None:
    server, started = world.server(), world.clock()
    good = conditional(lambda: news(*range(_hour(world) - 29, _hour(world) + 1)))
    server.answers["/feed"] = lambda asked: good(asked) if world.clock() > started + 9 * DAYS else Answer(b"", 500)
    world.subscribe(server.url("/feed"))
    world.live(11 * DAYS)
    seen = waits(server)
    longest = [30 * MINUTES, HOURS, 2 * HOURS, 4 * HOURS, 8 * HOURS, 16 * HOURS, 24 * HOURS, 24 * HOURS]
    for wait, most in zip(seen, longest, strict=False):
        assert 0.75 * most - 15 * MINUTES <= wait <= most + 15 * MINUTES
    assert max(seen) <= 24 * HOURS
    assert seen[-10:] == [30 * MINUTES] * 10


def test_feeds_that_failed_together_come_back_apart(world: World) -> None:
    server = world.server()
    for number in range(10):
        world.subscribe(server.url(f"/{number}"), f"feed{number}")
    world.live(2 * DAYS, every=5 * MINUTES)
    assert len({tuple(times(server, f"/{number}")) for number in range(10)}) > 5


def test_a_clock_that_was_set_back_asks_again_and_goes_on(world: World) -> None:
    server = world.server()
    server.answers["/feed"] = conditional(lambda: news(1), Cache_Control="max-age=86400")
    world.subscribe(server.url("/feed"))
    world.run()
    world.clock.move(days=-300)
    assert world.run().asked() == 1
    world.live(3 * DAYS)
    assert set(waits(server)[1:]) == {24 * HOURS}


def test_the_feed_that_waits_longest_is_asked_first(world: World) -> None:
    server = world.server()
    for name in ("a", "b", "c"):
        server.answers[f"/{name}"] = Answer(news(1))
        world.subscribe(server.url(f"/{name}"), name, interval=HOURS)
        world.run()
        world.clock.move(minutes=1)
    world.feeds.reverse()
    world.subscribe(server.url("/new"), "new")
    world.clock.move(days=1)
    del server.asked[:]
    world.run()
    order = [asked.path for asked in server.asked]
    assert order[0] == "/new"
    assert sorted(order[1:], key=lambda path: _due(world, path)) == order[1:]


def _due(world: World, path: str) -> datetime:
    at = world.health(path.strip("/")).next_poll
    assert at
    return at


def _minute_of(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def _minute(world: World) -> int:
    return _minute_of(world.clock())


def _hour(world: World) -> int:
    return _minute(world) // 60
