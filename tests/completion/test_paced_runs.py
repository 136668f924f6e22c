"""When the pages of a run are requested: the pace of a host, robots.txt, the limit of a run, and other runs."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from feedarchive.completion.lease import Lease
from tests.harness.completing import World, article_page, reasons, story
from tests.harness.feed_server import RecordedRequest, Response


def test_pages_of_a_host_are_five_seconds_apart_and_hosts_do_not_wait_for_each_other(world: World) -> None:
    world.publish(story(1), story(2), story(3, host="other.example"))
    world.poll()
    world.complete()
    at = {f"{r.headers['Host'].partition(':')[0]}{r.path}": r.at for r in world.server.requests if r.at}
    assert {path for path in at if "feed.xml" not in path} == {
        "news.example/robots.txt", "news.example/1", "news.example/2",
        "other.example/robots.txt", "other.example/3",
    }  # fmt: skip
    gap = timedelta(seconds=5)
    assert abs(at["news.example/1"] - at["news.example/2"]) >= gap
    assert at["other.example/3"] - at["other.example/robots.txt"] >= gap


def test_what_the_time_of_a_run_does_not_allow_is_left_for_the_next(world: World) -> None:
    world.publish(*(story(number) for number in range(10)))
    world.poll()
    report = world.complete(limit=timedelta(seconds=22))
    assert (len(report.finished), report.left) == (4, 6)
    assert len(world.full_texts()) == 4
    assert len(world.complete().finished) == 6
    assert len(world.full_texts()) == 10


def test_the_first_request_of_a_run_waits_for_that_of_the_run_before(world: World) -> None:
    world.publish(story(1), story(2))
    world.poll()
    world.complete(limit=timedelta(seconds=7))
    world.complete()
    times = [r.at for r in world.server.requests if r.at and r.path != "/feed.xml"]
    assert all(later - earlier >= timedelta(seconds=5) for earlier, later in pairwise(times))


def test_robots_txt_is_requested_once_a_day(world: World) -> None:
    for number in range(3):
        world.publish(*(story(each) for each in range(number + 1)))
        world.poll()
        world.complete()
        world.clock.move(hours=10)
    assert [request.path for request in world.server.requests].count("/robots.txt") == 1
    world.clock.move(hours=10)
    world.publish(story(7))
    world.poll()
    world.complete()
    assert [request.path for request in world.server.requests].count("/robots.txt") == 2


def test_a_host_that_asks_to_wait_keeps_its_jobs_and_attempts(world: World) -> None:
    world.publish(story(1), story(2))
    world.server.responses["/1"] = world.server.responses["/2"] = Response(b"", 429, {"Retry-After": "36000"})
    world.poll()
    report = world.complete()
    assert (reasons(report), report.left) == (["too-often"], 1)
    world.clock.move(hours=9)
    assert world.complete().left == 1  # the host asked to wait for ten hours
    assert len(world.pages_requested()) == 1
    world.clock.move(hours=2)
    world.publish(story(1), story(2))
    world.complete()
    assert len(world.full_texts()) == 2


def test_another_process_that_holds_the_lease_is_not_disturbed(world: World) -> None:
    world.publish(story(1))
    world.poll()
    other = Lease(world.store, world.clock)
    assert other.take() is None
    report = world.complete()
    assert (report.busy_until is not None, report.left, world.pages_requested()) == (True, 1, [])
    world.clock.move(minutes=31)  # the other process was killed, and its lease has expired
    assert len(world.complete().finished) == 1


def test_the_lease_is_kept_while_one_host_takes_hours(world: World) -> None:
    taken: list[str] = []

    def page(request: RecordedRequest) -> Response:
        world.clock.move(minutes=20)
        other = Lease(world.store, world.clock).take()
        taken.append(other.name if other else "")
        return Response(article_page(1), headers={"Content-Type": "text/html"})

    world.publish(*(story(number) for number in range(4)), pages=False)
    world.server.responses |= {f"/{number}": page for number in range(4)}
    world.poll()
    world.complete()
    assert len(taken) == 4
    assert all(taken)
