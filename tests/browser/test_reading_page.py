"""The page with the articles of a site and day, in Chromium: safe, accessible, readable, and it loads only images."""

from __future__ import annotations

import html
from pathlib import Path

import pytest

from feedarchive.article.compose import EntrySource, compose
from feedarchive.article.front_matter import render
from feedarchive.builds.build_day import build_day
from feedarchive.document.model import Entry, Text
from feedarchive.pages.render_body import render_body
from feedarchive.store.folder import FolderStore
from tests.browser.archives import DAY, FOLDER, PAGES
from tests.browser.chromium import DESKTOP, PHONE, Watched, findings_on_phone_and_desktop
from tests.browser.hostile import LINKS, TEXTS
from tests.harness.clock import CHRISTMAS, Clock
from tests.harness.full_texts import complete
from tests.hostile.snippets import DIALECTS, SNIPPETS

SITE = "example.org"
_RICH = """
<h1>A heading</h1><p>Words with <em>emphasis</em>, <strong>weight</strong>, <code>code</code>, <a href="/elsewhere">a
link</a> and a <del>mistake</del>.</p><blockquote><p>Somebody said so.</p></blockquote><ul><li>one</li><li>two</li></ul>
<pre><code>for each in everything:
    print(each, "a line that is longer than the screen of a phone, and then some more of it")</code></pre>
<table><tr><th>city</th><th>January</th><th>February</th><th>March</th><th>April</th><th>May</th></tr>
<tr><td>Llanfairpwllgwyngyll</td><td>1,234.5</td><td>2,345.6</td><td>3,456.7</td><td>4,567.8</td><td>5,678.9</td></tr>
</table>
<p><a href="https://example.org/big"><img src="https://example.org/picture.jpg" width="1600" height="900" alt="">
</a></p>
<p>https://example.org/an/address/that/is/much/longer/than/the/screen/of/a/phone/can/possibly/be/without/a/break</p>
"""


def write(root: Path, bodies: list[tuple[str, str]], html_body: bool = False, link: str = "") -> Path:
    """Archive articles with these titles and bodies, and full texts with the same bodies, and build the day.

    Returns the page.
    """
    store = FolderStore(root)
    for number, (title, body) in enumerate(bodies):
        article_id = f"{number:012x}{0:020x}"
        entry = Entry(contents=(Text(body, html=True),), authors=(title,), language="en")
        source = EntrySource("https://example.org/feed.xml", title=title or "The Example", html_body=html_body)
        article = compose(entry, title, link or f"https://example.org/{number}", source, article_id)
        version = f"{FOLDER}/{SITE}/article-{article_id[:12]}.md"
        store.create(version, render(article, CHRISTMAS))
        complete(store, Clock(), version, article.body)
    assert build_day(store, DAY, "UTC")
    return root / PAGES / f"{SITE}.html"


@pytest.fixture(scope="module")
def rich_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("rich"), [("An article with everything", _RICH), ("Another", "<p>Short.</p>")])


def test_it_is_readable_and_accessible(watched: Watched, rich_page: Path) -> None:
    page = watched.open(rich_page)
    for size in (PHONE, DESKTOP):
        watched.show(size)
        assert page.locator(".text p:not(.soft)").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 16
        assert page.evaluate("document.querySelector('main').getBoundingClientRect().width") <= 760
    assert findings_on_phone_and_desktop(watched) == []
    levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(e => Number(e.localName[1]))")
    assert levels == [1, 2, 3, 3, 2]


def test_it_loads_images_without_a_referrer_and_nothing_else(watched: Watched, rich_page: Path) -> None:
    page = watched.open(rich_page)
    page.locator("img").first.scroll_into_view_if_needed()
    page.wait_for_function("document.images[0].complete")
    assert set(watched.requests) == {rich_page.as_uri(), "https://example.org/picture.jpg"}
    image = page.locator("img").first
    assert (image.get_attribute("loading"), image.get_attribute("referrerpolicy")) == ("lazy", "no-referrer")
    assert watched.violations() == []


def test_it_names_its_sources_and_steps_to_the_next_article(watched: Watched, rich_page: Path) -> None:
    page = watched.open(rich_page)
    first = page.get_by_role("article", name="An article with everything")
    assert first.get_by_role("link", name="Read at example.org").get_attribute("href") == "https://example.org/0"
    file = rich_page.parent / str(first.get_by_role("link", name="Markdown file").last.get_attribute("href"))
    assert file.resolve().read_bytes().startswith(b"---\ntitle:")
    first.get_by_text("Cite").click()
    cited = first.locator(".cite p").inner_text()
    for part in ("An article with everything", "https://example.org/0", "Archived 2025-12-25T10:00:00Z", "sha256:"):
        assert part in cited
    page.get_by_role("link", name="Another").last.click()
    assert page.locator("article:target h2").inner_text() == "Another"


def test_it_says_that_a_text_is_the_full_one_and_has_what_the_feed_said(watched: Watched, rich_page: Path) -> None:
    page = watched.open(rich_page)
    article = page.get_by_role("article", name="Another")
    assert article.get_by_text("Full text from example.org · 1 word · archived").is_visible()
    assert article.get_by_text("Short.").nth(0).is_visible()
    assert not article.get_by_text("Short.").nth(1).is_visible()
    article.get_by_text("What the feed said (1 word)").click()
    assert article.get_by_text("Short.").nth(1).is_visible()
    file = rich_page.parent / str(article.get_by_role("link", name="Markdown file").first.get_attribute("href"))
    assert b"\nextractor: " in file.resolve().read_bytes()


def test_a_full_text_in_hebrew_is_right_to_left_on_an_english_page(watched: Watched, tmp_path: Path) -> None:
    page = watched.open(write(tmp_path, [("One", "<p>שלום עולם</p>"), ("Two", "<p>Hello</p>")]))
    directions = page.evaluate("[...document.querySelectorAll('.text')].map(e => getComputedStyle(e).direction)")
    assert directions == ["rtl", "ltr"]


def test_it_prints_without_navigation(watched: Watched, rich_page: Path) -> None:
    page = watched.open(rich_page)
    page.emulate_media(media="print")
    assert page.locator("nav:visible").count() == 0
    assert page.get_by_role("article", name="Another").is_visible()


def _snippets() -> list[tuple[str, str]]:
    return [(name, snippet) for name, snippet in {**SNIPPETS, **DIALECTS}.items()] + [(text, text) for text in TEXTS]


@pytest.mark.parametrize("html_body", [False, True], ids=["markdown", "html"])
def test_hostile_bodies_and_titles_do_nothing(watched: Watched, tmp_path: Path, html_body: bool) -> None:
    plain = [(text, html.escape(text)) for _, text in _snippets()]
    first = write(tmp_path, [*_snippets(), *plain], html_body)
    articles = 0
    for path in sorted(first.parent.glob(f"{SITE}*.html")):
        watched.requests.clear()
        page = watched.open(path)
        articles += page.locator("article").count()
        _assert_harmless(watched, path)
    assert articles == len(_snippets()) * 2


def _assert_harmless(watched: Watched, path: Path) -> None:
    page = watched.page
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    page.evaluate(
        "document.querySelectorAll('body *').forEach(e => ['mouseover', 'focus', 'pointerenter', 'toggle', 'error']"
        ".forEach(name => e.dispatchEvent(new Event(name))))"
    )
    assert page.evaluate("window.ran") is None
    assert (watched.dialogs, watched.errors) == ([], [])
    assert page.locator("script, iframe, object, embed, form, input, button, body style, link, base").count() == 0
    names = "[...new Set([...document.querySelectorAll('body *')].flatMap(e => e.getAttributeNames()))]"
    attributes = page.evaluate(names)
    assert not {"style", "srcset", "action", "formaction"} & set(attributes)
    assert not [name for name in attributes if name.startswith("on")]
    schemes = page.evaluate("[...new Set([...document.links].map(a => a.protocol))]")
    assert set(schemes) <= {"file:", "http:", "https:", "mailto:", "tel:", "magnet:", "geo:", "xmpp:", "irc:"}
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    allowed = page.evaluate("[...document.images].map(i => i.src)")
    assert set(watched.requests) <= {path.as_uri(), *allowed}


@pytest.mark.parametrize("link", LINKS)
def test_markdown_and_html_bodies_have_only_web_links(link: str) -> None:
    for body in (f"[a]({link})", f"[a](<{link}>)", f'<p><a href="{html.escape(link)}">a</a></p>', f"![a](<{link}>)"):
        rendered = render_body(body, images=True)
        for dangerous in ("javascript:", "data:", "vbscript:", "file:", "blob:"):
            assert f'href="{dangerous}' not in rendered.lower()
            assert f'src="{dangerous}' not in rendered.lower()


def test_the_page_of_a_revision_has_its_own_place(day_page: Path) -> None:
    page = day_page.with_name("example.org.html").read_text(encoding="utf-8")
    assert page.count('-r2" aria-labelledby') == 3
