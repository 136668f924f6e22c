"""``feedarchive serve`` in Chromium: usable, accessible, without scripts, and harmless with hostile articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Page

from feedarchive.store.folder import FolderStore
from tests.browser.chromium import DESKTOP, PHONE, Watched, findings_on_phone_and_desktop
from tests.browser.hostile import TEXTS, hostile_items
from tests.harness.clock import CHRISTMAS, Clock
from tests.harness.digests import build
from tests.harness.feed_archiver import FeedArchiver
from tests.serve.serving import Served, folder_of, make_archive, served


@pytest.fixture(scope="module")
def served_archive(own_archive: Path) -> Iterator[tuple[Path, Served]]:
    """A day with everything, and the day before."""
    store, clock = FolderStore(own_archive), Clock(CHRISTMAS + timedelta(hours=2))
    make_archive(store)
    with served(store, clock, images=False) as running:
        yield own_archive, running


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Served]]:
    """An archive of articles with hostile texts in every field. Their revisions contain hostile texts, too."""
    store, clock = FolderStore(tmp_path_factory.mktemp("hostile")), Clock()
    make_archive(store)
    archiver = FeedArchiver(store, clock)
    archiver.poll(*hostile_items())
    items = hostile_items()
    for start in range(0, len(items), 6):  # a feed of which most entries change gets no revisions
        clock.move(days=1)
        for n in range(start, min(start + 6, len(items))):
            items[n] = replace(items[n], text=f"{items[n].text} edited {items[n].title}")
        archiver.poll(*items)
    build(store, clock())
    with served(store, clock, images=False) as running:
        yield folder_of(store), running


def keys(root: Path, pattern: str) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.glob(f"archive/*/*/*/*/{pattern}"))


def open_page(watched: Watched, running: Served, path: str) -> Page:
    watched.page.goto(running.url + path.removeprefix("/"), wait_until="load")
    return watched.page


def assert_harmless(watched: Watched, running: Served) -> None:
    """Check that no script ran, and that all requests went to this server."""
    assert watched.page.evaluate("window.ran") is None
    assert (watched.dialogs, watched.errors, watched.console, watched.violations()) == ([], [], [], [])
    assert {urlsplit(url).netloc for url in watched.requests} == {f"127.0.0.1:{running.port}"}


def paths_of(root: Path) -> list[str]:
    """One page of each kind."""
    (revision, *_) = keys(root, "ferry*.r2.md")
    return ["/", "/?q=bridge", "/days", "/days/2025-12-25", f"/{revision}", f"/compare/{revision}", "/feeds",
            "/feeds/example", "/nothing-here"]  # fmt: skip


def test_every_kind_of_page_is_accessible_and_fits(watched: Watched, served_archive: tuple[Path, Served]) -> None:
    root, running = served_archive
    for path in paths_of(root):
        open_page(watched, running, path)
        assert findings_on_phone_and_desktop(watched) == [], path
    watched.console = [line for line in watched.console if "404" not in line]  # the last page does not exist
    assert_harmless(watched, running)


def test_with_the_keyboard_alone(watched: Watched, served_archive: tuple[Path, Served]) -> None:
    root, running = served_archive
    page = open_page(watched, running, "/")
    page.locator("#q").focus()
    page.keyboard.type("ferry")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("h2").first.inner_text() == "1 article"
    assert page.locator("mark").count() >= 1
    page.locator("a.title").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    (revision, *_) = keys(root, "ferry*.r2.md")
    assert urlsplit(page.url).path == f"/{revision}"
    page.get_by_role("link", name="What changed").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "twice a week" in page.locator("ins").all_inner_texts()[0]


def test_facets_narrow_the_search_and_lead_back(watched: Watched, served_archive: tuple[Path, Served]) -> None:
    page = open_page(watched, served_archive[1], "/")
    total = page.locator(".facets a").count()
    assert total > 5
    page.get_by_text("Sites").click()
    watched.follow(page.get_by_role("link", name="feed3.example", exact=True))
    assert page.locator("h2").first.inner_text() == "1 article"
    watched.follow(page.get_by_role("link", name="feed3.example", exact=True))
    assert page.locator("h2").first.inner_text() == "Newest articles"


def test_both_versions_are_side_by_side_on_a_desktop_and_below_each_other_on_a_phone(
    watched: Watched, served_archive: tuple[Path, Served]
) -> None:
    root, running = served_archive
    (revision, *_) = keys(root, "ferry*.r2.md")
    for size, is_beside in ((DESKTOP, True), (PHONE, False)):
        watched.show(size)
        page = open_page(watched, running, f"/compare/{revision}")
        left, right = (page.locator(".sides section").nth(n).bounding_box() for n in (0, 1))
        assert left and right
        assert (left["y"] == right["y"] and left["x"] < right["x"]) == is_beside


def test_hostile_articles_are_text(watched: Watched, hostile: tuple[Path, Served]) -> None:
    root, running = hostile
    paths = ["/", "/days/2025-12-25", "/days/2025-12-26", "/feeds", "/feeds/example"]
    revisions = keys(root, "*.r2.md")
    assert len(revisions) > 10
    # Pages of revisions are like pages of articles, so the test opens only one of them.
    paths += [f"/{key}" for key in keys(root, "*.md") if key not in revisions[1:]]
    paths += [f"/compare/{key}" for key in revisions]
    paths += [f"/?q={quote(text[:200])}" for text in TEXTS]
    assert len(paths) > 40
    for path in paths:
        page = open_page(watched, running, path)
        assert page.evaluate(_HOSTILE_MARKUP) == [], path
    assert_harmless(watched, running)


_HOSTILE_MARKUP = """() => {
  const all = selector => [...document.querySelectorAll(selector)];
  const found = all("script, iframe, object, embed, base, style, svg:not(.chart svg)");
  if (all("link").length != 1) found.push(document.head);
  found.push(...all("form").slice(1));
  found.push(...all("*").filter(element =>
    element.getAttributeNames().some(name => name.startsWith("on") || name == "style")));
  found.push(...all("a").filter(link => !["http:", "https:", "mailto:", "tel:"].includes(link.protocol)));
  if (document.documentElement.scrollWidth > window.innerWidth) found.push(document.documentElement);
  const texts = found.map(element => element.outerHTML.slice(0, 200));
  return window.ran === undefined ? texts : [...texts, "a script ran"];
}"""
