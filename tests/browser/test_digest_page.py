"""The page of a digest in Chromium: correct links, accessible, and readable."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Page

from feedarchive.builds.build_day import build_day
from feedarchive.digest.digest import make_digest
from feedarchive.pages import day_page as day_pages
from feedarchive.pages import page_names
from feedarchive.pages.day_page import day_page as rendered_day
from feedarchive.pages.page_names import links_of, site_pages
from feedarchive.store.folder import FolderStore
from tests.browser.archives import DAY, PAGES, build_everything, root_of, write_articles
from tests.browser.chromium import (
    DESKTOP,
    PHONE,
    Watched,
    accessibility_findings,
    findings_on_phone_and_desktop,
    structure,
)
from tests.harness.clock import Clock


def test_every_link_leads_to_an_existing_file(watched: Watched, day_page: Path) -> None:
    root = root_of(day_page)
    waiting, ids, targets = [root / "pages" / "index.html"], dict[Path, list[str]](), set[tuple[Path, str]]()
    while waiting:
        path = waiting.pop()
        found = structure(watched.open(path))
        ids[path] = found["ids"]
        for written, leads_to, _ in found["links"]:
            parts = urlsplit(leads_to)
            if parts.scheme != "file":
                continue
            target = Path(unquote(parts.path))
            assert target.is_file(), written
            assert target.is_relative_to(root), written
            targets.add((target, parts.fragment))
            if target.suffix == ".html" and target not in ids and target not in waiting:
                waiting.append(target)
    assert [(path, fragment) for path, fragment in targets if fragment and fragment not in ids[path]] == []
    # Every page, article and digest can be reached from the index.
    assert set(ids) == set(root.rglob("*.html"))
    assert set(root.rglob("*.md")) <= {path for path, _ in targets}
    watched.assert_harmless(*(Path(unquote(urlsplit(r).path)) for r in watched.requests))


def test_the_previous_version_link_opens_it_even_if_of_another_day(watched: Watched, day_page: Path) -> None:
    page = watched.open(day_page)
    edits = {
        "Ferry to stop at New Year": ("2025/12/24/", "It runs until Wednesday."),
        "The old bridge is to be rebuilt by spring": ("2025/12/25/", "The council met on Tuesday"),
    }
    links = dict[str, list[str]]()
    for title in edits:
        entry = page.get_by_role("region", name="Updated").get_by_role("listitem").filter(has_text=title)
        found = [entry.get_by_role("link", name=name) for name in ("previous version", title)]
        links[title] = [link.evaluate("a => a.href") for link in found]
    for title, (folder, text) in edits.items():
        previous, edited = links[title]
        page.goto(previous)
        assert folder in page.url
        before = page.locator("article:target").inner_text()
        assert text in before
        assert "revision" not in before
        page.goto(edited)
        after = page.locator("article:target").inner_text()
        assert "revision 2" in after
        assert text not in after or "and then twice a week" in after


def test_a_title_opens_the_article_in_any_alphabet(watched: Watched, day_page: Path) -> None:
    page = watched.open(day_page)
    titles = ("今年の冬は早く来る", "שלום עולם, כותרת מימין לשמאל", "Zürich — «Über den Dächern», 50 % mehr Gäste")
    links = [page.get_by_role("link", name=title).evaluate("a => a.href") for title in titles]
    for title, link in zip(titles, links, strict=True):
        page.goto(link)  # The first link loads the page of the site. The other two only scroll on this page.
        article = page.locator("article:target")
        assert article.locator("h2").inner_text() == title
        assert article.locator(".text").bounding_box()["y"] < page.viewport_size["height"]  # type: ignore[index]


def test_titles_only_hides_everything_but_titles(watched: Watched, day_page: Path) -> None:
    page = watched.open(day_page)
    height = page.evaluate("document.documentElement.scrollHeight")
    page.get_by_label("Titles only").press("Space")
    assert page.locator("main li p:visible").count() == 0
    assert page.locator("a.title:visible").count() == 21
    assert page.evaluate("document.documentElement.scrollHeight") < height * 0.75
    watched.assert_harmless(day_page)


def test_the_page_is_readable(watched: Watched, day_page: Path) -> None:
    page = watched.open(day_page)
    for size in (PHONE, DESKTOP):
        watched.show(size, "light" if size == PHONE else "dark")
        # The first screen has new articles, in a readable size, in lines that are not too long.
        assert page.get_by_role("heading", name="New", exact=True).is_visible()
        ends = page.locator("a.title").evaluate_all("all => all.map(each => each.getBoundingClientRect().bottom)")
        assert sum(0 < end <= size[1] for end in ends) >= 3
        assert page.locator("li p").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 16
        assert page.evaluate("document.querySelector('main').getBoundingClientRect().width") <= 760
        assert (brightness(page, "backgroundColor") > brightness(page, "color")) == (size == PHONE)


def brightness(page: Page, color: str) -> float:
    """The brightness of a color of the page's body, 0 to 255."""
    found = page.evaluate(f"getComputedStyle(document.body).{color}.match(/\\d+/g).slice(0, 3).map(Number)")
    return float(sum(found) / 3)


def test_pages_are_accessible_and_fit(watched: Watched, day_page: Path) -> None:
    for path in ("index.html", "edits.html", "example.org.html", "../../../index.html"):
        watched.open(day_page.parent / path)
        assert findings_on_phone_and_desktop(watched) == [], path


def test_tab_visits_the_links_in_order_with_a_visible_focus(watched: Watched, day_page: Path) -> None:
    page = watched.open(day_page)
    stops = []
    for _ in range(9):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        stops.append(focused.inner_text())
        style = focused.evaluate("e => { const s = getComputedStyle(e); return [s.outlineStyle, s.outlineWidth] }")
        assert style == ["solid", "3px"], stops[-1]
    assert stops == [
        "All days", "Before: 24 December 2025", "New", "Updated", "From the backlog", "", "11 feeds",
        "Letter 0 from a friend", "feed0.example",
    ]  # fmt: skip


def test_enter_jumps_to_a_section_and_opens_details(watched: Watched, day_page: Path) -> None:
    page = watched.open(day_page)
    page.get_by_role("navigation", name="Sections").get_by_role("link", name="Updated").press("Enter")
    assert page.url.endswith("#updated")
    for name in ("All edits of this day", "Ferry to stop at New Year"):
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == name
    feeds = page.locator("details.feeds")
    assert not feeds.get_by_role("link", name="The Example").is_visible()
    feeds.locator("summary").press("Enter")
    feeds.get_by_role("link", name="The Example").press("Enter")
    assert page.locator(":target").inner_text().startswith("The Example")


def test_the_page_of_a_thousand_articles_is_under_one_megabyte(tmp_path: Path) -> None:
    write_articles(tmp_path, 1_000, lambda n: f"site{n % 20}.example")
    built = build_day(FolderStore(tmp_path), DAY, "UTC")
    assert built
    page = tmp_path / PAGES / "index.html"
    assert page.read_bytes().count(b'<a class="title"') == 1_000
    assert page.stat().st_size < 1_000_000
    for other in (
        {"title": "Статья о мосте через реку и о городе", "description": "Совет решил восстановить мост. " * 20},
        {"title": "मौसम", "description": "नगर परिषद ने पुल को फिर से बनाने का निर्णय लिया है। " * 10},
        {"link": "https://news.example/articles?id=" + "%E6%BC%A2" * 120},
        {"title": "&\"'<>" * 60, "description": "&\"'<>" * 100, "link": "https://news.example/?" + "&a=b" * 150},
        {"author": "&" * 1_000, "feed": "&" * 1_000},
    ):
        entries = [replace(entry, **other) for entry in built.digest.entries]  # type: ignore[arg-type]
        digest = make_digest(DAY, "UTC", entries)
        page_bytes = rendered_day(digest, links_of(site_pages(digest)))
        assert page_bytes.count(b'<a class="title"') == 1_000
        assert len(page_bytes) < 1_000_000, other


def test_a_very_large_day_lists_its_sites(watched: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits are much smaller here, so 34 articles count as a very large day."""
    monkeypatch.setattr(day_pages, "MAX_ENTRIES_ON_ONE_PAGE", 33)
    monkeypatch.setattr(page_names, "_MAX_ESTIMATED_BYTES", page_names._MAX_ESTIMATED_BYTES // 30)
    articles = {"example.org": 30, "news.example": 2, "xn--bcher-kva.example": 2}
    sites = [site for site, number in articles.items() for _ in range(number)]
    write_articles(tmp_path, len(sites), lambda n: sites[n])
    build_everything(tmp_path, Clock())
    day = tmp_path / PAGES / "index.html"
    page = watched.open(day)
    assert accessibility_findings(page) == []
    for site, number in articles.items():
        watched.follow(page.locator("main a", has_text=site))
        assert page.locator("h1").inner_text() == site
        assert page.locator("header p").inner_text().startswith(f"{number} articles archived on 25 December 2025")
        assert page.locator(".titles a").count() == number
        opened = []
        while True:
            opened += page.locator("article").evaluate_all("all => all.map(each => each.id)")
            assert Path(unquote(urlsplit(page.url).path)).stat().st_size < 1_400_000 / 30
            following = page.locator("strong[aria-current] + a")
            if not following.count():
                break
            watched.follow(following)
        assert len(set(opened)) == len(opened) == number
        if site == "example.org":  # the only site with several pages, of which the last is open now
            assert accessibility_findings(page) == []
        watched.follow(page.locator("nav a", has_text="25 December 2025"))
        assert page.url == day.as_uri()
    watched.follow(page.get_by_role("link", name="All days"))
    watched.follow(page.get_by_role("link", name="Thursday 25"))
    assert page.url == day.as_uri()
    assert (watched.errors, watched.violations()) == ([], [])
