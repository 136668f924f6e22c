"""Servers that want to be left alone: 429 is the host's word, 503 the feed's, Retry-After a floor for both."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from loopback import Answer
from world import DAYS, HOURS, MINUTES, World, news, sequence, times, waits


def refused(retry_after: str = "", status: int = 429) -> Answer:
    return Answer(b"", status, {"Retry-After": retry_after} if retry_after else {})


def test_after_a_429_nothing_on_its_host_is_asked_until_the_time_it_names(world: World) -> None:
    limited, other = world.server(), world.server()
    for number in range(5):
        limited.answers[f"/{number}"] = sequence(refused("7200"), Answer(news(number)))
        world.subscribe(limited.url(f"/{number}"), f"limited{number}")
    other.answers["/feed"] = Answer(news(9))
    world.subscribe(other.url("/feed"), "other")
    report = world.run()
    assert (report.asked(), report.count("failed"), report.count("deferred"), report.count("polled")) == (2, 1, 4, 1)
    assert len(limited.asked) == 1
    world.clock.move(minutes=119)
    assert world.run().asked() == 1
    assert len(limited.asked) == 1
    assert world.health("limited3").word == "new"
    assert "until 2025-12-25 12:00 UTC" in world.health("limited3").problem
    world.clock.move(minutes=1)
    world.run()
    assert len(limited.asked) == 2  # the next one is refused as well, and the host is left alone again
    assert limited.asked[0].path != limited.asked[1].path


def test_a_refused_feed_waits_as_long_as_a_date_in_retry_after_says(world: World) -> None:
    server, started = world.server(), world.clock()
    until = format_datetime(started + 5 * HOURS, usegmt=True)
    server.answers["/feed"] = sequence(refused(until), Answer(news(1)))
    world.subscribe(server.url("/feed"))
    world.live(DAYS, every=5 * MINUTES)
    assert waits(server)[0] == 5 * HOURS
    assert "429" in world.reports[0].problems[0].detail


@pytest.mark.parametrize(("retry_after", "wait"), [("60", 30 * MINUTES), ("0", 30 * MINUTES), ("soon", 30 * MINUTES)])
def test_a_short_retry_after_makes_nobody_come_sooner(world: World, retry_after: str, wait: timedelta) -> None:
    server = world.server()
    server.answers["/feed"] = sequence(refused(retry_after), Answer(news(1)))
    world.subscribe(server.url("/feed"))
    world.live(3 * HOURS, every=5 * MINUTES)
    assert waits(server)[0] == wait


def test_a_host_that_refuses_without_a_time_is_left_alone_longer_each_time(world: World) -> None:
    """Whichever of its feeds asks: half an hour, an hour, two … up to a day."""
    server = world.server()
    for number in range(3):
        server.answers[f"/{number}"] = refused()
        world.subscribe(server.url(f"/{number}"), f"feed{number}")
    world.live(4 * DAYS)
    asked = [each.at for each in server.asked if each.at]
    seen = [after - before for before, after in pairwise(asked)]
    longest = [30 * MINUTES, HOURS, 2 * HOURS, 4 * HOURS, 8 * HOURS, 16 * HOURS, 24 * HOURS]
    assert len(seen) >= 7
    for wait, most in zip(seen, longest, strict=False):
        assert 0.75 * most <= wait <= most + 15 * MINUTES
    assert len({each.path for each in server.asked}) == 3


def test_one_answer_ends_what_a_host_had_said(world: World) -> None:
    server = world.server()
    for number in range(3):
        server.answers[f"/{number}"] = sequence(*[refused()] * 2, Answer(news(number), headers={"ETag": '"1"'}))
        world.subscribe(server.url(f"/{number}"), f"feed{number}")
    world.live(5 * DAYS)
    assert all(world.state(f"feed{number}").failures == 0 for number in range(3))
    del server.asked[:]
    server.answers["/0"] = refused()
    world.live(4 * HOURS)
    server.answers["/0"] = Answer(news(0))
    refusals = times(server, "/0")
    assert refusals
    assert all(after - before < 2 * HOURS for before, after in pairwise(refusals))


def test_503_is_the_word_of_one_feed_only(world: World) -> None:
    server = world.server()
    server.answers["/down"] = sequence(refused("10800", 503), Answer(news(1)))
    server.answers["/up"] = Answer(news(2))
    world.subscribe(server.url("/down"), "down")
    world.subscribe(server.url("/up"), "up")
    world.live(3 * HOURS)
    assert len(times(server, "/down")) == 1
    assert len(times(server, "/up")) >= 5
    world.live(30 * MINUTES)
    assert waits(server, "/down") == [3 * HOURS]
    assert world.state("down").failing_since is None


def test_503_without_a_time_backs_off(world: World) -> None:
    server = world.server()
    server.answers["/feed"] = refused("", 503)
    world.subscribe(server.url("/feed"))
    world.live(DAYS)
    assert len(server.asked) <= 7


@pytest.mark.parametrize("status", [429, 503])
def test_all_does_not_ask_a_server_that_wants_to_be_left_alone(world: World, status: int) -> None:
    server = world.server()
    server.answers["/feed"] = sequence(refused("7200", status), Answer(news(1)))
    world.subscribe(server.url("/feed"))
    world.run()
    world.clock.move(minutes=30)
    report = world.run(poll_all=True)
    assert (len(server.asked), report.asked(), report.count("deferred")) == (1, 0, 1)
    assert not report.every_feed_failed()
    assert "until 2025-12-25 12:00 UTC" in report.problems()[0].detail
    world.clock.move(minutes=90)
    assert world.run(poll_all=True).count("polled") == 1


def test_no_server_switches_a_feed_off_for_longer_than_a_week(world: World) -> None:
    server = world.server()
    server.answers["/feed"] = refused("99999999")
    world.subscribe(server.url("/feed"))
    world.live(15 * DAYS, every=HOURS)
    assert set(waits(server)) == {7 * DAYS}


def test_a_clock_that_was_set_back_does_not_lengthen_a_refusal(world: World) -> None:
    server = world.server()
    server.answers["/feed"] = sequence(refused("3600"), refused("3600"), Answer(news(1)))
    world.subscribe(server.url("/feed"))
    world.run()
    world.clock.move(days=-40)
    world.run()
    assert len(server.asked) == 2
    world.clock.move(minutes=30)
    world.run()
    assert len(server.asked) == 2  # what the second refusal says is remembered, though the first looks later
    world.clock.move(minutes=31)
    assert world.run().count("polled") == 1


def test_youtube_answers_404_for_hours_and_no_feed_is_lost(world: World) -> None:
    server, started = world.server(), world.clock()
    server.answers["/feed"] = lambda asked: (
        Answer(b"", 404)
        if 3 * HOURS <= world.clock() - started < 9 * HOURS
        else Answer(news(_day(world) - 1, _day(world)))
    )
    world.subscribe(server.url("/feed"))
    world.live(2 * DAYS)
    during = [at for at in times(server) if 3 * HOURS <= at - started < 9 * HOURS]
    assert 3 <= len(during) <= 6
    after = next(at for at in times(server) if at - started >= 9 * HOURS)
    assert after - started <= 9 * HOURS + 8 * HOURS
    assert world.health().word == "well"
    assert waits(server)[-1] <= 2 * HOURS


def test_a_404_for_weeks_is_still_asked_once_a_day_and_told(world: World) -> None:
    server = world.server()
    world.subscribe(server.url("/feed"))
    world.live(21 * DAYS, every=HOURS)
    assert 20 <= len(server.asked) <= 30
    assert world.health().needs_a_person


def test_410_stops_a_feed_and_says_so(world: World) -> None:
    server = world.server()
    server.answers["/feed"] = sequence(Answer(news(1)), Answer(b"", 410))
    server.answers["/new"] = Answer(news(1, 2))
    world.subscribe(server.url("/feed"))
    world.live(30 * DAYS, every=HOURS)
    assert len(server.asked) == 2
    health = world.health()
    assert (health.word, health.next_poll, health.needs_a_person) == ("gone", None, True)
    assert world.run(poll_all=True).count("failed") == 1  # --all asks once more
    assert len(server.asked) == 3
    world.live(5 * DAYS, every=HOURS)
    assert len(server.asked) == 3
    world.subscribe(server.url("/new"))  # the same id at another address: asked at once
    assert world.run().articles()["new"] == 1
    assert "If-None-Match" not in server.asked[-1].headers
    assert world.health().word == "well"


def test_a_gone_feed_that_is_back_is_polled_again(world: World) -> None:
    server = world.server()
    server.answers["/feed"] = sequence(Answer(b"", 410), Answer(news(1)))
    world.subscribe(server.url("/feed"))
    world.live(DAYS)
    assert world.run(poll_all=True).count("polled") == 1
    world.live(DAYS)
    assert len(server.asked) > 10


def _day(world: World) -> int:
    return int(world.clock().timestamp()) // 86400
