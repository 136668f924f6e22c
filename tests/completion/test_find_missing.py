"""``missing_jobs``: which full texts and lists of pictures the archive lacks."""

from __future__ import annotations

from dataclasses import replace

from feedarchive.archive.claim_protocol import ClaimProtocol
from feedarchive.completion.estimate import estimate
from feedarchive.completion.find_missing import missing_jobs
from feedarchive.completion.job import Job, JobKind
from feedarchive.completion.stored_jobs import read_jobs
from feedarchive.feeds.feed import FullText
from tests.harness.completing import World, article_page, story
from tests.harness.media import lists
from tests.media.pictures import png

ENTRY_WITH_100_WORDS = "word " * 100


def missing(world: World) -> list[tuple[JobKind, str]]:
    """The kind and the path of each missing job."""
    jobs = missing_jobs(world.store, {"news": world.feed}, read_jobs(world.store).values(), None, world.clock.now)
    return [(job.kind, path_of(job)) for job in jobs]


def path_of(job: Job) -> str:
    return "/" + job.link.rpartition("/")[2]


def test_the_page_and_the_pictures_of_an_article_are_missing(world: World) -> None:
    world.publish(replace(story(1), text='<p>Look.</p><img src="http://pictures.example/a.png">'))
    world.poll(follow_up=False)
    world.feed = world.feed_with(images=True)
    assert missing(world) == [(JobKind.PAGE, "/1"), (JobKind.MEDIA, "/1")]


def test_an_article_without_pictures_in_its_entry_and_its_full_text_lacks_none(world: World) -> None:
    world.publish(story(1))
    world.poll()
    world.complete()
    assert len(world.full_texts()) == 1
    world.feed = world.feed_with(images=True, enclosures=True)
    assert missing(world) == []


def test_pictures_that_only_the_newest_full_text_has_are_missing(world: World) -> None:
    world.publish(story(1))
    world.poll()
    world.complete()
    more = f'<p>See: <img src="http://pictures.example:{world.server.port}/page.png" alt="The bridge"></p>'
    world.publish(replace(story(1), text="The bridge is open again, says the mayor."))
    world.server.serve("/page.png", png(9, 6), "image/png")
    world.serve_page(1, article_page(1, words=400, more=more))
    world.clock.move(hours=30)
    world.poll()
    world.complete()
    assert len(world.full_texts()) == 2
    assert lists(world.store) == {}
    world.feed = world.feed_with(images=True)
    assert missing(world) == [(JobKind.MEDIA, "/1")]
    jobs = missing_jobs(world.store, {"news": world.feed}, [], None, world.clock())
    assert estimate(ClaimProtocol(world.store, world.clock), jobs, {"news": world.feed}).pictures == 1


def test_with_short_the_page_of_a_long_entry_is_not_missing(world: World) -> None:
    world.publish(story(1), story(2, text=ENTRY_WITH_100_WORDS))
    world.poll(follow_up=False)
    world.feed = world.feed_with(full_text=FullText.SHORT)
    assert missing(world) == [(JobKind.PAGE, "/1")]
    world.feed = world.feed_with(full_text=FullText.ALWAYS)
    assert sorted(missing(world)) == [(JobKind.PAGE, "/1"), (JobKind.PAGE, "/2")]
