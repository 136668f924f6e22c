"""How changed words are marked in Chromium: on the page of an article, and on the page with all edits of a day."""

from __future__ import annotations

import html
from pathlib import Path

from feedarchive.article.compose import EntrySource, compose
from feedarchive.article.front_matter import Revision, render
from feedarchive.builds.build_day import build_day
from feedarchive.digest.digest import make_digest
from feedarchive.document.model import Entry, Text
from feedarchive.pages.edits_page import edits_page
from feedarchive.pages.page_names import links_of, site_pages
from feedarchive.store.folder import FolderStore
from tests.browser.archives import DAY, FOLDER, PAGES
from tests.browser.chromium import Watched
from tests.browser.hostile import TEXTS, hostile_entries
from tests.harness.clock import CHRISTMAS
from tests.hostile.snippets import DIALECTS, SNIPPETS
from tests.unit.digest.entries import revision


def test_a_revision_marks_exactly_the_words_that_changed(watched: Watched, day_page: Path) -> None:
    page = watched.open(day_page.with_name("example.org.html"))
    article = page.get_by_role("article", name="The old bridge is to be rebuilt by spring")
    changed = article.last.get_by_role("region", name="What changed")
    visible = "[...e.querySelectorAll('ins, del')].map(m => [m.localName, m.childNodes[1].textContent])"
    assert changed.evaluate(f"e => {visible}") == [
        ["del", "Tuesday"], ["ins", "Wednesday"], ["ins", "two of"],
    ]  # fmt: skip
    assert "3 words added, 1 removed" in changed.inner_text()
    # A screen reader reads "added" or "removed". On the screen, lines show it, so that color is not needed.
    assert "[removed: Tuesday] [added: Wednesday]" in changed.evaluate("e => e.textContent").replace("  ", " ")
    lines = "e => getComputedStyle(e).textDecorationLine"
    assert changed.locator("del").evaluate(lines) == "line-through"
    assert changed.locator("ins").first.evaluate(lines) == "underline"


def test_all_edits_of_a_day_are_on_one_page_with_old_and_new_titles(watched: Watched, day_page: Path) -> None:
    page = watched.open(day_page)
    watched.follow(page.get_by_role("link", name="All edits of this day"))
    headings = page.locator("h2").all_text_contents()
    assert headings == [
        "Ferry to stop at New Year", "Bread is dear", "The old bridge is to be rebuilt by spring",
    ]  # fmt: skip
    bread = page.get_by_role("region", name="Bread is dear")
    assert bread.locator("li").count() == 2
    sides = [side.evaluate("e => e.textContent") for side in bread.locator("dd").all()]
    spoken = [side.replace("[added: ", "+").replace("[removed: ", "-").replace("] ", "|") for side in sides]
    assert spoken == ["Flour is dear", "Flour is dear+, and bread too|", "-Flour| is dear-, and bread too|",
                      "+Bread| is dear"]  # fmt: skip
    tops = [box["y"] for side in bread.locator("dd").all() if (box := side.bounding_box())]
    assert tops[0] == tops[1]
    watched.follow(bread.get_by_role("link", name="revision 3"))
    assert page.locator("article:target h2").inner_text() == "Bread is dear"


def test_hostile_texts_stay_text_where_a_revision_marks_them(watched: Watched, tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    for number, snippet in enumerate([*SNIPPETS.values(), *DIALECTS.values(), *TEXTS]):
        article_id, first = f"{number:012x}{0:020x}", f"{FOLDER}/example.org/a-{number:012x}.md"
        for version, body in ((1, snippet), (2, f"<p>{html.escape(snippet)}</p><p>More.</p>")):
            article = compose(Entry(contents=(Text(body, html=True),)), snippet, "", EntrySource(""), article_id)
            revision = Revision(version, first) if version > 1 else None
            key = first.replace(".md", ".r2.md") if revision else first
            store.create(key, render(article, CHRISTMAS, revision))
    assert build_day(store, DAY, "UTC")
    for path in sorted((tmp_path / PAGES).glob("example.org*.html")):
        page = watched.open(path)
        page.evaluate(
            "document.querySelectorAll('.changed *').forEach(e => ['mouseover', 'focus', 'error']"
            ".forEach(name => e.dispatchEvent(new Event(name))))"
        )
        assert page.evaluate("window.ran") is None
        assert (watched.dialogs, watched.errors) == ([], [])
        names = page.evaluate("[...new Set([...document.querySelectorAll('.changed *')].map(e => e.localName))].sort()")
        assert set(names) <= {"h3", "p", "a", "ins", "del", "span", "bdi"}
    assert page.locator(".changed").count() > 0


def test_hostile_titles_stay_text(watched: Watched, tmp_path: Path) -> None:
    hostile = [entry for entry in hostile_entries() if entry.is_revision]
    path = tmp_path / PAGES / "edits.html"
    path.parent.mkdir(parents=True)
    entries = [*hostile, *(revision(text[:200]) for text in TEXTS)]
    unique = {entry.key: entry for entry in entries}
    digest = make_digest(DAY, "UTC", [*unique.values()])
    path.write_bytes(edits_page(digest, links_of(site_pages(digest))))
    page = watched.open(path)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    watched.assert_harmless(path)
