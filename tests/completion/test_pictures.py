"""Runs that fetch the pictures of articles after the feed was polled."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import replace

import pytest

from feedarchive.completion.job import DoneKind, JobKind
from feedarchive.completion.stored_jobs import read_jobs
from feedarchive.feeds.feed import FullText
from feedarchive.store.folder import FolderStore
from tests.harness.clock import CHRISTMAS, Clock
from tests.harness.completing import World, article_page, reasons, story
from tests.harness.failing_store import FailingStore, Killed
from tests.harness.feed_archiver import articles
from tests.harness.feed_documents import Item
from tests.harness.feed_server import FeedServer, Response, feed_server
from tests.harness.killing_store import KillingStore, KillPoint
from tests.harness.media import lists, objects
from tests.harness.processes import imported_once
from tests.media.pictures import png

LIST = "state/jobs/all.json"


@pytest.fixture
def world(folder_store: FolderStore, clock: Clock) -> Iterator[World]:
    with feed_server(clock=clock) as server:
        server.serve("/a.png", png(3, 2), "image/png")
        server.serve("/page.png", png(9, 6), "image/png")
        yield World(folder_store, clock, server, options={"images": True})


def picture_story(world: World, number: int, path: str = "/a.png") -> Item:
    url = f"http://pictures.example:{world.server.port}{path}"
    return replace(story(number), text=f'<p>Story {number} in a sentence.</p><img src="{url}">')


def test_pictures_are_fetched_after_the_poll_and_listed_once(world: World) -> None:
    world.publish(picture_story(world, 1), picture_story(world, 2))
    world.poll()
    before = articles(world.store)
    report = world.complete()
    assert report.count(DoneKind.STORED, JobKind.MEDIA) == 2
    assert report.media() == (1, len(png(3, 2)))
    assert world.pages_requested() == ["/a.png"]
    assert len(lists(world.store)) == 2
    assert {key: data for key, data in articles(world.store).items() if key in before} == before
    assert not read_jobs(world.store)[LIST].jobs
    world.poll()
    assert not world.complete().finished


def test_without_the_option_nothing_is_requested_or_written(world: World) -> None:
    world.feed = world.feed_with(images=False)
    world.publish(picture_story(world, 1))
    world.poll()
    before = [*world.store.list("")]
    assert not world.complete().finished
    assert [*world.store.list("")] == before
    assert world.pages_requested() == []


def test_the_pictures_of_a_page_are_fetched_in_the_same_run(world: World) -> None:
    world.feed = world.feed_with(full_text=FullText.ALWAYS)
    world.publish(picture_story(world, 1))
    more = f'<p>See: <img src="http://pictures.example:{world.server.port}/page.png" alt="The bridge"></p>'
    world.serve_page(1, article_page(1, more=more))
    world.poll()
    report = world.complete()
    assert report.failures() == {}
    assert sorted(world.pages_requested()) == ["/1", "/a.png", "/page.png"]
    ((_, found),) = lists(world.store).items()
    assert [item.url.rpartition("/")[2] for item in found.items] == ["a.png", "page.png"]


def test_the_pictures_of_a_page_that_came_later_follow_in_the_next_run(world: World) -> None:
    world.feed = world.feed_with(full_text=FullText.ALWAYS)
    world.publish(picture_story(world, 1), pages=False)
    world.serve_page(1, b"", status=503)
    world.poll()
    world.complete()
    assert len(lists(world.store)) == 1
    more = f'<p>See: <img src="http://pictures.example:{world.server.port}/page.png" alt="The bridge"></p>'
    world.serve_page(1, article_page(1, more=more))
    world.clock.move(hours=7)
    world.complete()
    world.complete()
    assert world.pages_requested().count("/a.png") == 1
    assert [len(found.items) for found in lists(world.store).values()] == [1, 2]
    assert not read_jobs(world.store)[LIST].jobs


def test_the_widest_candidate_under_2000_pixels_is_stored(world: World) -> None:
    """This holds for the pictures of the entry, and for those of the page whose text is stored in the same run."""
    world.feed = world.feed_with(full_text=FullText.ALWAYS)
    base = f"http://pictures.example:{world.server.port}"
    for name in ("small", "wide", "huge", "other", "other-wide"):
        world.server.serve(f"/{name}.png", png(4, 4, len(name)), "image/png")
    srcset = f"{base}/small.png 400w, {base}/wide.png 1600w, {base}/huge.png 4000w"
    world.publish(replace(story(1), text=f'<p>One.</p><img src="{base}/small.png" srcset="{srcset}">'))
    more = f'<p><img src="{base}/other.png" srcset="{base}/other-wide.png 1999w, {base}/huge.png 2000w" alt="X"></p>'
    world.serve_page(1, article_page(1, more=more))
    world.poll()
    (article,) = [data for key, data in articles(world.store).items() if key.endswith(".md")]
    assert f"{base}/small.png".encode() in article
    assert b"wide.png" not in article
    report = world.complete()
    assert report.failures() == {}
    assert sorted(world.pages_requested()) == ["/1", "/other-wide.png", "/wide.png"]
    ((_, found),) = lists(world.store).items()
    assert [(item.url, item.larger) for item in found.items] == [
        (f"{base}/small.png", f"{base}/wide.png"), (f"{base}/other.png", f"{base}/other-wide.png"),
    ]  # fmt: skip


def test_a_job_that_waits_keeps_the_larger_candidates(world: World) -> None:
    base = f"http://pictures.example:{world.server.port}"
    world.server.serve("/wide.png", png(), "image/png")
    srcset = f"{base}/small.png 400w, {base}/wide.png 1600w"
    world.publish(replace(story(1), text=f'<p>One.</p><img src="{base}/small.png" srcset="{srcset}">'))
    world.poll()
    (job,) = read_jobs(world.store)[LIST].jobs.values()
    assert job.larger_images == ((f"{base}/small.png", f"{base}/wide.png"),)


def test_a_picture_that_fails_is_tried_three_times_over_two_days_and_then_listed_as_missing(world: World) -> None:
    world.server.responses["/busy.png"] = Response(b"", 503)
    world.publish(picture_story(world, 1, "/busy.png"))
    world.poll()
    tried = []
    for hour in range(60):
        if (report := world.complete()).finished:
            tried.append((hour, reasons(report)))
        world.clock.move(hours=1)
    assert tried == [(0, ["server-error"]), (6, ["server-error"]), (48, [])]
    ((_, found),) = lists(world.store).items()
    assert [item.problem for item in found.items] == ["server-error"]
    assert world.clock.now > CHRISTMAS


def test_lost_state_and_lost_jobs_request_no_picture_again(world: World) -> None:
    world.publish(picture_story(world, 1))
    world.poll()
    world.complete()
    world.server.requests.clear()
    for key in [*world.store.list("state/")]:
        world.store.delete(key)
    world.poll()
    report = world.complete()
    assert report.count(DoneKind.ALREADY_STORED, JobKind.MEDIA) == 1
    assert world.pages_requested() == []


@pytest.mark.parametrize("after", [False, True])
def test_a_run_that_was_killed_at_any_write_is_finished_by_the_next(world: World, after: bool) -> None:
    world.publish(picture_story(world, 1), picture_story(world, 2, "/page.png"))
    for write in range(1, 40):
        for key in [*world.store.list("")]:
            world.store.delete(key)
        world.clock.now = CHRISTMAS
        world.poll()
        try:
            world.complete(FailingStore(world.store, write, Killed(), after))
        except Killed:
            world.clock.move(hours=1)
            world.poll()
            world.complete()
            assert len(lists(world.store)) == len(objects(world.store)) == 2
            continue
        break
    assert write > 8


# A run of one job writes in this order: the lease, the picture, the claim, the list of pictures, the list of jobs, the
# state of hosts, the lease.
@pytest.mark.parametrize("point", KillPoint)
@pytest.mark.parametrize("write", [2, 4])
def test_after_kill_9_in_the_middle_of_a_write_no_object_is_incomplete(
    world: World, point: KillPoint, write: int
) -> None:
    world.publish(picture_story(world, 1))
    world.poll()
    arguments = (world.store.location, world.server.port, point, write)
    process = imported_once().Process(target=_complete_until_killed, args=arguments)
    process.start()
    process.join(180)
    assert process.exitcode == -signal.SIGKILL
    is_stored = write > 2 or point is KillPoint.CREATED
    assert [*objects(world.store).values()] == ([png(3, 2)] if is_stored else [])
    world.clock.move(minutes=31)  # the lease of the killed process is over
    world.complete()
    assert [*objects(world.store).values()] == [png(3, 2)]
    assert len(lists(world.store)) == 1


def _complete_until_killed(folder: str, port: int, point: KillPoint, write: int) -> None:
    options: dict[str, object] = {"images": True}
    World(KillingStore(folder, point, write), Clock(), FeedServer("127.0.0.1", port), options=options).complete()
