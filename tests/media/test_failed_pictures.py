"""Pictures that cannot be stored: why, and which of them are requested again."""

from __future__ import annotations

from feedarchive.media.complete_media import MediaOutcome
from feedarchive.media.fetch_files import MAX_IMAGE_BYTES
from tests.harness.feed_server import Response
from tests.harness.media import Completing, Publisher, lists, objects, problems
from tests.media.pictures import MP3, SVG, png
from tests.media.test_complete_media import HTML_PAGE, only_list


def test_every_bad_picture_has_a_named_problem_and_nothing_is_stored(archive: Completing, site: Publisher) -> None:
    site.serve("/page.png", HTML_PAGE)
    site.serve("/text.jpg", b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "image/jpeg")
    site.serve("/sound.png", MP3)
    site.serve("/bomb.png", png(60_000, 60_000))
    site.serve("/large.png", png() + bytes(MAX_IMAGE_BYTES))
    site.serve("/claimed.png", png(), **{"Content-Length": str(2**40)})
    site.serve("/bad.svg", SVG.replace(b"</svg>", b""), "image/svg+xml")
    site.serve("/empty.png", b"")
    site.serve("/robots.txt", b"User-agent: *\nDisallow: /private/", "text/plain")
    site.serve("/private/x.png", png())
    site.server.responses["/login.png"] = Response(HTML_PAGE, 401)
    site.server.responses["/loop.png"] = Response(status=302, headers={"Location": "/loop.png"})
    site.server.responses["/inside.png"] = Response(status=302, headers={"Location": "http://10.0.0.1/x.png"})
    paths = (
        "/page.png /text.jpg /sound.png /bomb.png /large.png /claimed.png /bad.svg /empty.png "
        "/private/x.png /login.png /loop.png /inside.png"
    ).split()
    archive.archive(site.article(*paths))
    (result,) = archive.run(last=True)
    assert problems(result) == {
        "page.png": "other-type", "text.jpg": "other-type", "sound.png": "other-type", "bomb.png": "too-many-pixels",
        "large.png": "too-large", "claimed.png": "too-large", "bad.svg": "unsafe-svg", "empty.png": "empty",
        "x.png": "robots", "login.png": "login", "loop.png": "redirects", "inside.png": "private-address",
    }  # fmt: skip
    assert objects(archive.store) == {}
    assert [item.problem for item in only_list(archive).items] == [*problems(result).values()]


def test_only_what_failed_for_now_is_tried_again(archive: Completing, site: Publisher) -> None:
    site.server.responses["/busy.png"] = Response(b"", 503)
    archive.archive(site.article("/a.png", "/busy.png", "/gone.png"))
    assert archive.run()[0].outcome is MediaOutcome.LATER
    assert lists(archive.store) == {}
    site.server.requests.clear()
    site.serve("/busy.png", png(9, 9))
    archive.clock.move(days=1)
    assert archive.run()[0].outcome is MediaOutcome.WRITTEN
    assert site.paths == ["/busy.png"]
    assert len(objects(archive.store)) == 2
    assert [*archive.store.list("state/media/")] == []


def test_at_the_last_try_the_list_says_what_could_not_be_had(archive: Completing, site: Publisher) -> None:
    site.server.responses["/busy.png"] = Response(b"", 503)
    archive.archive(site.article("/a.png", "/busy.png"))
    (result,) = archive.run(last=True)
    assert result.outcome is MediaOutcome.WRITTEN
    assert problems(result) == {"a.png": "", "busy.png": "server-error"}
