"""Stored pictures in Chromium, after their publisher is gone: on an archived page and in ``feedarchive serve``."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from feedarchive.store.folder import FolderStore
from tests.browser.chromium import Watched, accessibility_findings
from tests.harness.clock import CHRISTMAS, Clock
from tests.harness.digests import build
from tests.harness.feed_documents import Item
from tests.harness.full_texts import complete as write_full_text
from tests.harness.media import Completing, objects, publisher, versions
from tests.media.pictures import MP3, png
from tests.serve.serving import make_archive, served

_PAGE = "pages/2025/12/25/example.org.html"
_SIZES = "[...document.images].map(image => [image.naturalWidth, image.naturalHeight])"
# A script in an SVG, which is removed before it is stored.
_DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30" onload="window.ran = 1"><script>window.ran = 1'
    b'</script><rect width="40" height="30" fill="#05a"/></svg>'
)


def sizes_of_pictures(page: Page) -> list[list[int]]:
    """Wait until every picture is loaded or has failed. Return the width and height of each: 0 by 0 if it failed."""
    for image in page.locator("img").all():
        image.scroll_into_view_if_needed()
    page.wait_for_function("[...document.images].every(image => image.complete)")
    sizes: list[list[int]] = page.evaluate(_SIZES)
    return sizes


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> FolderStore:
    """An article with two stored pictures and one that the server did not have, and an episode of a podcast.

    The full text of the article has one more picture. All pictures were fetched a day after the article was archived.
    Then the publisher's server was shut down.
    """
    store, clock = FolderStore(tmp_path_factory.mktemp("pictures")), Clock()
    make_archive(store)
    with publisher(clock) as site:
        site.serve("/a.png", png(64, 48))
        site.serve("/b.svg", _DRAWING, "image/svg+xml")
        site.serve("/c.png", png(32, 16))
        completing = Completing(store, clock)
        completing.archive(site.article("/a.png", "/b.svg", "/gone.png"))
        completing.archive_episode((site.serve("/e.mp3", MP3), "audio/mpeg"))
        build(store, clock())
        clock.move(days=1)
        build(store, clock())
        version = next(key for key in versions(store) if "article-1" in key)
        write_full_text(store, clock, version, f"The whole story.\n\n![A bridge]({site.url('/c.png')})")
        completing.run()
        build(store, clock())
    return store


def test_a_page_shows_the_stored_pictures_without_their_publisher(archive: FolderStore, watched: Watched) -> None:
    page = watched.open(Path(archive.location) / _PAGE)
    page.get_by_text("What the feed said").click()
    sizes = sizes_of_pictures(page)
    # The picture that was not stored still has its original URL, so it fails (0 by 0).
    assert sorted(sizes) == [[0, 0], [32, 16], [40, 30], [64, 48]]
    assert page.evaluate("window.ran") is None
    assert watched.violations() == []
    stored = [url for url in watched.requests if "/media/" in url]
    assert len(stored) == 3
    assert [url for url in watched.requests if not url.startswith("file:")] == [
        page.locator("img[src^=http]").get_attribute("src")
    ]
    assert accessibility_findings(page, ["image-alt"]) == []


def test_an_episode_has_a_link_to_its_stored_copy(archive: FolderStore, watched: Watched) -> None:
    page = watched.open(Path(archive.location) / _PAGE)
    link = page.get_by_role("link", name="stored copy")
    href = link.get_attribute("href")
    assert href is not None
    assert objects(archive)[href.removeprefix("../../../../")] == MP3


@pytest.mark.parametrize("images", [True, False])
def test_serve_shows_stored_pictures(archive: FolderStore, watched: Watched, images: bool) -> None:
    key = next(key for key in versions(archive) if "article-1" in key)
    with served(archive, Clock(CHRISTMAS + timedelta(days=2)), images=images) as running:
        page = watched.page
        page.goto(f"{running.url}{key}", wait_until="load")
        if images:
            page.get_by_text("What the feed said").click()
            assert sorted(sizes_of_pictures(page)) == [[0, 0], [32, 16], [40, 30], [64, 48]]
        else:
            assert page.locator("img").count() == 0
            links = [link.get_attribute("href") for link in page.locator("a[href^='/media/']").all()]
            assert len(links) == 3
        drawing = next(key for key in objects(archive) if key.endswith(".svg"))
        response = page.goto(f"{running.url}{drawing}", wait_until="load")
        assert response is not None
        assert response.headers["content-type"] == "image/svg+xml"
        assert page.evaluate("window.ran") is None
        assert watched.dialogs == []


def test_the_article_that_is_archived_later_with_the_same_picture_shows_it_too(
    archive: FolderStore, watched: Watched, tmp_path: Path
) -> None:
    store, clock = FolderStore(tmp_path / "other"), Clock()
    make_archive(store)
    with publisher(clock) as site:
        site.serve("/a.png", png(64, 48))
        completing = Completing(store, clock)
        item = site.article("/a.png", link="1")
        completing.archive(item, replace(item, title="Again", link="https://example.org/2", guid="tag:2"), Item("None"))
        completing.run()
        build(store, clock())
    page = watched.open(Path(store.location) / _PAGE)
    assert sizes_of_pictures(page) == [[64, 48], [64, 48]]
    assert len({url for url in watched.requests if "/media/" in url}) == 1
