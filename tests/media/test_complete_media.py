"""The pictures and enclosures of articles are fetched from a real server, and listed beside the articles."""

from __future__ import annotations

import hashlib
import os
import re
import resource
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from feedarchive.article.file_names import version_of
from feedarchive.media.complete_media import MediaOutcome
from feedarchive.media.media_list import MediaList
from feedarchive.media.picture_size import PictureSize
from feedarchive.media.safe_svg import safe_svg
from feedarchive.store.interface import Store
from tests.harness.clock import Clock
from tests.harness.feed_archiver import articles
from tests.harness.feed_server import RecordedRequest, Response
from tests.harness.full_texts import complete as write_full_text
from tests.harness.media import Completing, Publisher, lists, objects, problems, versions
from tests.harness.raw_server import Conversation, raw_server
from tests.media.pictures import MP3, PDF, SVG, png

HTML_PAGE = b"<!doctype html><title>Please log in</title>"


def only_list(archive: Completing) -> MediaList:
    (found,) = lists(archive.store).values()
    return found


def test_pictures_are_stored_under_the_hash_of_their_bytes_and_listed(
    store: Store, clock: Clock, site: Publisher
) -> None:
    archive = Completing(store, clock)
    archive.archive(site.article("/a.png", "/b.svg", "/gone.png"))
    before = articles(store)
    clock.move(days=1)
    (result,) = archive.run()
    assert result.outcome is MediaOutcome.WRITTEN
    svg = safe_svg(SVG)
    assert isinstance(svg, bytes)
    hashes = [hashlib.sha256(data).hexdigest() for data in (png(3, 2), svg)]
    keys = [f"media/{h[:2]}/{h}.{extension}" for h, extension in zip(hashes, ("png", "svg"), strict=True)]
    assert objects(store) == {keys[0]: png(3, 2), keys[1]: svg}
    ((key, found),) = lists(store).items()
    ((version, data),) = before.items()
    assert key == version.replace("/25/", "/26/").replace(".md", ".media.json")
    assert (found.of, found.id) == (version, re.findall(r'id: "(.*)"', data.decode())[0])
    assert [(item.url, item.stored.key if item.stored else item.problem) for item in found.items] == [
        (site.url("/a.png"), keys[0]), (site.url("/b.svg"), keys[1]), (site.url("/gone.png"), "gone"),
    ]  # fmt: skip
    assert found.items[0].stored is not None
    assert (found.items[0].stored.size, found.items[0].stored.bytes) == (PictureSize(3, 2), len(png(3, 2)))
    assert {key: data for key, data in articles(store).items() if version_of(key)} == before


def test_what_is_listed_is_not_requested_again(archive: Completing, site: Publisher) -> None:
    archive.archive(site.article("/a.png", "/gone.png"))
    archive.run()
    site.server.requests.clear()
    (result,) = archive.run()
    assert result.outcome is MediaOutcome.NOTHING_NEW
    assert site.server.requests == []


def test_a_picture_of_two_articles_is_one_object_and_one_request(archive: Completing, site: Publisher) -> None:
    archive.archive(site.article("/a.png", link="1"), site.article("/a.png", link="2"))
    archive.run()
    assert len(lists(archive.store)) == 2
    assert len(objects(archive.store)) == 1
    assert site.paths == ["/a.png"]


def test_an_article_without_pictures_costs_no_request_and_no_file(archive: Completing, site: Publisher) -> None:
    archive.archive(site.article())
    assert archive.run()[0].outcome is MediaOutcome.NOTHING_NEW
    assert (site.server.requests, lists(archive.store)) == ([], {})


def test_enclosures_are_stored_if_the_feed_asks_for_them_up_to_its_limit(archive: Completing, site: Publisher) -> None:
    archive.archive_episode(
        (site.serve("/e.mp3", MP3), "audio/mpeg"),
        (site.serve("/p.pdf", PDF), "application/pdf"),
        (site.serve("/l.mp3", MP3 * 9), "audio/mpeg"),
        (site.serve("/page", HTML_PAGE), "text/html"),
    )
    assert archive.run(enclosures=False)[0].outcome is MediaOutcome.NOTHING_NEW
    (result,) = archive.run(largest_enclosure=1000)
    assert problems(result) == {"e.mp3": "", "p.pdf": "", "l.mp3": "too-large"}
    assert sorted(objects(archive.store).values()) == sorted([MP3, PDF])


def test_forty_pictures_of_an_article_are_stored(archive: Completing, site: Publisher) -> None:
    for number in range(43):
        site.serve(f"/{number}.png", png())
    archive.archive(site.article(*(f"/{number}.png" for number in range(43))))
    (result,) = archive.run()
    assert [*problems(result).values()] == [""] * 40 + ["too-many"] * 3
    assert len(site.paths) == 40


def test_pictures_of_a_full_text_that_came_later_are_in_a_second_list(archive: Completing, site: Publisher) -> None:
    """The second list also has the pictures of the first one. Only the new picture is requested."""
    archive.archive(site.article("/a.png", "/gone.png"))
    archive.run()
    (version,) = versions(archive.store)
    site.server.requests.clear()
    text = f"The story.\n\n![]({site.url('/a.png')}) ![]({site.url('/b.svg')})"
    write_full_text(archive.store, archive.clock, version, text)
    archive.run()
    first, second = lists(archive.store)
    assert second == first.replace(".media.json", ".media.r2.json")
    items = lists(archive.store)[second].items
    assert [item.url for item in items] == [site.url(path) for path in ("/a.png", "/gone.png", "/b.svg")]
    assert items[:2] == lists(archive.store)[first].items
    assert site.paths == ["/b.svg"]
    assert archive.run()[0].outcome is MediaOutcome.NOTHING_NEW


def test_a_later_version_has_a_list_of_its_own_and_costs_no_request(archive: Completing, site: Publisher) -> None:
    archive.archive(site.article("/a.png"))
    archive.run()
    site.server.requests.clear()
    archive.clock.move(hours=3)
    archive.archive(site.article("/a.png", text="A story that was corrected."))
    first, later = versions(archive.store)
    archive.run()
    assert site.server.requests == []
    assert {found.of: [*found.stored_keys] for found in lists(archive.store).values()} == {
        first: [site.url("/a.png")], later: [site.url("/a.png")],
    }  # fmt: skip
    assert len(objects(archive.store)) == 1


def test_a_larger_version_is_stored_for_the_address_that_the_article_has(archive: Completing, site: Publisher) -> None:
    site.serve("/a-1600.png", png(16, 9))
    archive.archive(site.article("/a.png", "/b.svg"))
    larger = {site.url("/a.png"): site.url("/a-1600.png"), site.url("/b.svg"): site.url("/b-gone.svg")}
    archive.run(larger=larger)
    ((a, b),) = [found.items for found in lists(archive.store).values()]
    assert a.stored is not None
    assert (a.url, a.larger, a.stored.size) == (site.url("/a.png"), site.url("/a-1600.png"), PictureSize(16, 9))
    assert (b.larger, b.problem) == ("", "")


def test_a_picture_that_is_used_again_counts_as_new_for_a_retention_rule(archive: Completing, site: Publisher) -> None:
    archive.retention = timedelta(days=30)
    archive.archive(site.article("/a.png", link="1"))
    archive.run()
    (path,) = (Path(archive.store.location) / key for key in objects(archive.store))
    os.utime(path, (1, 1))
    archive.clock.move(days=20)
    archive.archive(site.article("/a.png", link="2"))
    archive.run()
    assert path.stat().st_mtime > 1
    os.utime(path, (1, 1))
    archive.archive(site.article("/a.png", link="2", text="A corrected story."))
    archive.run()
    assert path.stat().st_mtime > 1


def test_an_enclosure_is_not_in_memory_at_once(archive: Completing, site: Publisher) -> None:
    """The enclosure has 60 MB. The process may use only 30 MB more memory than before."""
    size, part = 60 * 1000 * 1000, bytes(50_000)

    def send(conversation: Conversation) -> None:
        if b"/robots.txt" in conversation.read_request():
            conversation.send(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            conversation.read_request()
        conversation.send(f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n".encode() + MP3[:4] + part[4:])
        for _ in range(size // len(part) - 1):
            conversation.send(part)

    with raw_server(send) as server:
        archive.archive_episode((server.url("/e.mp3", "pictures.example"), "audio/mpeg"))
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        old = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (used + size // 2, old[1]))
        try:
            (result,) = archive.run()
        finally:
            resource.setrlimit(resource.RLIMIT_AS, old)
    assert problems(result) == {"e.mp3": ""}
    ((key, length),) = archive.store.sizes("media/").items()
    assert (key[-4:], length) == (".mp3", size)


def test_pictures_of_a_host_are_requested_five_seconds_apart(archive: Completing, site: Publisher) -> None:
    archive.archive(site.article("/a.png", "/b.svg"))
    archive.run()
    times = [request.at for request in site.server.requests if request.at]
    assert [later - earlier for earlier, later in pairwise(times)] == [timedelta(seconds=5)] * 2


def test_a_server_gets_the_types_that_are_stored_and_no_cookie(archive: Completing, site: Publisher) -> None:
    seen: list[RecordedRequest] = []

    def respond(request: RecordedRequest) -> Response:
        seen.append(request)
        return Response(png(), headers={"Set-Cookie": "a=b", "Content-Type": "image/png"})

    site.server.responses |= {"/1.png": respond, "/2.png": respond}
    archive.archive(site.article("/1.png", "/2.png"))
    archive.run()
    assert [request.headers.get("Cookie") for request in seen] == [None, None]
    assert "image/avif" in seen[0].headers["Accept"]
