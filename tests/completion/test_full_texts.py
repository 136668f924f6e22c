"""Runs that fetch the pages of articles after the feed was polled."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import lxml.html
import pytest

from feedarchive.archive.forget import forget
from feedarchive.article.yaml_format import body_of, parse_front_matter
from feedarchive.completion.job import DoneKind, JobKind
from feedarchive.completion.stored_jobs import read_jobs
from feedarchive.feeds.feed import FullText
from feedarchive.store.interface import Store
from tests.harness.clock import CHRISTMAS
from tests.harness.completing import World, article_page, reasons, story
from tests.harness.feed_archiver import articles, everything, first_versions
from tests.harness.feed_server import Response


def test_the_page_of_an_article_is_fetched_once_and_stored_beside_it(world: World, store: Store) -> None:
    world.store = store  # The test runs with a folder and with S3.
    world.publish(story(1))
    world.poll()
    before = articles(world.store)
    report = world.complete()
    assert report.count(DoneKind.STORED, JobKind.PAGE) == 1
    ((article, _),) = before.items()
    ((key, data),) = world.full_texts().items()
    assert key == article.removesuffix(".md") + ".full.md"
    fields = parse_front_matter(data.decode())
    assert (fields["of"], fields["page"]) == (article, f"http://news.example:{world.server.port}/1")
    assert "Sentence 20 of story 1" in body_of(data.decode())
    assert {each: data for each, data in articles(world.store).items() if each in before} == before
    assert not read_jobs(world.store)["state/jobs/all.json"].jobs
    assert not world.complete().finished
    assert world.pages_requested() == ["/1"]


def test_a_poll_requests_nothing_but_the_feed(world: World) -> None:
    world.publish(story(1), story(2))
    world.poll()
    assert [request.path for request in world.server.requests] == ["/feed.xml"]


def test_short_means_entries_under_a_hundred_words(world: World) -> None:
    world.feed = world.feed_with(full_text=FullText.SHORT)
    world.publish(story(1), story(2, text="word " * 100), story(3, text="word " * 99))
    world.poll()
    world.complete()
    assert sorted(world.pages_requested()) == ["/1", "/3"]


def test_short_does_not_count_the_markup_of_a_feed_that_wants_html(world: World) -> None:
    world.feed = world.feed_with(full_text=FullText.SHORT, html_body=True)
    links = "".join(
        f'<p><a href="https://example.org/one/two/three?four={n}">word</a> &amp; word.</p>' for n in range(49)
    )
    world.publish(story(1, text=links), story(2, text="<p>word</p>" * 100))
    world.poll()
    world.complete()
    assert world.pages_requested() == ["/1"]
    (text,) = world.full_texts().values()
    fields, body = parse_front_matter(text.decode()), body_of(text.decode())
    assert fields["words"] == len(re.findall(r"\w+", str(lxml.html.fromstring(body).text_content())))


def test_secrets_of_the_feed_that_a_page_repeats_are_not_written(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEED_TOKEN", "s3cr3t-path")
    path = "/feed.xml?token=s3cr3t-word&user=s3cr3t-path"
    feed = world.server.url("/feed.xml?token=s3cr3t-word&user={env:FEED_TOKEN}")
    world.feed = world.feed_with(url=feed, has_references=True, images=True)
    world.publish(story(1))
    world.server.responses[path] = world.server.responses["/feed.xml"]
    links = (
        '<p>A <a href="/2?token=s3cr3t-word">link</a> and <a href="/3?a=b&amp;user=s3cr3t-path">another</a>, '
        '<a href="/4?token&#61;s3cr3t-word">one more</a>, token=s3cr3t-word. <img src="/5.png?token=s3cr3t-word"></p>'
    )
    page = article_page(1, more=links).replace(b"</head>", b'<link rel=canonical href="/1?user=s3cr3t-path"></head>')
    world.serve_page(1, page)
    world.poll()
    world.complete()
    (text,) = world.full_texts().values()
    assert b"/2?token=***" in text
    assert b"/3?a=b&user=***" in text
    assert b"/4?token=***" in text
    assert b"s3cr3t" not in b"".join(everything(world.store).values())
    # The picture is not requested, because the secret in its URL is masked.
    assert world.pages_requested() == [path, "/1"]


def test_secrets_of_a_redirect_are_not_in_the_links_of_the_text(world: World) -> None:
    world.publish(story(1), pages=False)
    world.server.responses["/1"] = Response(status=302, headers={"Location": "/a/1?session_token=s3ss10n"})
    links = "<p>See <a href='#note'>the note</a>, <a href=''>this</a> and <a href='2?b=c'>another page</a>.</p>"
    world.server.serve("/a/1?session_token=s3ss10n", article_page(1, more=links), "text/html")
    world.poll()
    world.complete()
    (text,) = world.full_texts().values()
    assert b"/a/1?session_token=***#note)" in text
    assert b"/a/2?b=c)" in text
    assert b"s3ss10n" not in text


def test_a_link_that_has_a_mask_is_not_requested(world: World) -> None:
    world.publish(replace(story(1), link="http://news.example:PORT/1?token=***"), pages=False)
    world.poll()
    assert reasons(world.complete()) == ["masked"]
    assert world.pages_requested() == []


def test_an_edit_of_the_entry_fetches_the_page_again_at_most_once_a_day(world: World) -> None:
    world.publish(story(1))
    world.poll()
    world.complete()
    world.clock.move(hours=3)
    world.publish(story(1, text="The story was edited: the bridge is open."))
    world.serve_page(1, article_page(1, more="<p>Update: the bridge was opened again this afternoon.</p>"))
    assert world.poll().articles()["revised"] == 1
    assert not world.complete().finished
    world.clock.move(hours=22)
    report = world.complete()
    assert report.count(DoneKind.STORED, JobKind.PAGE) == 1
    first, second = sorted(world.full_texts())
    assert second.endswith(".full.r2.md")
    fields = parse_front_matter(world.full_texts()[second].decode())
    assert (fields["of"].endswith(".r2.md"), fields["revision"], fields["previous"]) == (True, 2, first)
    assert world.pages_requested() == ["/1", "/1"]


def test_the_same_page_after_an_edit_makes_no_second_full_text(world: World) -> None:
    world.publish(story(1))
    world.poll()
    world.complete()
    world.clock.move(days=2)
    world.publish(story(1, text="The story was edited: the bridge is open."))
    world.poll()
    assert world.complete().count(DoneKind.UNCHANGED, JobKind.PAGE) == 1
    assert len(world.full_texts()) == 1


def test_a_page_that_fails_is_tried_three_times_over_two_days(world: World) -> None:
    world.publish(story(1), pages=False)
    world.serve_page(1, b"", status=500)
    world.poll()
    tried = []
    for hour in range(100):
        report = world.complete()
        if report.finished:
            tried.append((hour, reasons(report), report.finished[0].given_up))
        world.clock.now = CHRISTMAS + timedelta(hours=hour + 1, minutes=1)
    assert tried == [(0, ["server-error"], False), (6, ["server-error"], False), (48, ["server-error"], True)]
    ((given_up),) = read_jobs(world.store)["state/jobs/all.json"].given_up.values()
    assert (given_up.reason, given_up.detail) == ("server-error", "HTTP 500 Internal Server Error")
    assert len(first_versions(world.store)) == 1


def test_a_page_that_was_given_up_is_not_requested_again_after_the_state_was_lost(world: World) -> None:
    world.publish(story(1), pages=False)
    world.serve_page(1, b"%PDF-1.7 ...", "application/pdf")
    world.poll()
    assert world.complete().finished[0].given_up
    world.store.delete("state/all.json")
    world.poll()
    assert not world.complete().finished
    assert world.pages_requested() == ["/1"]


def test_entries_that_are_seen_at_every_poll_are_looked_up_once_a_day(world: World) -> None:
    """Here the entry is new at each poll, because the state of the feed is deleted after each one."""
    world.publish(story(1))
    counts = []
    for hour in range(26):
        world.poll()
        counts.append(len(world.complete().finished))
        world.store.delete("state/all.json")
        world.clock.now = CHRISTMAS + timedelta(hours=hour + 1)
    assert counts == [1] + [0] * 24 + [1]
    assert world.pages_requested() == ["/1"]


def test_lost_state_and_lost_jobs_request_no_page_that_is_stored(world: World) -> None:
    world.publish(story(1), story(2))
    world.poll()
    world.complete()
    before = articles(world.store)
    for key in list(world.store.list("state/")):
        world.store.delete(key)
    world.poll()
    report = world.complete()
    assert report.count(DoneKind.ALREADY_STORED, JobKind.PAGE) == 2
    assert len(world.pages_requested()) == 2
    assert articles(world.store) == before


def test_jobs_of_a_feed_that_was_removed_end_without_a_request(world: World) -> None:
    world.publish(story(1))
    world.poll()
    world.feed = world.feed_with(id="another")
    report = world.complete()
    assert report.count(DoneKind.NOT_WANTED, JobKind.PAGE) == 1
    assert (world.pages_requested(), read_jobs(world.store)["state/jobs/all.json"].jobs) == ([], {})


def test_a_feed_whose_option_was_turned_off_gets_no_page(world: World) -> None:
    world.publish(story(1))
    world.poll()
    world.feed = world.feed_with(full_text=FullText.OFF)
    world.complete()
    assert world.pages_requested() == []


def test_an_article_that_was_forgotten_meanwhile_gets_no_page(world: World) -> None:
    world.publish(story(1), story(2))
    world.poll()
    (key, *_) = first_versions(world.store)
    forget(world.store, key, world.clock())
    report = world.complete()
    assert report.count(DoneKind.NOT_WANTED, JobKind.PAGE) == 1
    assert len(world.full_texts()) == 1
    assert len(world.pages_requested()) == 1


def test_the_headers_of_the_feed_are_sent_to_its_own_site_only(world: World) -> None:
    world.feed = world.feed_with(headers={"X-Key": "swordfish"})
    world.publish(story(1), story(2, host="127.0.0.1"))
    world.poll()
    world.complete()
    sent = {request.path: request.headers.get("X-Key") for request in world.server.requests}
    assert (sent["/1"], sent["/2"]) == (None, "swordfish")
